import { finiteMean, isConstant, sampleVariance, unusable } from './describe.ts'
import { type TTest, type TTestOptions, tTestOf } from './paired-t.ts'
import { type Insufficient, insufficient } from './result.ts'

const checked = (first: readonly number[], second: readonly number[]): Insufficient | null => {
  const bad = unusable(first) ?? unusable(second)
  if (bad !== null) return bad
  if (first.length < 2 || second.length < 2) return insufficient('single-unit')
  return isConstant(first) && isConstant(second) ? insufficient('constant') : null
}

/**
 * Welch's t of mean(first) − mean(second), independent groups with unequal variances, Satterthwaite's degrees of freedom.
 * Never for paired data: on R's sleep it gives p = .079 where the paired test gives .0028. Source: Welch 1947.
 * Insufficient: empty, not-a-number, single-unit (a group of one), constant (both groups).
 */
export const welchT = (
  first: readonly number[],
  second: readonly number[],
  options: Omit<TTestOptions, 'weights' | 'clusters' | 'scale'> = {},
): TTest | Insufficient => {
  const bad = checked(first, second)
  if (bad !== null) return bad
  const a = (sampleVariance(first) as number) / first.length
  const b = (sampleVariance(second) as number) / second.length
  const df = (a + b) ** 2 / ((a * a) / (first.length - 1) + (b * b) / (second.length - 1))
  const n = first.length + second.length
  const estimate = finiteMean(first) - finiteMean(second)
  return tTestOf({ estimate, se: Math.sqrt(a + b), df, n, units: n }, options)
}

/** Student's two-sample t with pooled variance. Insufficient as in `welchT`. */
export const studentT = (
  first: readonly number[],
  second: readonly number[],
  options: Omit<TTestOptions, 'weights' | 'clusters' | 'scale'> = {},
): TTest | Insufficient => {
  const bad = checked(first, second)
  if (bad !== null) return bad
  const n = first.length + second.length
  const pooled =
    ((first.length - 1) * (sampleVariance(first) as number) +
      (second.length - 1) * (sampleVariance(second) as number)) /
    (n - 2)
  const se = Math.sqrt(pooled * (1 / first.length + 1 / second.length))
  return tTestOf({ estimate: finiteMean(first) - finiteMean(second), se, df: n - 2, n, units: n }, options)
}
