import { ranks, sum, tieSizes, unusable } from './describe.ts'
import { normalSf } from './distributions.ts'
import { type Insufficient, insufficient } from './result.ts'

export type SignedRankTest = {
  /** W+: sum of the ranks of positive differences. */
  readonly statistic: number
  readonly p: number
  /** Differences that entered. */
  readonly n: number
  readonly method: 'exact' | 'normal'
}

export type SignedRankOptions = {
  /** 'exact' enumerates signs of the (mid-)ranks; 'auto' is exact up to 50 non-zero differences. */
  readonly method?: 'auto' | 'exact' | 'normal' | undefined
  /** Drop zeros before ranking (Wilcoxon) or rank them and drop their ranks (Pratt). */
  readonly zeros?: 'drop' | 'pratt' | undefined
  /** Continuity correction of the normal approximation. */
  readonly continuity?: boolean | undefined
}

/** P(W ≤ low) + P(W ≥ high) for random signs of the given ranks, by counting on doubled ranks (whole numbers even with ties). */
const exactTwoSided = (rankValues: readonly number[], statistic: number): number => {
  const doubled = rankValues.map((r) => Math.round(2 * r))
  const total = sum(doubled)
  let probabilities = new Float64Array(total + 1)
  probabilities[0] = 1
  for (const r of doubled) {
    const next = new Float64Array(total + 1)
    for (let w = 0; w <= total; w++)
      next[w] = ((probabilities[w] as number) + (w >= r ? (probabilities[w - r] as number) : 0)) / 2
    probabilities = next
  }
  const observed = Math.round(2 * statistic)
  const smaller = Math.min(observed, total - observed)
  let tail = 0
  for (let w = 0; w <= smaller; w++) tail += probabilities[w] as number
  return Math.min(1, 2 * tail)
}

/**
 * Wilcoxon's signed-rank test of differences, two-sided. The exact form flips the signs of the mid-ranks, so it stays valid
 * with ties and zeros; the normal form corrects its variance for ties: W+ against n(n+1)/4 with
 * n(n+1)(2n+1)/24 − Σ(t³−t)/48 (Pratt: the zeros' ranks subtracted). Source: Wilcoxon 1945; Pratt 1959; statistics.md 4.3.
 * Insufficient: empty, not-a-number, constant (all differences 0).
 */
export const wilcoxonSignedRank = (
  differences: readonly number[],
  options: SignedRankOptions = {},
): SignedRankTest | Insufficient => {
  const bad = unusable(differences)
  if (bad !== null) return bad
  const { method = 'auto', zeros = 'drop', continuity = false } = options
  const used = zeros === 'drop' ? differences.filter((d) => d !== 0) : differences
  const rankOf = ranks(used.map(Math.abs))
  const kept = used.flatMap((d, i) => (d === 0 ? [] : [{ d, rank: rankOf[i] as number }]))
  if (kept.length === 0) return insufficient('constant', 'no pair differs')
  const statistic = sum(kept.map(({ d, rank }) => (d > 0 ? rank : 0)))
  const base = { statistic, n: kept.length }
  if (method === 'exact' || (method === 'auto' && kept.length <= 50))
    return {
      ...base,
      method: 'exact',
      p: exactTwoSided(
        kept.map(({ rank }) => rank),
        statistic,
      ),
    }
  const n = used.length
  const zeroCount = n - kept.length
  const ties = sum(tieSizes(kept.map(({ d }) => Math.abs(d))).map((t) => t ** 3 - t))
  const centre = (n * (n + 1) - zeroCount * (zeroCount + 1)) / 4
  const variance = (n * (n + 1) * (2 * n + 1) - zeroCount * (zeroCount + 1) * (2 * zeroCount + 1)) / 24 - ties / 48
  const gap = Math.max(0, Math.abs(statistic - centre) - (continuity ? 0.5 : 0))
  return { ...base, method: 'normal', p: Math.min(1, 2 * normalSf(gap / Math.sqrt(variance))) }
}

export type RankSumTest = { readonly statistic: number; readonly p: number }

/**
 * Mann-Whitney's U of `first` against `second` (independent groups), normal approximation with tie correction, two-sided.
 * U counts pairs with first > second, ties half. Insufficient: empty, not-a-number, constant.
 */
export const mannWhitney = (
  first: readonly number[],
  second: readonly number[],
  options: { readonly continuity?: boolean | undefined } = {},
): RankSumTest | Insufficient => {
  const bad = unusable(first) ?? unusable(second)
  if (bad !== null) return bad
  const pooled = [...first, ...second]
  const rankOf = ranks(pooled)
  const m = first.length
  const n = second.length
  const statistic = sum(rankOf.slice(0, m)) - (m * (m + 1)) / 2
  const ties = sum(tieSizes(pooled).map((t) => t ** 3 - t))
  const variance = ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1)))
  if (!(variance > 0)) return insufficient('constant')
  const gap = Math.max(0, Math.abs(statistic - (m * n) / 2) - (options.continuity === true ? 0.5 : 0))
  return { statistic, p: Math.min(1, 2 * normalSf(gap / Math.sqrt(variance))) }
}
