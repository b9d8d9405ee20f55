import type { Interval } from '../domain/report.ts'
import type { Sample } from './sample.ts'
import type { Stream } from './sequence.ts'

/** One pair and metric, reduced to numbers per case. */
export type PairData = {
  /** Case means of the two sides, in the same order as `differences`. */
  readonly baseline: readonly number[]
  readonly candidate: readonly number[]
  readonly differences: Sample
  /** log(candidate / baseline) per case; null for metrics that are compared as differences. */
  readonly logRatios: Sample | null
  /** Every case mean of the metric in the whole study is 0 or 1. */
  readonly binary: boolean
  /** The order of the units; null in a fixed design, which does not ask for it. */
  readonly stream: Stream | null
}

export type PairTestResult = {
  /** Two-sided; null where the data allow none. */
  readonly p: number | null
  /** Of the difference, or of the ratio where there are log ratios, at `level`. */
  readonly ci: Interval
  readonly method: string
  /** Why this method, in words. */
  readonly why: string
  /** Why there is no p, in words. */
  readonly insufficient: string | null
}

/** Chosen by metric and number of cases alone, never by a look at the outcome. */
export type PairTest = (data: PairData, level: number) => PairTestResult

/** How a design decides every claim of a verdict; p is null where the data allow none. */
export type PairAnalysis = {
  readonly test: PairTest
  /** What decides the claims against the margin, where `test` does not name it already; else null. */
  readonly claimMethod: (data: PairData) => string | null
  /** One-sided p of "not worse by `margin`". */
  readonly notWorse: (data: PairData, margin: number, level: number) => number | null
  /** p of "within `margin` on both sides". */
  readonly within: (data: PairData, margin: number, level: number) => number | null
  /** One-sided p of "the ratio is below 1". */
  readonly cheaper: (cost: PairData, level: number) => number | null
}
