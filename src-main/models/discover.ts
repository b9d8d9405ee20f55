import { basename } from 'node:path'
import type { AvailableModel } from '../../src-core/ports/provider.ts'
import { catalogue } from './catalogue.ts'
import { fileDigest, knownDigest } from './digest.ts'
import { readGguf } from './gguf.ts'
import { type GgufFile, ggufFiles, lmStudioFolders } from './gguf-files.ts'
import { ollamaFolder, ollamaModels } from './ollama-store.ts'

export type DiscoverOptions = {
  /** Our own folder. */
  readonly folder: string
  readonly lmStudio?: readonly string[]
  readonly ollama?: string
}

/**
 * GGUF models that are on this machine: in our own folder, LM Studio's and Ollama's. `model` is what a lab file may say.
 * Nothing is loaded and no server asked; a digest is given where it is known without hashing.
 */
export const discoverModels = async ({
  folder,
  lmStudio = lmStudioFolders(),
  ollama = ollamaFolder(),
}: DiscoverOptions): Promise<readonly AvailableModel[]> => {
  const [own, foreign, ollamas] = await Promise.all([
    ggufFiles(folder),
    Promise.all(lmStudio.map(ggufFiles)),
    ollamaModels(ollama),
  ])
  const described = await Promise.all([
    ...own.map((file) => describe(file, nameOf(file), folder)),
    ...foreign.flat().map((file) => describe(file, nameOf(file) ?? file.path, folder)),
    ...ollamas.map((file) => describe(file, `ollama:${file.name}`, folder)),
  ])
  return described.filter((model) => model !== null)
}

/** The catalogue's id where name and size are the catalogue's. */
const nameOf = ({ path, bytes }: GgufFile): string | null =>
  catalogue().find((entry) => entry.file === basename(path) && entry.bytes === bytes)?.id ?? null

const describe = async (file: GgufFile, name: string | null, folder: string): Promise<AvailableModel | null> => {
  const entry = catalogue().find((each) => each.id === name) ?? null
  const facts = await readGguf(file.path).catch(() => null)
  if (facts === null) return null
  const digest =
    name?.startsWith('ollama:') === true
      ? await fileDigest(file.path, { folder })
      : await knownDigest(file.path, folder)
  const model = name ?? basename(file.path)
  return {
    id: model,
    provider: 'llamacpp',
    model,
    path: file.path,
    bytes: file.bytes,
    quantization: entry?.quantization ?? facts.quantization,
    license: entry?.license ?? facts.license,
    digest,
    contextLength: entry?.contextLength ?? facts.contextLength,
    loaded: null,
  }
}
