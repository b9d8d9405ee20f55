import { quantileOfSorted, sorted, unusable } from './describe.ts'
import { binomialCdf, binomialQuantile } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'

/** P(x₍low₎ ≤ quantile < x₍high₎) = BinCDF(high−1; n, p) − BinCDF(low−1; n, p); ranks from 1. */
export const orderStatisticCoverage = (n: number, p: number, lowRank: number, highRank: number): number => {
  requireThat(lowRank >= 0 && highRank <= n + 1 && lowRank < highRank, 'ranks lie between 0 and n + 1 and grow')
  return binomialCdf(highRank - 1, n, p) - binomialCdf(lowRank - 1, n, p)
}

export type QuantileInterval = {
  /** Type-7 quantile. */
  readonly estimate: number
  readonly ci: Bounds
  /** Ranks of the two order statistics, from 1. */
  readonly ranks: readonly [low: number, high: number]
  /** Exact coverage, at least `level`. */
  readonly coverage: number
  readonly level: number
  readonly n: number
}

/**
 * Distribution-free interval of the p-quantile between two order statistics: the shortest pair of ranks whose coverage
 * reaches `level`, among equally long ones the
 * coverage nearest to it (at n = 100, p95: ranks 90 and 99, not the maximum). Insufficient: empty, not-a-number, too-few-units (even the
 * whole sample covers less than `level`). Source: David and Nagaraja, Order Statistics, 7.1; statistics.md 4.8.
 */
export const quantileInterval = (
  values: readonly number[],
  p: number,
  level = 0.95,
): QuantileInterval | Insufficient => {
  requireLevel(level)
  requireThat(p > 0 && p < 1, `a quantile lies between 0 and 1, not ${p}`)
  const bad = unusable(values)
  if (bad !== null) return bad
  const n = values.length
  if (n < 2 || orderStatisticCoverage(n, p, 1, n) < level)
    return insufficient('too-few-units', `${n} values cannot bound this quantile at this level`)
  const centre = Math.min(n, Math.max(1, binomialQuantile(0.5, n, p)))
  const cdf = Array.from({ length: n }, (_, k) => binomialCdf(k, n, p))
  let best: { low: number; high: number; coverage: number } | null = null
  for (let low = Math.min(centre, n - 1); low >= 1; low--) {
    if (best !== null && centre - low > best.high - best.low) break
    const before = cdf[low - 1] as number
    for (let high = low + 1; high <= n; high++) {
      const coverage = (cdf[high - 1] as number) - before
      if (coverage < level) continue
      const length = high - low
      const bestLength = best === null ? Infinity : best.high - best.low
      if (length < bestLength || (length === bestLength && best !== null && coverage < best.coverage))
        best = { low, high, coverage }
      break
    }
  }
  if (best === null) return insufficient('too-few-units')
  const ascending = sorted(values)
  return {
    estimate: quantileOfSorted(ascending, p),
    ci: [ascending[best.low - 1] as number, ascending[best.high - 1] as number],
    ranks: [best.low, best.high],
    coverage: best.coverage,
    level,
    n,
  }
}
