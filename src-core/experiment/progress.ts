import type { FailureCode } from '../domain/execution.ts'

/** Where a run stands, for people: small, plain data, sent at most ten times a second. */
export type Progress = {
  /** Rises with every event; a window that joins late reads a snapshot and ignores events up to its number. */
  readonly number: number
  readonly phase: 'starting' | 'running' | 'paused' | 'stopping' | 'ended'
  readonly cells: number
  /** Cells with a recorded outcome, those of earlier sessions included. */
  readonly done: number
  readonly failed: number
  readonly fromCache: number
  /** Answers to failures, grouped: how often each code ended a cell in this session. */
  readonly failures: Readonly<Partial<Record<FailureCode, number>>>
  /** Attempts sent, earlier sessions included. */
  readonly attempts: number
  readonly retries: number
  readonly inFlight: number
  /** Null where a price is unknown. */
  readonly spentUsd: number | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly elapsedMs: number
  /** Cells per second over the recent past; null before ten completions. */
  readonly cellsPerSecond: number | null
  /** Time to go in milliseconds as a range; null before ten completions. */
  readonly etaMs: readonly [low: number, high: number] | null
}

export const minimumCompletions = 10
/** Completion times kept for rate and ETA: enough for a steady rate, few enough to follow a change. */
const memory = 256

/** Rate and time to go from the times of the latest completions (milliseconds, monotonic). */
export type PaceMeter = {
  completed(atMs: number, count: number): void
  rate(nowMs: number): number | null
  eta(nowMs: number, remaining: number): readonly [number, number] | null
}

/**
 * The range is remaining/rate widened by two standard errors of the rate, taken over eight equal slices of the recent
 * past; cells come in bursts (batches, rate limits, slow models), so slices of time say more than gaps between cells.
 */
export const createPaceMeter = (startedMs: number): PaceMeter => {
  const times = new Float64Array(memory)
  let total = 0
  const kept = (): number => Math.min(total, memory)
  const at = (i: number): number => times[(total - kept() + i) % memory] ?? startedMs
  /** The recent past: from where, and how many completions lie in it. */
  const past = (): { readonly from: number; readonly count: number } =>
    total <= memory ? { from: startedMs, count: total } : { from: at(0), count: memory - 1 }
  const rate = (nowMs: number): number | null => {
    if (total < minimumCompletions) return null
    const { from, count } = past()
    return count / Math.max(1, nowMs - from)
  }
  return {
    completed(atMs, count) {
      for (let i = 0; i < count; i++) {
        times[total % memory] = atMs
        total++
      }
    },
    rate: (nowMs) => {
      const perMs = rate(nowMs)
      return perMs === null ? null : perMs * 1000
    },
    eta(nowMs, remaining) {
      const perMs = rate(nowMs)
      if (perMs === null || perMs <= 0) return null
      const { from } = past()
      const slices = Array.from({ length: 8 }, () => 0)
      const width = Math.max(1, nowMs - from) / slices.length
      for (let i = 0; i < kept(); i++) {
        const slice = Math.min(slices.length - 1, Math.max(0, Math.floor((at(i) - from) / width)))
        slices[slice] = (slices[slice] ?? 0) + 1
      }
      const mean = slices.reduce((sum, n) => sum + n, 0) / slices.length
      const variance = slices.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (slices.length - 1)
      const relative = mean > 0 ? Math.min(0.75, (2 * Math.sqrt(variance / slices.length)) / mean) : 0.75
      return [remaining / (perMs * (1 + relative)), remaining / (perMs * (1 - relative))]
    },
  }
}
