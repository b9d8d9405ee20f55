import type { FailureCode, ModelResponse } from '../domain/execution.ts'
import type { ModelReference } from '../domain/model.ts'
import type { Message } from '../domain/prompt.ts'
import type { AbortSignal } from './clock.ts'

export type CompletionRequest = {
  readonly model: ModelReference
  readonly messages: readonly Message[]
  /** 1, 2, ...; a provider that is deterministic by seed may mix it in. */
  readonly repetition: number
  /** Requests of one affinity share a long beginning (a variant's instruction and demonstrations): a cache may hold it. */
  readonly affinity: string | null
  /** Told to the simulated provider only, which has no model to know it; null for every other. */
  readonly simulation: Simulation | null
}

/** What a simulated answer depends on. */
export type Simulation = {
  /** The variant's template, its messages joined by a line end, before rendering. */
  readonly template: string
  /** Id of the test case. */
  readonly case: string
  /** The first accepted answer as text; null where nothing is expected. */
  readonly expected: string | null
}

export type CallOptions = {
  readonly signal: AbortSignal
  /** Called once when the first token arrives, where the provider streams. */
  readonly onFirstToken?: () => void
}

/** What is known of a model before a call: part of the cache key and of the report's reproduction block. */
export type ModelIdentity = {
  /** SHA-256 or the server's own digest; null where the server tells none. */
  readonly digest: string | null
  readonly contextLength: number | null
  readonly simulated: boolean
}

export type AvailableModel = {
  readonly id: string
  readonly provider: string
  readonly model: string
  readonly path: string | null
  readonly bytes: number | null
  readonly quantization: string | null
  readonly license: string | null
  readonly digest: string | null
  readonly contextLength: number | null
  readonly loaded: boolean | null
}

/**
 * A connection to one kind of model server. Contract (src-main/providers/provider.contract.ts):
 * - `complete` resolves with an answer or rejects with ProviderFailure, never with anything else;
 * - it sends exactly one request: retries, limits and fallbacks belong to the scheduler;
 * - an aborted signal closes the connection within a second and rejects with code 'cancelled';
 * - a stream that ends without its end mark is 'cut-stream', an answer of length zero with a normal end is an answer;
 * - tokens and durations come from the server's counters where it has them; time to load a model is not latency;
 * - redirects are not followed, and a key is sent to no other origin than the one configured.
 */
export type Provider = {
  readonly id: string
  complete(request: CompletionRequest, options: CallOptions): Promise<ModelResponse>
  /** One vector per text. Absent where the provider has no embeddings. */
  embed?(model: ModelReference, texts: readonly string[], options: CallOptions): Promise<readonly (readonly number[])[]>
  /** Makes the model ready (loads it, warms it up) so that loading is never counted as latency. Idempotent. */
  prepare?(model: ModelReference, options: CallOptions): Promise<void>
  /** Frees the memory of a resident model. */
  release?(model: ModelReference): Promise<void>
  identify(model: ModelReference, options: CallOptions): Promise<ModelIdentity>
  /** Models that the server or this machine has. */
  available?(options: CallOptions): Promise<readonly AvailableModel[]>
  dispose(): Promise<void>
}

/** Why one attempt failed, and what a scheduler may do about it. */
export class ProviderFailure extends Error {
  readonly code: FailureCode
  readonly httpStatus: number | null
  /** The server's Retry-After in milliseconds from now, in full; null where it sent none. */
  readonly retryAfterMs: number | null
  /** Tokens the server says it billed although the answer is unusable. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null

  constructor(
    code: FailureCode,
    message: string,
    details: {
      httpStatus?: number | null
      retryAfterMs?: number | null
      inputTokens?: number | null
      outputTokens?: number | null
      cause?: unknown
    } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.name = 'ProviderFailure'
    this.code = code
    this.httpStatus = details.httpStatus ?? null
    this.retryAfterMs = details.retryAfterMs ?? null
    this.inputTokens = details.inputTokens ?? null
    this.outputTokens = details.outputTokens ?? null
  }
}

/** Worth another attempt: the request may succeed if it is sent again. Retrying another 4xx would be a bug. */
export const isRetryable = (failure: ProviderFailure): boolean =>
  failure.code === 'timeout' ||
  failure.code === 'network' ||
  failure.code === 'server' ||
  failure.code === 'rate-limited' ||
  failure.code === 'bad-response' ||
  failure.code === 'cut-stream' ||
  failure.code === 'crashed'
