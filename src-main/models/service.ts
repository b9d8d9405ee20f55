import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import { defaultTimeouts, type ModelReference } from '../../src-core/domain/model.ts'
import type { AbortSignal as CoreSignal } from '../../src-core/ports/clock.ts'
import { type AvailableModel, ProviderFailure } from '../../src-core/ports/provider.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import { type CatalogueEntry, catalogue } from './catalogue.ts'
import { modelsFolder } from './folder.ts'
import { jsonCache } from './json-cache.ts'
import { type ModelSpeed, probeModel } from './probe.ts'
import { type PullOptions, pullModel } from './pull.ts'
import { type RemovedModel, removeModel } from './remove.ts'

/** One model of `models list` and `models probe`; speeds are null until it was probed on this machine. */
export type ListedModel = AvailableModel & { readonly [Speed in keyof ModelSpeed]: number | null }

export type ListedEntry = CatalogueEntry & { readonly here: boolean }

export type ModelsService = {
  /** Models on this machine (files, and what a running Ollama has), and the catalogue. */
  list(): Promise<{ readonly models: readonly ListedModel[]; readonly catalogue: readonly ListedEntry[] }>
  /** A listed id, or anything that a lab file may call a llamacpp model. Rejects with LabError. */
  probe(id: string, options?: { readonly signal?: CoreSignal }): Promise<ListedModel>
  pull(id: string, options?: Omit<PullOptions, 'dir'>): Promise<ListedModel>
  remove(id: string): Promise<RemovedModel>
}

type Dependencies = {
  readonly providers: Pick<ProviderRegistry, 'get'>
  readonly folder?: string
}

const unknownSpeed = { loadMs: null, firstTokenMs: null, promptTokensPerSecond: null, tokensPerSecond: null }

const isSpeed = (value: unknown): value is ModelSpeed =>
  typeof value === 'object' && value !== null && 'loadMs' in value

/** Providers whose models are on this machine. */
const localProviders = ['llamacpp', 'ollama'] as const

export const createModelsService = ({ providers, folder = modelsFolder() }: Dependencies): ModelsService => {
  const speeds = jsonCache(join(folder, '.speeds.json'), isSpeed)
  const speedKey = (model: AvailableModel) => `${model.provider}:${model.path ?? model.model}:${model.bytes}`

  const withSpeed = async (model: AvailableModel): Promise<ListedModel> => ({
    ...model,
    ...unknownSpeed,
    ...(await speeds.get(speedKey(model))),
  })

  const available = async (): Promise<readonly AvailableModel[]> => {
    const signal = new AbortController().signal
    const lists = await Promise.all(
      localProviders.map(async (id) => (await providers.get(id)).available?.({ signal }) ?? []).map(orNone),
    )
    return lists.flat()
  }

  const find = async (id: string): Promise<AvailableModel> => {
    const models = await available()
    const found =
      models.find((model) => model.id === id) ?? models.find((model) => model.model === id || model.path === id)
    return found ?? asFile(id)
  }

  return {
    list: async () => {
      const entries = catalogue().map(async (entry) => {
        const found = await stat(join(folder, entry.file)).catch(() => null)
        return { ...entry, here: found?.size === entry.bytes }
      })
      return { models: await Promise.all((await available()).map(withSpeed)), catalogue: await Promise.all(entries) }
    },
    probe: async (id, { signal = new AbortController().signal } = {}) => {
      const model = await find(id)
      const provider = await providers.get(model.provider)
      try {
        const reference = referenceTo(model)
        const speed = await probeModel(provider, reference, { signal })
        const { digest, contextLength } = await provider.identify(reference, { signal })
        const known = { ...model, digest: model.digest ?? digest, contextLength: model.contextLength ?? contextLength }
        await speeds.set(speedKey(known), speed)
        return { ...known, loaded: true, ...speed }
      } catch (error) {
        throw error instanceof ProviderFailure ? asLabError(error, id) : error
      }
    },
    pull: async (id, options = {}) => {
      const path = await pullModel(id, { ...options, dir: folder })
      const found = (await available()).find((model) => model.path === path)
      if (found === undefined)
        throw new LabError('download', `The file ${path} is not a model that this version can read.`)
      return withSpeed(found)
    },
    remove: (id) => removeModel(id, folder),
  }
}

/** A server that is not running has no models; that is no error of a list. */
const orNone = async (models: Promise<readonly AvailableModel[]>): Promise<readonly AvailableModel[]> => {
  try {
    return await models
  } catch (error) {
    if (error instanceof ProviderFailure || error instanceof LabError) return []
    throw error
  }
}

const asFile = (id: string): AvailableModel => ({
  id,
  provider: 'llamacpp',
  model: id,
  path: null,
  bytes: null,
  quantization: null,
  license: null,
  digest: null,
  contextLength: null,
  loaded: null,
})

const referenceTo = ({ id, provider, model }: AvailableModel): ModelReference => ({
  id,
  provider,
  model,
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: null, stop: [], responseFormat: null },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: true,
  timeouts: defaultTimeouts,
  options: {},
})

const asLabError = (failure: ProviderFailure, id: string): LabError =>
  failure.cause instanceof LabError
    ? failure.cause
    : new LabError('model-unavailable', `The model "${id}" could not be measured: ${failure.message}`, {
        cause: failure,
      })
