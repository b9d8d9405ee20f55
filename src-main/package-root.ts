import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { LabError } from '../src-core/domain/errors.ts'

type Manifest = { readonly name: string; readonly version: string }

const readManifest = (folder: string): Manifest | null => {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return null
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof content !== 'object' || content === null) return null
  const { name, version } = content as Partial<Manifest>
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : null
}

/**
 * Walking up works from every place this code runs in: the sources, `dist/` of the published package, `out/` of the
 * desktop build. A fixed number of `..` would be right in only one of them.
 */
const findRoot = (): { readonly folder: string; readonly version: string } => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (true) {
    const manifest = readManifest(folder)
    if (manifest?.name === 'prompt-lab') return { folder, version: manifest.version }
    const parent = dirname(folder)
    if (parent === folder) {
      throw new LabError(
        'internal',
        'The folder of Prompt Lab (package.json named "prompt-lab") was not found. Install it again.',
      )
    }
    folder = parent
  }
}

let found: { readonly folder: string; readonly version: string } | null = null
const root = () => {
  found ??= findRoot()
  return found
}

/** Absolute path of the folder that holds this program's package.json. */
export const packageRoot = (): string => root().folder

/** Absolute path below `resources/`; the file need not exist. */
export const resourcePath = (...parts: readonly string[]): string => join(root().folder, 'resources', ...parts)

/** The version of package.json, as in every `--json` object. */
export const labVersion = (): string => root().version
