import type { Job } from './queues.ts'
import type { FailedAttempt } from './run-records.ts'

/** Identical refusals of credentials in a row that end a run: the key is wrong, and every further call would be refused. */
export const refusalsToStop = 5

export type RefusalCounter = {
  /** True when the run must stop. */
  refused(model: string, status: number | null): boolean
  accepted(model: string): void
}

/** Counted per model: one wrong key among several models must not hide between the answers of the others. */
export const createRefusalCounter = (): RefusalCounter => {
  const counts = new Map<string, { status: number | null; count: number }>()
  return {
    refused(model, status) {
      const seen = counts.get(model)
      const next =
        seen !== undefined && seen.status === status ? { status, count: seen.count + 1 } : { status, count: 1 }
      counts.set(model, next)
      return next.count >= refusalsToStop
    },
    accepted: (model) => {
      counts.delete(model)
    },
  }
}

/** A call whose credentials were refused. */
export type Refused = { readonly job: Job; readonly result: FailedAttempt }

/**
 * Refused calls are held back until it is known what they are: the beginning of five in a row, after which the run stops and
 * their cells stay open for the right key, or failures of single cells like any other.
 */
export type HeldRefusals = {
  readonly size: number
  hold(refused: Refused): void
  /** Those of one model, or all for null; they are no longer held. */
  take(model: string | null): readonly Refused[]
}

export const createHeldRefusals = (): HeldRefusals => {
  let held: Refused[] = []
  return {
    get size() {
      return held.length
    },
    hold: (refused) => void held.push(refused),
    take(model) {
      if (held.length === 0) return held
      const taken = held.filter((one) => model === null || one.job.model.id === model)
      held = held.filter((one) => !taken.includes(one))
      return taken
    },
  }
}
