import { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import {
  type AvailableModel,
  type CallOptions,
  type ModelIdentity,
  ProviderFailure,
} from '../../src-core/ports/provider.ts'
import { type AskOllama, loadOptions, type OllamaReady } from './ollama-client.ts'
import { isUnreachable } from './transport/network-failure.ts'

const details = z.object({ quantization_level: z.string().nullish() }).nullish().catch(null)
const tags = z.object({
  models: z.array(z.object({ name: z.string(), digest: z.string().nullish(), size: z.number().nullish(), details })),
})
const running = z.object({ models: z.array(z.object({ name: z.string(), context_length: z.number().nullish() })) })
const shown = z.object({
  model_info: z.record(z.string(), z.unknown()).nullish(),
  license: z.union([z.string(), z.array(z.string())]).nullish(),
})

/** Ollama's names have a tag; without one they mean ":latest". */
const sameName = (a: string, b: string): boolean => withTag(a) === withTag(b)
const withTag = (name: string): string => (/:[^/]*$/.test(name) ? name : `${name}:latest`)

const parsed = <T>(schema: z.ZodType<T>, value: unknown, at: OllamaReady): T => {
  const result = schema.safeParse(value)
  if (!result.success) throw new ProviderFailure('bad-response', `${at.where} does not answer as Ollama does.`)
  return result.data
}

const contextOf = (info: Readonly<Record<string, unknown>> | null | undefined): number | null => {
  const found = Object.entries(info ?? {}).find(([name]) => name.endsWith('.context_length'))
  return typeof found?.[1] === 'number' ? found[1] : null
}

/** Digest and context length. Throws ProviderFailure 404 for a model that the server does not have. */
export const showModel = async (ask: AskOllama, at: OllamaReady, options: CallOptions): Promise<ModelIdentity> => {
  const known = parsed(tags, await ask(at, options).list(), at).models.find((each) =>
    sameName(each.name, at.model.model),
  )
  if (known === undefined)
    throw new ProviderFailure('bad-request', `${at.where} does not have the model.`, { httpStatus: 404 })
  const info = parsed(shown, await ask(at, options).show({ model: at.model.model }), at)
  return {
    digest: known.digest ?? null,
    contextLength: at.options.contextLength ?? contextOf(info.model_info),
    simulated: false,
  }
}

export const knownModels = async (
  ask: AskOllama,
  at: OllamaReady,
  options: CallOptions,
): Promise<readonly AvailableModel[]> => {
  const { models } = parsed(tags, await ask(at, options).list(), at)
  const loaded = parsed(running, await ask(at, options).ps(), at).models
  return models.map((model) => ({
    id: `ollama/${model.name}`,
    provider: 'ollama',
    model: model.name,
    path: null,
    bytes: model.size ?? null,
    quantization: model.details?.quantization_level ?? null,
    license: null,
    digest: model.digest ?? null,
    contextLength: loaded.find((each) => sameName(each.name, model.name))?.context_length ?? null,
    loaded: loaded.some((each) => sameName(each.name, model.name)),
  }))
}

/** Which model of ours is in a server's memory: one at a time, so that two never push each other out between calls. */
export const createResidence = (ask: AskOllama) => {
  const resident = new Map<string, OllamaReady>()
  const place = (at: OllamaReady) => at.endpoint.origin + at.endpoint.prefix

  /** An empty prompt loads a model, or frees it with keep_alive 0 (docs/api.md, "Load a model", "Unload a model"). */
  const load = async (at: OllamaReady, keepAlive: string | number, options: CallOptions): Promise<void> => {
    await ask(at, options).generate({
      model: at.model.model,
      prompt: '',
      stream: false,
      keep_alive: keepAlive,
      options: loadOptions(at.options),
    })
  }
  const leave = async (at: OllamaReady): Promise<void> => {
    const here = resident.get(place(at))
    if (here !== undefined && sameName(here.model.model, at.model.model)) resident.delete(place(at))
    await load(at, 0, { signal: new AbortController().signal })
  }
  return {
    leave,
    enter: async (at: OllamaReady, options: CallOptions): Promise<void> => {
      const before = resident.get(place(at))
      if (before !== undefined && !sameName(before.model.model, at.model.model)) await leave(before)
      await load(at, at.options.keepAlive, options)
      resident.set(place(at), at)
    },
  }
}

/**
 * Turns the two troubles that everybody meets into sentences that say what to do. For a call they stay failures of that
 * call ('failure'); before a run they stop it ('error': LabError 'unreachable' or 'model-unavailable').
 */
export const inSentences = async <T>(
  model: ModelReference,
  as: 'failure' | 'error',
  step: () => Promise<T>,
): Promise<T> => {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof ProviderFailure)) {
      if (error instanceof LabError) throw error
      throw new ProviderFailure('bad-response', "Ollama's answer cannot be read.", { cause: error })
    }
    const advice = adviceFor(error, model)
    if (advice === null) throw error
    if (as === 'error') throw new LabError(advice.code, advice.sentence, { cause: error })
    throw new ProviderFailure(error.code, advice.sentence, { httpStatus: error.httpStatus, cause: error.cause })
  }
}

const adviceFor = (failure: ProviderFailure, model: ModelReference) => {
  const server = model.baseUrl ?? 'http://127.0.0.1:11434'
  if (isUnreachable(failure))
    return {
      code: 'unreachable' as const,
      sentence: `Ollama does not answer at ${server}: start it with \`ollama serve\`, or choose another provider (llamacpp runs a model file without a server).`,
    }
  if (failure.httpStatus === 404)
    return {
      code: 'model-unavailable' as const,
      sentence: `Ollama at ${server} does not have the model "${model.model}": get it with \`ollama pull ${model.model}\`, or choose one that \`ollama list\` shows.`,
    }
  return null
}
