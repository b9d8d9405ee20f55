import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, sep } from 'node:path'

export type OllamaModel = { readonly name: string; readonly path: string; readonly bytes: number }

type Environment = Readonly<Record<string, string | undefined>>

/** Where Ollama keeps its models: OLLAMA_MODELS, else its folder in the home folder. */
export const ollamaFolder = (environment: Environment = process.env): string => {
  const own = environment.OLLAMA_MODELS
  return own !== undefined && own !== '' ? own : join(homedir(), '.ollama', 'models')
}

/**
 * The models in Ollama's own store, without asking its server: each is a manifest
 * `manifests/<host>/<namespace>/<model>/<tag>` whose layer of media type `application/vnd.ollama.image.model` names a
 * GGUF file `blobs/sha256-...`. An unreadable manifest is passed over: the store belongs to another program.
 */
export const ollamaModels = async (folder: string): Promise<readonly OllamaModel[]> => {
  const manifests = join(folder, 'manifests')
  const entries = await readdir(manifests, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const models = await Promise.all(files.map((file) => readModel(folder, file, file.slice(manifests.length + 1))))
  return models.filter((model) => model !== null).sort((a, b) => (a.name < b.name ? -1 : 1))
}

const readModel = async (folder: string, file: string, place: string): Promise<OllamaModel | null> => {
  const [, namespace, model, tag] = place.split(sep)
  if (namespace === undefined || model === undefined || tag === undefined) return null
  const text = await readFile(file, 'utf8').catch(() => null)
  const digest = text === null ? null : modelDigest(text)
  if (digest === null) return null
  const path = join(folder, 'blobs', `sha256-${digest}`)
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  return { name: `${namespace === 'library' ? '' : `${namespace}/`}${model}:${tag}`, path, bytes: found.size }
}

const modelDigest = (manifest: string): string | null => {
  let content: unknown
  try {
    content = JSON.parse(manifest)
  } catch {
    return null
  }
  const layers = (content as { layers?: unknown } | null)?.layers
  if (!Array.isArray(layers)) return null
  for (const layer of layers as { mediaType?: unknown; digest?: unknown }[]) {
    if (layer.mediaType !== 'application/vnd.ollama.image.model' || typeof layer.digest !== 'string') continue
    return /^sha256:([0-9a-f]{64})$/.exec(layer.digest)?.[1] ?? null
  }
  return null
}
