import type { FailureCode, FinishReason } from '../../src-core/domain/execution.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { Message } from '../../src-core/domain/prompt.ts'

/** Plain data between the provider and the process that holds the native code. */

export type LoadOptions = {
  readonly path: string
  /** Most tokens of prompt and answer; null: what the model was trained with. */
  readonly contextLength: number | null
  readonly threads: number | null
  readonly gpu: boolean
}

export type GrammarChoice =
  | { readonly kind: 'labels'; readonly labels: readonly string[] }
  | { readonly kind: 'json'; readonly schema: JsonValue | null }

export type GenerationRequest = {
  readonly messages: readonly Message[]
  readonly affinity: string | null
  readonly temperature: number
  readonly topP: number | null
  /** 0 .. 2^32 - 1. */
  readonly seed: number
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  readonly grammar: GrammarChoice | null
  readonly deterministic: boolean
  readonly exclusive: boolean
}

export type LoadedModel = {
  readonly loadMs: number
  readonly contextLength: number
  readonly sequences: number
  /** Decoding this many sequences at once beats decoding them one after another, as measured; null: never. */
  readonly batchFrom: number | null
  readonly gpu: string | null
}

export type GenerationResult = {
  readonly output: string
  readonly finishReason: FinishReason
  /** Tokens of the prompt, and how many of them lay in the KV cache already. */
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  /** Since the request got its sequence: no queueing, no loading. */
  readonly latencyMs: number
  readonly firstTokenMs: number | null
  readonly batched: boolean
}

export type ToProcess =
  | { readonly kind: 'load'; readonly id: number; readonly options: LoadOptions }
  | { readonly kind: 'generate'; readonly id: number; readonly request: GenerationRequest }
  | { readonly kind: 'cancel'; readonly id: number }

export type FromProcess =
  | { readonly kind: 'first-token'; readonly id: number }
  | { readonly kind: 'loaded'; readonly id: number; readonly model: LoadedModel }
  | { readonly kind: 'generated'; readonly id: number; readonly result: GenerationResult }
  | { readonly kind: 'failed'; readonly id: number; readonly code: FailureCode; readonly message: string }
