import type { Failure, ModelResponse } from '../../src-core/domain/execution.ts'
import type { CallId, CellId, ContentHash } from '../../src-core/domain/ids.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { Message } from '../../src-core/domain/prompt.ts'
import type { Simulation } from '../../src-core/ports/provider.ts'
import type { CallKind } from '../../src-core/ports/store.ts'

/** One wanted model answer, as plain data: it crosses from the engine's thread to the host. */
export type CallRequest = {
  readonly id: CallId
  readonly kind: CallKind
  /** Unique within the experiment: the same purpose is one call, however often it is asked for. */
  readonly purpose: string
  readonly cell: CellId | null
  /** Id of the model asked first. */
  readonly model: string
  readonly messages: readonly Message[]
  /** 1, 2, ... */
  readonly repetition: number
  readonly affinity: string | null
  /** Handed on to the simulated provider only. */
  readonly simulation: Simulation | null
  /** Instead of the model's own; undefined leaves it. */
  readonly responseFormat?: JsonValue
  /** Null: neither read from nor written to the response cache. */
  readonly cacheKey: ContentHash | null
}

/** The word on a call that reached its end. */
export type CallAnswer = {
  readonly id: CallId
  readonly response: ModelResponse | null
  readonly failure: Failure | null
  /** Id of the model that answered; null for a failure. */
  readonly answeredBy: string | null
  readonly costUsd: number | null
  readonly fromCache: boolean
  readonly attempts: number
  readonly startedAt: string
  /** No call of the ledger exists (a cache miss under `cache: only`). */
  readonly unrecorded: boolean
}

/** Calls that stand or fall together under a budget: the task calls of one block, or a single judge's or embedding call. */
export type CallGroup = readonly CallRequest[]

/** A call the run let go before its end (budget, stop, refused credentials): its cell stays open for a resume. */
export type DroppedCall = { readonly id: CallId }
