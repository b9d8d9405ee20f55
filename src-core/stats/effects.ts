import { finiteMean, isConstant, magnitude, ranks, sampleSd, sum, unusable, weightedMean } from './describe.ts'
import { stirlingError } from './gamma-function.ts'
import { estimateMean, type Grouping, studentBounds } from './mean-estimate.ts'
import { differencesOf, type TTestOptions, tTest } from './paired-t.ts'
import { type Alternative, type Bounds, type Insufficient, insufficient, requireThat } from './result.ts'

/** d_z = d̄/s_d of paired differences. Insufficient: empty, not-a-number, single-unit, constant. */
export const dz = (differences: readonly number[], scale = 0): number | Insufficient => {
  const bad = unusable(differences)
  if (bad !== null) return bad
  const sd = sampleSd(differences)
  if (sd === null) return insufficient('single-unit')
  return isConstant(differences, scale) ? insufficient('constant') : finiteMean(differences) / sd
}

/** d_av = d̄/√((s_A²+s_B²)/2) of paired lists, candidate − baseline. Insufficient as in `dz` (constant: both lists). */
export const dAverage = (candidate: readonly number[], baseline: readonly number[]): number | Insufficient => {
  requireThat(candidate.length === baseline.length, 'paired lists have equal length')
  return standardised(candidate, baseline, (a, b) => (a + b) / 2)
}

/** Cohen's d of independent groups with the pooled sd. Insufficient as in `dAverage`. */
export const cohenD = (first: readonly number[], second: readonly number[]): number | Insufficient => {
  const m = first.length - 1
  const n = second.length - 1
  return standardised(first, second, (a, b) => (m * a + n * b) / (m + n))
}

const standardised = (
  first: readonly number[],
  second: readonly number[],
  pool: (a: number, b: number) => number,
): number | Insufficient => {
  const bad = unusable(first) ?? unusable(second)
  if (bad !== null) return bad
  const a = sampleSd(first)
  const b = sampleSd(second)
  if (a === null || b === null) return insufficient('single-unit')
  if (isConstant(first) && isConstant(second)) return insufficient('constant')
  return (finiteMean(first) - finiteMean(second)) / Math.sqrt(pool(a * a, b * b))
}

/**
 * Hedges' small-sample factor J(m) = Γ(m/2)/(√(m/2)·Γ((m−1)/2)) for m > 1 degrees of freedom, exact, not 1 − 3/(4m−1).
 * Multiply d by it. Source: Hedges 1981.
 */
export const hedgesFactor = (df: number): number => {
  requireThat(df > 1, `Hedges' factor needs more than one degree of freedom, not ${df}`)
  // log Γ(a) − log Γ(a−½) with log Γ(x) = stirlingError(x) + (x−½)·log x − x + ½·log 2π: no cancellation for large a.
  const a = df / 2
  const b = a - 0.5
  const logRatio = stirlingError(a) - stirlingError(b) - b * Math.log1p(-0.5 / a) + 0.5 * Math.log(b) - 0.5
  return Math.exp(logRatio - 0.5 * Math.log(a))
}

/** Hedges' g_z = J(n−1)·d_z of paired differences. Insufficient as in `dz`, and too-few-units below 3. */
export const hedgesG = (differences: readonly number[], scale = 0): number | Insufficient => {
  const d = dz(differences, scale)
  if (typeof d !== 'number') return d
  return differences.length < 3 ? insufficient('too-few-units') : hedgesFactor(differences.length - 1) * d
}

/** P(first > second) + ½P(equal) of independent draws, by ranks. Insufficient: empty, not-a-number. Source: Vargha and Delaney 2000. */
export const a12 = (first: readonly number[], second: readonly number[]): number | Insufficient => {
  const bad = unusable(first) ?? unusable(second)
  if (bad !== null) return bad
  const m = first.length
  const rankSum = sum(ranks([...first, ...second]).slice(0, m))
  return (rankSum - (m * (m + 1)) / 2) / (m * second.length)
}

/** Cliff's δ = P(first > second) − P(first < second) = 2·A12 − 1. Insufficient as in `a12`. Source: Cliff 1993. */
export const cliffsDelta = (first: readonly number[], second: readonly number[]): number | Insufficient => {
  const a = a12(first, second)
  return typeof a === 'number' ? 2 * a - 1 : a
}

/** Median of all pairwise means (x_i+x_j)/2, i ≤ j, of paired differences; quadratic in memory. Insufficient: empty, not-a-number. Source: Hodges and Lehmann 1963. */
export const hodgesLehmann = (differences: readonly number[]): number | Insufficient => {
  const bad = unusable(differences)
  if (bad !== null) return bad
  const n = differences.length
  const walsh = new Float64Array((n * (n + 1)) / 2)
  let at = 0
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) walsh[at++] = ((differences[i] as number) + (differences[j] as number)) / 2
  walsh.sort()
  const half = walsh.length >> 1
  const upper = walsh[half] as number
  return walsh.length % 2 === 1 ? upper : ((walsh[half - 1] as number) + upper) / 2
}

export type RatioTest = {
  /** exp(weighted mean of log(candidate/baseline)). */
  readonly ratio: number
  readonly ci: Bounds
  readonly level: number
  /** Standard error of the log ratio. */
  readonly logSe: number
  readonly df: number
  readonly statistic: number
  /** Against ratio 1, or `null` of the options as a ratio. */
  readonly p: number
  readonly logP: number
  readonly alternative: Alternative
  readonly n: number
  readonly units: number
}

/**
 * Geometric mean of paired ratios with a t interval on the log scale; for cost, tokens and latency, where units must not
 * matter. `null` (default 1) and `alternative` are of the ratio: 'less' = cheaper. Weights and clusters as in `estimateMean`.
 * Insufficient: not-positive (a value ≤ 0), empty, not-a-number, single-unit, constant. Source: statistics.md 4.8.
 */
export const geometricRatio = (
  candidate: readonly number[],
  baseline: readonly number[],
  options: TTestOptions = {},
): RatioTest | Insufficient => {
  requireThat(candidate.length === baseline.length, 'paired lists have equal length')
  const bad = candidate.length === 0 ? insufficient('empty') : (unusable(candidate) ?? unusable(baseline))
  if (bad !== null) return bad
  if (candidate.some((x) => x <= 0) || baseline.some((x) => x <= 0)) return insufficient('not-positive')
  const nullRatio = options.null ?? 1
  requireThat(nullRatio > 0, `a ratio is positive, not ${nullRatio}`)
  const logs = candidate.map((x, i) => Math.log(x / (baseline[i] as number)))
  // The logs carry rounding errors of about 2⁻⁵², whatever their size.
  const test = tTest(logs, { ...options, null: Math.log(nullRatio), scale: 1 })
  if ('kind' in test) return test
  const { level, df, statistic, p, logP, alternative, n, units } = test
  const ci: Bounds = [Math.exp(test.ci[0]), Math.exp(test.ci[1])]
  return { ratio: Math.exp(test.estimate), ci, level, logSe: test.se, df, statistic, p, logP, alternative, n, units }
}

export type RatioEstimate = {
  readonly ratio: number
  readonly se: number
  readonly ci: Bounds
  readonly level: number
  readonly df: number
  readonly n: number
  readonly units: number
}

/**
 * Σw·numerator/Σw·denominator over cases with the delta-method standard error: l_c = (numerator_c − θ·denominator_c)/mean
 * denominator, SE = √(Σl²/(C(C−1))), t with units − 1 df; clusters and weights as in `estimateMean`.
 * Insufficient: empty, not-a-number, not-positive (the denominators sum to 0 or less), single-unit, constant.
 */
export const ratioOfMeans = (
  numerator: readonly number[],
  denominator: readonly number[],
  options: Grouping & { readonly level?: number | undefined } = {},
): RatioEstimate | Insufficient => {
  requireThat(numerator.length === denominator.length, 'paired lists have equal length')
  const bad = unusable(numerator) ?? unusable(denominator)
  if (bad !== null) return bad
  const weights = options.weights ?? numerator.map(() => 1)
  const below = weightedMean(denominator, weights) as number
  if (!(below > 0)) return insufficient('not-positive')
  const ratio = (weightedMean(numerator, weights) as number) / below
  const linear = differencesOf(
    numerator,
    denominator.map((x) => ratio * x),
  ).map((e) => e / below)
  const estimated = estimateMean(linear, { ...options, scale: magnitude(numerator) / below })
  if ('kind' in estimated) return estimated
  const level = options.level ?? 0.95
  const { se, df, n, units } = estimated
  return { ratio, se, ci: studentBounds({ ...estimated, estimate: ratio }, level), level, df, n, units }
}

/**
 * Cost per success θ = Σcost/Σsuccesses (cost of failures included), SE as in `ratioOfMeans`, in the unit of cost.
 * `successes` is per case: 0/1, or the mean over repetitions. Insufficient: no-successes instead of ∞; else as `ratioOfMeans`.
 */
export const costPerSuccess = (
  costs: readonly number[],
  successes: readonly number[],
  options: Grouping & { readonly level?: number | undefined } = {},
): RatioEstimate | Insufficient => {
  const result = ratioOfMeans(costs, successes, options)
  return 'kind' in result && result.reason === 'not-positive' ? insufficient('no-successes') : result
}
