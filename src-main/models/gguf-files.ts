import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type GgufFile = { readonly path: string; readonly bytes: number }

/** Where LM Studio keeps its models, in its newer and its older versions. */
export const lmStudioFolders = (home: string = homedir()): readonly string[] => [
  join(home, '.lmstudio', 'models'),
  join(home, '.cache', 'lm-studio', 'models'),
]

/** Vision projectors and adapters are GGUF files but no models; of a model in parts the first stands for all. */
const isModel = (name: string): boolean =>
  name.toLowerCase().endsWith('.gguf') && !/mmproj/i.test(name) && !/-0000[2-9]-of-\d+|-000[1-9]\d-of-\d+/.test(name)

/** GGUF files below a folder; none where the folder does not exist. */
export const ggufFiles = async (folder: string): Promise<readonly GgufFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries
    .filter((entry) => !entry.isDirectory() && isModel(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    paths.map(async (path) => {
      const status = await stat(path).catch(() => null)
      return status?.isFile() === true ? { path, bytes: status.size } : null
    }),
  )
  return found.filter((file) => file !== null).sort((a, b) => (a.path < b.path ? -1 : 1))
}
