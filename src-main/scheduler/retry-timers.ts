import type { Clock } from '../../src-core/ports/clock.ts'
import type { Job } from './queues.ts'

/** Calls that wait for their next attempt; they hold no slot meanwhile. */
export type RetryTimers = {
  readonly size: number
  add(job: Job, delayMs: number): void
  /** All of them are given up. */
  cancel(): void
}

export const createRetryTimers = (
  clock: Clock,
  on: { readonly due: (job: Job) => void; readonly cancelled: (job: Job) => void },
): RetryTimers => {
  const waiting = new Map<Job, AbortController>()
  return {
    get size() {
      return waiting.size
    },
    add(job, delayMs) {
      const controller = new AbortController()
      waiting.set(job, controller)
      clock.sleep(delayMs, controller.signal).then(
        () => {
          waiting.delete(job)
          on.due(job)
        },
        () => {
          waiting.delete(job)
          on.cancelled(job)
        },
      )
    },
    cancel() {
      for (const controller of waiting.values()) controller.abort()
    },
  }
}
