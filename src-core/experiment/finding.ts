import type { Metric } from '../domain/objective.ts'
import type { Interval } from '../domain/report.ts'
import type { CostUnit, Pair } from './pairs.ts'

/** What the data say about one pair and one metric, before families and verdicts. */
export type Finding = {
  readonly pair: Pair
  readonly metric: Metric
  /** What `cost` was counted in. */
  readonly unit: CostUnit | null
  /** Cases that both sides answered. */
  readonly n: number
  /** Means over those cases. */
  readonly baselineMean: number | null
  readonly candidateMean: number | null
  readonly difference: number | null
  readonly ratio: number | null
  readonly ci: Interval
  readonly p: number | null
  readonly method: string
  /** Why this method, in words. */
  readonly why: string
  /** Why the pair cannot be compared, or null. */
  readonly invalid: string | null
  /** Why there is no p-value although the pair is valid, or null. */
  readonly insufficient: string | null
  /** One-sided p of "not worse by the margin and cheaper"; null where it is not asked or not computable. */
  readonly pCheaper: number | null
  /** p of "within the margin on both sides". */
  readonly pEquivalent: number | null
  /** Spread of the paired differences, per independent unit, in the metric's own units. */
  readonly spread: Spread | null
  /** Independent units behind `n`. */
  readonly units: number
  /** Right or wrong, counted case by case: McNemar's test and the score test decide. */
  readonly counted: boolean
}

export type Spread = {
  readonly sd: number
  readonly units: number
  /** Cases per independent unit, 1 without clusters. */
  readonly casesPerUnit: number
}
