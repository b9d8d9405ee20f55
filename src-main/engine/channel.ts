import type { MessagePort } from 'node:worker_threads'
import type { Score } from '../../src-core/domain/evaluator.ts'
import type { Failure } from '../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { CallId, ExperimentId } from '../../src-core/domain/ids.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { RegexVerdict, ScriptVerdict } from '../../src-core/evaluators/evaluator.ts'
import type { ModelIdentity } from '../../src-core/ports/provider.ts'
import type { CallAnswer, CallGroup } from '../scheduler/call-types.ts'

/** What the thread starts with. */
export type WorkerStart = {
  readonly experiment: ExperimentId
  readonly snapshot: ExperimentSnapshot
  readonly identities: Readonly<Record<string, ModelIdentity>>
  /** Running numbers of cells that have an execution. */
  readonly recorded: Int32Array
  /** Answers without scores, by running number of the cell. */
  readonly answered: ReadonlyMap<number, CallAnswer>
  /** Cells that may be open at once. */
  readonly window: number
}

/** Something the thread asks of the host; the reply has the same number. */
export type Ask =
  | {
      readonly number: number
      readonly kind: 'regex'
      readonly pattern: string
      readonly flags: string
      readonly text: string
    }
  | { readonly number: number; readonly kind: 'script'; readonly code: string; readonly input: JsonValue }
  /** The recorded output of a cell of an earlier session; null where it failed. */
  | { readonly number: number; readonly kind: 'output'; readonly cell: number }
export type Reply = { readonly number: number } & (
  | { readonly kind: 'regex'; readonly verdict: RegexVerdict }
  | { readonly kind: 'script'; readonly verdict: ScriptVerdict }
  | { readonly kind: 'output'; readonly output: string | null }
)

/** A cell's scores. Its answer is with the host already. */
export type ScoredCell = {
  /** Running number. */
  readonly cell: number
  readonly call: CallId | null
  /** Set where no call could be made. */
  readonly failure: Failure | null
  readonly score: number
  readonly passed: boolean
  readonly scores: readonly Score[]
}

/** Host and thread exchange lists: ten thousand cells make hundreds of messages, not tens of thousands. */
export type ToHost = {
  readonly calls: CallGroup[]
  readonly scored: ScoredCell[]
  readonly asks: Ask[]
  /** Nothing is open any more: every cell is scored or was let go. */
  done: boolean
}
export type ToWorker = {
  readonly answers: CallAnswer[]
  readonly dropped: CallId[]
  /** How many scored cells are on the disk since the last message: room for as many new ones. */
  recorded: number
  readonly replies: Reply[]
  /** Begin no further block. */
  close: boolean
}

const toHost = (): ToHost => ({ calls: [], scored: [], asks: [], done: false })
const toWorker = (): ToWorker => ({ answers: [], dropped: [], recorded: 0, replies: [], close: false })

/**
 * How long messages gather. Waking another thread costs as much as scoring a cell, and nobody waits: the host has the next
 * calls queued, the thread has the next answers.
 */
const gatherMs = 4

type Outbox<T> = {
  /** Changes what will be sent a moment later. */
  add(change: (message: T) => void): void
}

const createOutbox = <T>(post: (message: T) => void, empty: () => T): Outbox<T> => {
  let message: T | null = null
  const flush = (): void => {
    if (message === null) return
    const full = message
    message = null
    post(full)
  }
  return {
    add(change) {
      if (message === null) {
        message = empty()
        setTimeout(flush, gatherMs)
      }
      change(message)
    },
  }
}

export const outboxToHost = (port: MessagePort): Outbox<ToHost> =>
  createOutbox((message) => port.postMessage(message), toHost)
export const outboxToWorker = (worker: { postMessage(message: ToWorker): void }): Outbox<ToWorker> =>
  createOutbox((message) => worker.postMessage(message), toWorker)
