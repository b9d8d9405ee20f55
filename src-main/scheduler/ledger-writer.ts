import { LabError } from '../../src-core/domain/errors.ts'
import type { ContentHash, ExperimentId } from '../../src-core/domain/ids.ts'
import type { Clock } from '../../src-core/ports/clock.ts'
import type { AttemptSent, Call, CallEnd, CellOutcome, Store } from '../../src-core/ports/store.ts'

export type LedgerWriter = {
  /** `committed` is called once the attempt is on the disk; only then may its request leave. */
  attempt(call: Call, attempt: AttemptSent, committed: () => void): void
  ended(end: CallEnd): void
  cached(call: Call & { readonly cacheKey: ContentHash }): void
  outcomes(outcomes: readonly CellOutcome[], committed: () => void): void
  /** Resolves when everything handed over is on the disk, or has been given up. */
  settled(): Promise<void>
}

export type LedgerWriterOptions = {
  readonly store: Store
  readonly experiment: ExperimentId
  readonly clock: Clock
  /** How long a store that cannot write (disk full) is tried again. */
  readonly patienceMs: number
  /** Told of every answer at once, and again when it is on the disk. */
  readonly landing: { land(end: CallEnd): void; committed(ends: readonly CallEnd[]): void }
  /** Called when a write fails and is tried again, and with null when writing works again. */
  readonly onTrouble: (trouble: LabError | null) => void
  /** Called once when the writer gives up; what was not written stays unwritten. */
  readonly onFatal: (error: unknown) => void
}

const retryEveryMs = 250
/** Between two groups of a busy run. Attempts are committed ahead of time and answers have landed, so nobody waits for it. */
const gatherMs = 5

/**
 * Hands everything of one tick to the store together, and the next when that is on the disk: the writer thread makes one
 * commit of it, and while the disk works the next group gathers. A failed group is kept and tried again, so that a full
 * disk pauses a run but loses no paid answer.
 */
export const createLedgerWriter = (options: LedgerWriterOptions): LedgerWriter => {
  const { store, experiment } = options
  const empty = () => ({
    calls: [] as Call[],
    attempts: [] as AttemptSent[],
    sent: [] as (() => void)[],
    ends: [] as CallEnd[],
    cached: [] as (Call & { readonly cacheKey: ContentHash })[],
    outcomes: [] as CellOutcome[],
    recorded: [] as (() => void)[],
  })
  let waiting = empty()
  let running = false
  let failed = false
  let troubledSince: number | null = null
  let idle: (() => void)[] = []

  const write = async (group: ReturnType<typeof empty>): Promise<unknown> => {
    const first = [
      group.calls.length > 0
        ? store.attemptsSent(group.calls, group.attempts).then(() => {
            for (const committed of group.sent) committed()
            group.calls = []
            group.attempts = []
            group.sent = []
          })
        : null,
      group.ends.length > 0
        ? store.callsEnded(group.ends).then(() => {
            options.landing.committed(group.ends)
            group.ends = []
          })
        : null,
      group.cached.length > 0 ? store.callsFromCache(group.cached).then(() => void (group.cached = [])) : null,
    ]
    // After trouble, outcomes wait for their answers; in good days both go into one commit, in this order.
    if (troubledSince !== null) await Promise.all(first)
    const outcomes =
      group.outcomes.length > 0
        ? store.recordOutcomes(experiment, group.outcomes).then(() => {
            for (const committed of group.recorded) committed()
            group.outcomes = []
            group.recorded = []
          })
        : null
    const results = await Promise.allSettled([...first, outcomes])
    return results.find((result) => result.status === 'rejected')?.reason
  }

  const attemptWrite = async (group: ReturnType<typeof empty>): Promise<unknown> => {
    try {
      return await write(group)
    } catch (error) {
      return error
    }
  }

  const run = async (): Promise<void> => {
    running = true
    // One turn of the event loop gathers what arrives together; behind a commit, a little more time gathers more.
    await new Promise((resolve) => setImmediate(resolve))
    let first = true
    while (!failed && hasRows(waiting)) {
      if (!first) await new Promise((resolve) => setTimeout(resolve, gatherMs))
      first = false
      const group = waiting
      waiting = empty()
      let error = await attemptWrite(group)
      while (error !== undefined) {
        const now = options.clock.monotonicMs()
        troubledSince ??= now
        if (!(error instanceof LabError) || error.code !== 'store' || now - troubledSince >= options.patienceMs) {
          failed = true
          options.onFatal(error)
          break
        }
        options.onTrouble(error)
        await options.clock.sleep(retryEveryMs)
        error = await attemptWrite(group)
      }
      if (!failed && troubledSince !== null) {
        troubledSince = null
        options.onTrouble(null)
      }
    }
    running = false
    const resolvers = idle
    idle = []
    for (const resolve of resolvers) resolve()
  }
  const start = (): void => {
    if (!running && !failed) void run()
  }

  return {
    attempt(call, attempt, committed) {
      waiting.calls.push(call)
      waiting.attempts.push(attempt)
      waiting.sent.push(committed)
      start()
    },
    ended(end) {
      options.landing.land(end)
      waiting.ends.push(end)
      start()
    },
    cached(call) {
      waiting.cached.push(call)
      start()
    },
    outcomes(outcomes, committed) {
      for (const outcome of outcomes) waiting.outcomes.push(outcome)
      waiting.recorded.push(committed)
      start()
    },
    settled: () =>
      running
        ? new Promise((resolve) => {
            idle.push(resolve)
          })
        : Promise.resolve(),
  }
}

const hasRows = (group: { calls: unknown[]; ends: unknown[]; cached: unknown[]; outcomes: unknown[] }): boolean =>
  group.calls.length > 0 || group.ends.length > 0 || group.cached.length > 0 || group.outcomes.length > 0
