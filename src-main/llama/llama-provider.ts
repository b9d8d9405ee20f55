import { randomInt } from 'node:crypto'
import { basename } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelResponse } from '../../src-core/domain/execution.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { AbortSignal } from '../../src-core/ports/clock.ts'
import type { StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import {
  type CallOptions,
  type CompletionRequest,
  type Provider,
  ProviderFailure,
} from '../../src-core/ports/provider.ts'
import { fileDigest } from '../models/digest.ts'
import { discoverModels } from '../models/discover.ts'
import { readGguf } from '../models/gguf.ts'
import { resolveModelPath } from '../models/resolve.ts'
import { startLlamaChild } from './llama-child.ts'
import { type LlamaOptions, llamaOptions } from './llama-options.ts'
import type { GenerationRequest, GrammarChoice, LoadedModel, LoadOptions } from './protocol.ts'
import { createResidency, type Lease } from './residency.ts'

export type LlamaProvider = Provider & {
  /** As `prepare`, and tells what was loaded: for the probe. */
  load(model: ModelReference, options: CallOptions): Promise<LoadedModel>
}

type Dependencies = {
  readonly startIsolatedProcess: StartIsolatedProcess
  readonly modelsFolder: string
}

/**
 * Provider `llamacpp`: a GGUF file in a process of its own. Calls made at the same time are decoded in one batch, and
 * each affinity (a prompt variant) keeps its beginning in the KV cache of a context sequence.
 * Without a temperature it is greedy (0); without a seed each call draws one, unless the model is `deterministic`.
 */
export const createLlamaProvider = ({ startIsolatedProcess, modelsFolder }: Dependencies): LlamaProvider => {
  const residency = createResidency()

  const loadOptionsOf = async (model: ModelReference, options: LlamaOptions): Promise<LoadOptions> => ({
    path: await resolveModelPath(model.model, modelsFolder),
    contextLength: options.contextLength ?? null,
    threads: options.threads ?? null,
    gpu: options.gpu ?? true,
  })

  const lease = async (model: ModelReference, options: LlamaOptions, signal: AbortSignal): Promise<Lease> => {
    const load = await loadOptionsOf(model, options)
    return residency.acquire(JSON.stringify(load), () => startLlamaChild(startIsolatedProcess, load), signal)
  }

  const load = (model: ModelReference, { signal }: CallOptions): Promise<LoadedModel> =>
    asFailure(signal, async () => {
      const held = await lease(model, optionsOf(model), signal)
      held.release()
      return held.child.model
    })

  return {
    id: 'llamacpp',
    complete: (request, options) =>
      asFailure(options.signal, async () => {
        const { model } = request
        const own = optionsOf(model)
        const held = await lease(model, own, options.signal)
        return generate(held, request, own, options)
      }),
    load,
    prepare: async (model, options) => void (await load(model, options)),
    release: async (model) => residency.release(JSON.stringify(await loadOptionsOf(model, optionsOf(model)))),
    identify: (model, { signal }) =>
      asFailure(signal, async () => {
        const own = optionsOf(model)
        const path = await resolveModelPath(model.model, modelsFolder)
        const [digest, facts] = await Promise.all([fileDigest(path, { folder: modelsFolder, signal }), readGguf(path)])
        const trained = facts?.contextLength ?? null
        const asked = own.contextLength ?? null
        return {
          digest,
          contextLength: trained === null || asked === null ? (trained ?? asked) : Math.min(trained, asked),
          simulated: false,
        }
      }),
    available: async () => {
      const loaded = residency.resident()?.key ?? null
      const models = await discoverModels({ folder: modelsFolder })
      return models.map((model) => ({ ...model, loaded: loaded?.includes(JSON.stringify(model.path)) ?? false }))
    },
    dispose: async () => residency.dispose(),
  }
}

const optionsOf = (model: ModelReference): LlamaOptions => {
  const parsed = llamaOptions.safeParse(model.options)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new ProviderFailure('bad-request', `The options of model "${model.id}" are wrong: ${problems}.`)
}

const generate = async (
  held: Lease,
  request: CompletionRequest,
  own: LlamaOptions,
  { signal, onFirstToken }: CallOptions,
): Promise<ModelResponse> => {
  const call = held.child.generate(toGeneration(request, own), () => {
    if (!signal.aborted) onFirstToken?.()
  })
  // The lease lasts until the sequence is free, the caller's patience need not.
  const free = () => held.release()
  call.result.then(free, free)
  const { totalMs } = request.model.timeouts
  const answer = await withinTime(call.result, { signal, totalMs, stop: call.cancel })
  return { ...answer, servedModel: basename(request.model.model) }
}

/** Cancels the call when the signal is aborted or its time is over, and says which at once. */
const withinTime = async <T>(
  work: Promise<T>,
  { signal, totalMs, stop }: { signal: AbortSignal; totalMs: number; stop: () => void },
): Promise<T> => {
  let end: (error: unknown) => void = () => undefined
  const interrupted = new Promise<never>((_, reject) => {
    end = (error) => {
      stop()
      reject(error)
    }
  })
  const onAbort = () => end(cancelled(signal))
  const timer = setTimeout(() => end(new ProviderFailure('timeout', `No answer within ${totalMs} ms.`)), totalMs)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, interrupted])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

const toGeneration = (
  { model, messages, affinity, repetition }: CompletionRequest,
  own: LlamaOptions,
): GenerationRequest => {
  const { temperature, topP, seed, maxTokens, stop, responseFormat } = model.parameters
  const grammar: GrammarChoice | null =
    own.labels !== undefined
      ? { kind: 'labels', labels: own.labels }
      : responseFormat === null
        ? null
        : { kind: 'json', schema: responseFormat === 'json' ? null : responseFormat }
  return {
    messages,
    affinity,
    temperature: temperature ?? 0,
    topP,
    seed: seedFor(seed ?? (model.deterministic ? 0 : randomInt(2 ** 32)), repetition),
    maxTokens,
    stop,
    grammar,
    deterministic: model.deterministic,
    exclusive: model.exclusive,
  }
}

/** The seed itself for the first repetition; others are spread by the golden ratio, so that no repetition copies another. */
const seedFor = (seed: number, repetition: number): number => (seed + Math.imul(repetition - 1, 0x9e3779b1)) >>> 0

const cancelled = (signal: AbortSignal): ProviderFailure =>
  new ProviderFailure('cancelled', 'The call was cancelled.', { cause: signal.reason })

/** A provider rejects with ProviderFailure and nothing else. */
const asFailure = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProviderFailure) throw error
    if (signal.aborted) throw cancelled(signal)
    if (error instanceof LabError) throw new ProviderFailure('bad-request', error.message, { cause: error })
    const why = error instanceof Error ? error.message : String(error)
    throw new ProviderFailure('crashed', `The local model failed: ${why}`, { cause: error })
  }
}
