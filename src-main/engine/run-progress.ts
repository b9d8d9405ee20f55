import type { FailureCode } from '../../src-core/domain/execution.ts'
import { createPaceMeter, type Progress } from '../../src-core/experiment/progress.ts'
import type { Clock } from '../../src-core/ports/clock.ts'
import type { LedgerTotals } from '../../src-core/ports/store.ts'
import type { CallCounts } from '../scheduler/run-context.ts'

/** Milliseconds between two progress events: ten a second. */
const everyMs = 100

export type RunProgress = {
  /** One entry a cell: its failure's code, or null. */
  recorded(ends: readonly (FailureCode | null)[]): void
  phase(phase: Progress['phase']): void
  snapshot(): Progress
  /** A last event, whatever the clock says. */
  close(): void
}

type Options = {
  readonly clock: Clock
  readonly cells: number
  /** Cells recorded by earlier sessions. */
  readonly before: number
  readonly counts: () => CallCounts
  /** The ledger of earlier sessions. */
  readonly earlier: () => LedgerTotals | null
  readonly emit: (progress: Progress) => void
}

export const createRunProgress = (options: Options): RunProgress => {
  const { clock, counts } = options
  const startedMs = clock.monotonicMs()
  const meter = createPaceMeter(startedMs)
  const failures: Partial<Record<FailureCode, number>> = {}
  let number = 0
  let phase: Progress['phase'] = 'starting'
  let done = options.before
  let failed = 0
  let dirty = true

  const snapshot = (): Progress => {
    const now = clock.monotonicMs()
    const used = counts()
    const ledger = options.earlier()
    const before = ledger === null ? 0 : ledger.spentUsd
    return {
      number,
      phase,
      cells: options.cells,
      done,
      failed,
      fromCache: used.fromCache,
      failures: { ...failures },
      attempts: (ledger?.attempts ?? 0) + used.attempts,
      retries: used.retries,
      inFlight: used.inFlight,
      spentUsd: before === null || used.spentUsd === null ? null : before + used.spentUsd,
      inputTokens: (ledger?.inputTokens ?? 0) + used.inputTokens,
      outputTokens: (ledger?.outputTokens ?? 0) + used.outputTokens,
      elapsedMs: now - startedMs,
      cellsPerSecond: meter.rate(now),
      etaMs: meter.eta(now, options.cells - done),
    }
  }
  const emit = (): void => {
    number++
    dirty = false
    options.emit(snapshot())
  }
  const timer = setInterval(() => {
    if (dirty || counts().inFlight > 0) emit()
  }, everyMs)
  timer.unref()
  return {
    recorded(ends) {
      done += ends.length
      meter.completed(clock.monotonicMs(), ends.length)
      for (const code of ends) {
        if (code === null) continue
        failed++
        failures[code] = (failures[code] ?? 0) + 1
      }
      dirty = true
    },
    phase(next) {
      phase = next
      dirty = true
    },
    snapshot,
    close() {
      clearInterval(timer)
      emit()
    },
  }
}
