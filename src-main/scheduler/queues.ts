import { isLocal, type ModelReference } from '../../src-core/domain/model.ts'
import type { WorstCase } from '../../src-core/experiment/budget.ts'
import type { CallRequest } from './call-types.ts'
import type { ProviderGate } from './provider-gate.ts'
import type { Lane } from './scheduler.ts'

/** First in, first out, without moving what is left at every take. */
export type Queue<T> = {
  readonly length: number
  push(item: T): void
  peek(): T | undefined
  take(): T | undefined
  /** Everything, in order; the queue is empty afterwards. */
  drain(): T[]
}

export const createQueue = <T>(): Queue<T> => {
  let items: T[] = []
  let head = 0
  return {
    get length() {
      return items.length - head
    },
    push(item) {
      items.push(item)
    },
    peek: () => items[head],
    take() {
      const item = items[head]
      if (item === undefined) return undefined
      head++
      if (head > 512 && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
    drain() {
      const rest = items.slice(head)
      items = []
      head = 0
      return rest
    },
  }
}

/** A call on its way through the scheduler. */
export type Job = {
  readonly request: CallRequest
  /** The model asked now; the request's own first, then its fallbacks. */
  model: ModelReference
  readonly fallbacks: ModelReference[]
  /** Attempts of the call so far, earlier sessions and other models included. */
  attempts: number
  /** Attempts at the present model in this session. */
  tries: number
  worst: WorstCase
  startedAt: string | null
  sentMs: number
}

/** Jobs that are admitted together or not at all. */
export type JobGroup = readonly Job[]

/** What one run has to do with one model. */
export type ModelQueue = {
  readonly model: ModelReference
  readonly lane: Lane
  readonly gate: ProviderGate
  /** Judges' and embedding calls: they finish blocks that are already begun, so they go before new ones. */
  readonly followUps: Queue<JobGroup>
  readonly blocks: Queue<JobGroup>
  /** Retries and fallbacks whose waiting is over; each needs a reservation of its own. */
  readonly again: Queue<Job>
  /** Reserved, to be committed as `sent`. */
  readonly admitted: Queue<Job>
  /** Committed as `sent`, to be sent. */
  readonly ready: Queue<Job>
  /** Being committed. */
  staging: number
}

export const createModelQueue = (model: ModelReference, lane: Lane, gate: ProviderGate): ModelQueue => ({
  model,
  lane,
  gate,
  followUps: createQueue(),
  blocks: createQueue(),
  again: createQueue(),
  admitted: createQueue(),
  ready: createQueue(),
  staging: 0,
})

/** Calls whose worst case is reserved and that are not sent yet. */
export const isHolding = ({ admitted, ready, staging }: ModelQueue): boolean =>
  admitted.length + ready.length + staging > 0

/** Calls without a reservation. */
export const isWaiting = ({ followUps, blocks, again }: ModelQueue): boolean =>
  followUps.length + blocks.length + again.length > 0

/**
 * Queues of local models that wait for the budget while another local model's calls hold the rest of it and wait for the
 * first to leave the memory: where nothing is in flight, neither would ever move.
 */
export const stuckQueues = (queues: readonly ModelQueue[]): readonly ModelQueue[] => {
  if (queues.some((queue) => queue.staging > 0)) return []
  const holders = queues.filter((queue) => isLocal(queue.model) && isHolding(queue))
  if (holders.length === 0) return []
  return queues.filter((queue) => isLocal(queue.model) && !isHolding(queue) && isWaiting(queue))
}
