import { finiteMean, isConstant, ranks, sum, unusable } from './describe.ts'
import { normalQuantile, studentTLogSf, studentTSf } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'

export type Correlation = {
  readonly estimate: number
  /** t on n − 2 df; infinite for a perfect correlation. */
  readonly statistic: number
  readonly df: number
  readonly p: number
  readonly logP: number
  /** Fisher's z interval; null with fewer than four pairs. */
  readonly ci: Bounds | null
  readonly level: number
}

/** Pearson's r with its t test and Fisher's z interval, two-sided. Insufficient: empty, not-a-number, too-few-units (below 3), constant. */
export const pearson = (a: readonly number[], b: readonly number[], level = 0.95): Correlation | Insufficient => {
  requireThat(a.length === b.length, 'paired lists have equal length')
  requireLevel(level)
  const bad = unusable(a) ?? unusable(b)
  if (bad !== null) return bad
  const n = a.length
  if (n < 3) return insufficient('too-few-units')
  if (isConstant(a) || isConstant(b)) return insufficient('constant')
  const ea = centred(a)
  const eb = centred(b)
  const product = sum(ea.map((x, i) => x * (eb[i] as number)))
  const scale = Math.sqrt(sum(ea.map((x) => x * x)) * sum(eb.map((x) => x * x)))
  const r = Math.max(-1, Math.min(1, product / scale))
  const df = n - 2
  const statistic = (r * Math.sqrt(df)) / Math.sqrt((1 - r) * (1 + r))
  const logP = Math.min(0, studentTLogSf(Math.abs(statistic), df) + Math.LN2)
  const p = Math.min(1, 2 * studentTSf(Math.abs(statistic), df))
  const half = -normalQuantile((1 - level) / 2) / Math.sqrt(n - 3)
  const ci: Bounds | null = n > 3 ? [Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half)] : null
  return { estimate: r, statistic, df, p, logP, ci, level }
}

const centred = (values: readonly number[]): number[] => {
  const centre = finiteMean(values)
  return values.map((x) => x - centre)
}

/** Spearman's ρ: Pearson's r of mid-ranks, p by the t approximation. Insufficient as in `pearson`. */
export const spearman = (a: readonly number[], b: readonly number[], level = 0.95): Correlation | Insufficient => {
  const bad = unusable(a) ?? unusable(b)
  return bad ?? pearson(ranks(a), ranks(b), level)
}

export type LineFit = {
  readonly intercept: number
  readonly slope: number
  readonly interceptSe: number
  readonly slopeSe: number
  readonly residualSd: number
  readonly rSquared: number
  readonly df: number
}

/** Least-squares line y = intercept + slope·x, two-pass. Insufficient: empty, not-a-number, too-few-units (below 3), constant (x). */
export const fitLine = (x: readonly number[], y: readonly number[]): LineFit | Insufficient => {
  requireThat(x.length === y.length, 'paired lists have equal length')
  const bad = unusable(x) ?? unusable(y)
  if (bad !== null) return bad
  const n = x.length
  if (n < 3) return insufficient('too-few-units')
  if (isConstant(x)) return insufficient('constant')
  const ex = centred(x)
  const ey = centred(y)
  const xx = sum(ex.map((e) => e * e))
  const yy = sum(ey.map((e) => e * e))
  const slope = sum(ex.map((e, i) => e * (ey[i] as number))) / xx
  const residual = sum(ex.map((e, i) => ((ey[i] as number) - slope * e) ** 2))
  const variance = residual / (n - 2)
  const centre = finiteMean(x)
  return {
    intercept: finiteMean(y) - slope * centre,
    slope,
    interceptSe: Math.sqrt(variance * (1 / n + (centre * centre) / xx)),
    slopeSe: Math.sqrt(variance / xx),
    residualSd: Math.sqrt(variance),
    rSquared: yy === 0 ? 1 : 1 - residual / yy,
    df: n - 2,
  }
}
