import type { Score } from './evaluator.ts'
import type { CellId, ExperimentId } from './ids.ts'
import type { Message } from './prompt.ts'

export const failureCodes = [
  'timeout', // connect, first token, idle or total
  'network', // refused, reset, DNS
  'server', // HTTP 5xx
  'rate-limited', // HTTP 429 after all attempts
  'refused', // credentials (401, 403)
  'bad-request', // other 4xx
  'bad-response', // not the protocol's JSON, or no answer in it
  'cut-stream', // the stream ended without its end mark
  'context-length', // the prompt does not fit the model's context
  'content-filter', // the provider withheld the answer
  'crashed', // the model's process died
  'cancelled',
  'not-cached', // `cache: only`, and the cache has no answer
  'render', // the template could not be rendered
  'evaluator', // the answer came but could not be scored
] as const
export type FailureCode = (typeof failureCodes)[number]

/** Why a call gave no answer. A failure scores 0 and stays in every denominator. */
export type Failure = { readonly code: FailureCode; readonly message: string }

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-call' | 'other'

/** What a provider answered. Unknown is null, never 0. */
export type ModelResponse = {
  readonly output: string
  readonly finishReason: FinishReason
  /** The model that answered by the server's own word (and digest where known). */
  readonly servedModel: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedInputTokens: number | null
  /** Milliseconds on a monotonic clock, without queueing and without loading the model. */
  readonly latencyMs: number
  readonly firstTokenMs: number | null
  /** Latency was shared with other calls decoded in the same batch. */
  readonly batched: boolean
}

/** A cell's outcome: one line of executions.jsonl. Field names are a contract (docs/json.md). */
export type Execution = {
  readonly experiment: ExperimentId
  readonly cell: CellId
  readonly variant: string
  readonly version: number
  readonly model: string
  readonly servedModel: string | null
  readonly case: string
  /** 1, 2, ... */
  readonly repetition: number
  readonly messages: readonly Message[]
  readonly output: string | null
  readonly finishReason: FinishReason | null
  readonly score: number
  readonly passed: boolean
  readonly scores: readonly Score[]
  readonly failure: Failure | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedInputTokens: number | null
  readonly costUsd: number | null
  readonly latencyMs: number | null
  readonly firstTokenMs: number | null
  readonly fromCache: boolean
  readonly attempts: number
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly traceId: string | null
  readonly userFeedback: number | null
}
