import { magnitude } from './describe.ts'
import { studentTLogSf, studentTQuantile, studentTSf } from './distributions.ts'
import { estimateMean, type Grouping, type MeanEstimate } from './mean-estimate.ts'
import { type Alternative, type Bounds, type Insufficient, requireLevel, requireThat } from './result.ts'

export type TTest = MeanEstimate & {
  readonly statistic: number
  readonly p: number
  /** log p: finite where p underflows. */
  readonly logP: number
  /** Two-sided interval of the estimate at `level`; one-sided alternatives have an infinite end. */
  readonly ci: Bounds
  readonly level: number
  readonly alternative: Alternative
  /** The value of the estimate under the null. */
  readonly null: number
}

export type TTestOptions = Grouping & {
  readonly alternative?: Alternative | undefined
  /** Default 0. */
  readonly null?: number | undefined
  readonly level?: number | undefined
}

/** p, log p, and the interval that belongs to the alternative, from an estimate with a t distribution. */
export const tTestOf = (estimated: MeanEstimate, options: TTestOptions = {}): TTest => {
  const { alternative = 'two-sided', null: nullValue = 0, level = 0.95 } = options
  requireLevel(level)
  const statistic = (estimated.estimate - nullValue) / estimated.se
  const toward = alternative === 'greater' ? statistic : alternative === 'less' ? -statistic : Math.abs(statistic)
  const sides = alternative === 'two-sided' ? 2 : 1
  const logP = Math.min(0, studentTLogSf(toward, estimated.df) + Math.log(sides))
  const half = studentTQuantile(1 - (1 - level) / sides, estimated.df) * estimated.se
  const ci: Bounds = [
    alternative === 'less' ? -Infinity : estimated.estimate - half,
    alternative === 'greater' ? Infinity : estimated.estimate + half,
  ]
  const p = Math.min(1, sides * studentTSf(toward, estimated.df))
  return { ...estimated, statistic, p, logP, ci, level, alternative, null: nullValue }
}

/**
 * One-sample t test of differences d_c = ȳ_Bc − ȳ_Ac, one per case, weighted and clustered as in `estimateMean`:
 * t = (d̄ − null)/SE with units − 1 degrees of freedom. Source: Student 1908; statistics.md 3.3, 4.1.
 * Insufficient: empty, not-a-number, single-unit, constant.
 */
export const tTest = (differences: readonly number[], options: TTestOptions = {}): TTest | Insufficient => {
  const estimated = estimateMean(differences, options)
  return 'kind' in estimated ? estimated : tTestOf(estimated, options)
}

/** `tTest` of candidate − baseline, one case mean per case in both lists (RangeError when the lengths differ). */
export const pairedT = (
  candidate: readonly number[],
  baseline: readonly number[],
  options: TTestOptions = {},
): TTest | Insufficient =>
  tTest(differencesOf(candidate, baseline), { ...options, scale: magnitude(candidate, baseline) })

/** candidate − baseline, case by case. */
export const differencesOf = (candidate: readonly number[], baseline: readonly number[]): number[] => {
  requireThat(candidate.length === baseline.length, 'paired lists have equal length')
  return candidate.map((x, i) => x - (baseline[i] as number))
}
