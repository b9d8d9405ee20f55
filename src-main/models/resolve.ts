import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import { type CatalogueEntry, catalogue, findInCatalogue } from './catalogue.ts'
import { ggufFiles, lmStudioFolders } from './gguf-files.ts'
import { ollamaFolder, ollamaModels } from './ollama-store.ts'

/**
 * The file of what a lab calls a llamacpp model: a path, a catalogue id, `ollama:NAME`, or the name of a file in our
 * own folder. Rejects with LabError 'model-unavailable', with a sentence that says how to get it.
 */
export const resolveModelPath = async (model: string, folder: string): Promise<string> => {
  if (model.startsWith('ollama:')) return inOllama(model.slice('ollama:'.length))
  const entry = findInCatalogue(model)
  if (entry !== null) return inCatalogue(entry, folder)
  const path = await firstFile(candidates(model, folder))
  if (path !== null) return path
  if (looksLikePath(model)) throw unavailable(`There is no model file at ${expand(model)}.`)
  const known = catalogue().map((each) => each.id)
  throw unavailable(
    `There is no model "${model}" here. Give the path of a GGUF file, \`ollama:NAME\`, or one of the catalogue (${known.join(', ')}).`,
  )
}

const inCatalogue = async (entry: CatalogueEntry, folder: string): Promise<string> => {
  const own = join(folder, entry.file)
  const elsewhere = (await Promise.all(lmStudioFolders().map(ggufFiles)))
    .flat()
    .filter((file) => basename(file.path) === entry.file)
  for (const path of [own, ...elsewhere.map((file) => file.path)]) {
    if ((await sizeOf(path)) === entry.bytes) return path
  }
  throw unavailable(`The model "${entry.id}" is not here: get it with \`promptlab models pull ${entry.id}\`.`)
}

const inOllama = async (name: string): Promise<string> => {
  const wanted = name.includes(':') ? name : `${name}:latest`
  const models = await ollamaModels(ollamaFolder())
  const found = models.find((each) => each.name === wanted)
  if (found !== undefined) return found.path
  const here = models.length === 0 ? '' : ` It has: ${models.map((each) => each.name).join(', ')}.`
  throw unavailable(`Ollama has no model "${wanted}" on this machine: get it with \`ollama pull ${name}\`.${here}`)
}

const looksLikePath = (model: string): boolean => /[\\/]/.test(model) || model.endsWith('.gguf')

const expand = (model: string): string => (model.startsWith('~/') ? join(homedir(), model.slice(2)) : resolve(model))

const candidates = (model: string, folder: string): readonly string[] => {
  if (isAbsolute(model) || model.startsWith('~/')) return [expand(model)]
  const name = model.endsWith('.gguf') ? model : `${model}.gguf`
  // A bare name that happens to be a file of the working folder is meant only when it says that it is a GGUF file.
  return [...(looksLikePath(model) ? [resolve(model)] : []), join(folder, name)]
}

const firstFile = async (paths: readonly string[]): Promise<string | null> => {
  for (const path of paths) if ((await sizeOf(path)) !== null) return path
  return null
}

const sizeOf = async (path: string): Promise<number | null> => {
  const found = await stat(path).catch(() => null)
  return found?.isFile() === true ? found.size : null
}

const unavailable = (message: string): LabError => new LabError('model-unavailable', message)
