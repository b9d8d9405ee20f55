import { copiesIn } from './copies.ts'
import type { Outcome } from './outcome.ts'

/** The numbers a side keeps per case: the mean over the case's repetitions, NaN where unknown. */
export type CaseMeans = {
  readonly quality: Float64Array
  readonly passRate: Float64Array
  readonly usd: Float64Array
  readonly inputTokens: Float64Array
  readonly outputTokens: Float64Array
  readonly tokens: Float64Array
  readonly latencyMs: Float64Array
}

/** One variant on one model: everything the analysis reads of it. Arrays have one entry per case of the study. */
export type Side = {
  readonly variant: string
  readonly model: string
  readonly means: CaseMeans
  /** Cells that count, per case: present, not another model's answer, copies once. */
  readonly cells: Uint32Array
  /** Cells that passed, per case. */
  readonly passedCells: Uint32Array
  /** Best score of any cell of the case. */
  readonly bestScore: Float64Array
  /** Share of the cells that the asked model answered (or failed) itself, per case; NaN where the side has no cell. */
  readonly usable: Float64Array
  /** 1 where every cell that counts failed: such a case has no cost or latency, and nobody should expect one. */
  readonly failedCase: Uint8Array
  /** Latency of every single answer, for quantiles. */
  readonly latencies: Float64Array
  readonly passKnown: boolean
  readonly failed: number
  readonly substituted: number
  readonly copies: number
  readonly fromCache: number
  /** What the server called itself, in alphabetical order. */
  readonly served: readonly string[]
}

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const emptyMeans = (cases: number): CaseMeans => {
  const unknown = () => new Float64Array(cases).fill(Number.NaN)
  return {
    quality: unknown(),
    passRate: unknown(),
    usd: unknown(),
    inputTokens: unknown(),
    outputTokens: unknown(),
    tokens: unknown(),
    latencyMs: unknown(),
  }
}

/** Mean over cells; a failed cell without the number is passed over, an answered one makes the whole case unknown. */
const meanKnown = (cells: readonly Outcome[], value: (cell: Outcome) => number | null): number => {
  let sum = 0
  let n = 0
  for (const cell of cells) {
    const v = value(cell)
    if (v === null || !Number.isFinite(v)) {
      if (!cell.failed) return Number.NaN
    } else {
      sum += v
      n++
    }
  }
  return n === 0 ? Number.NaN : sum / n
}

const totalTokens = (cell: Outcome): number | null =>
  cell.inputTokens === null || cell.outputTokens === null ? null : cell.inputTokens + cell.outputTokens

export type SideRequest = {
  readonly variant: string
  readonly model: string
  readonly cases: number
  readonly cellsOf: (caseNumber: number) => readonly Outcome[]
  /** Same output means same draw: temperature 0, or nothing is known of the model. */
  readonly sameOutputIsCopy: boolean
  readonly sameNumbersAreCopy: boolean
}

/** Folds the cells of one variant x model into numbers per case. */
export const gatherSide = (request: SideRequest): Side => {
  const { cases } = request
  const means = emptyMeans(cases)
  const cells = new Uint32Array(cases)
  const passedCells = new Uint32Array(cases)
  const usable = new Float64Array(cases).fill(Number.NaN)
  const failedCase = new Uint8Array(cases)
  const bestScore = new Float64Array(cases)
  const latencies: number[] = []
  const served = new Set<string>()
  let [passKnown, failed, substituted, copies, fromCache] = [true, 0, 0, 0, 0]
  for (let c = 0; c < cases; c++) {
    const all = request.cellsOf(c)
    if (all.length === 0) continue
    const own = all.filter((cell) => !cell.substituted)
    substituted += all.length - own.length
    fromCache += all.filter((cell) => cell.fromCache).length
    usable[c] = own.length / all.length
    if (own.length === 0) continue
    const found = copiesIn(own, request)
    copies += found.copies
    const counted = found.copies > 0 ? own.slice(0, 1) : own
    const measured = found.whole ? counted : own
    cells[c] = counted.length
    failed += counted.filter((cell) => cell.failed).length
    bestScore[c] = counted.reduce((top, cell) => Math.max(top, cell.score), 0)
    failedCase[c] = counted.every((cell) => cell.failed) ? 1 : 0
    means.quality[c] = counted.reduce((sum, cell) => sum + cell.score, 0) / counted.length
    if (counted.some((cell) => cell.passed === null)) passKnown = false
    else {
      passedCells[c] = counted.filter((cell) => cell.passed === true).length
      means.passRate[c] = (passedCells[c] ?? 0) / counted.length
    }
    means.usd[c] = meanKnown(measured, (cell) => cell.costUsd)
    means.inputTokens[c] = meanKnown(measured, (cell) => cell.inputTokens)
    means.outputTokens[c] = meanKnown(measured, (cell) => cell.outputTokens)
    means.tokens[c] = meanKnown(measured, totalTokens)
    means.latencyMs[c] = meanKnown(
      measured.filter((cell) => !cell.failed),
      (cell) => cell.latencyMs,
    )
    for (const cell of measured) {
      if (cell.failed) continue
      if (cell.latencyMs !== null) latencies.push(cell.latencyMs)
      if (cell.servedModel !== null) served.add(cell.servedModel)
    }
  }
  const { variant, model } = request
  const names = [...served].sort(byCodeUnit)
  const counts = { passKnown, failed, substituted, copies, fromCache, served: names }
  return {
    variant,
    model,
    means,
    cells,
    passedCells,
    bestScore,
    usable,
    failedCase,
    latencies: Float64Array.from(latencies).sort(),
    ...counts,
  }
}
