import { normalSf } from './distributions.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

export type PairedScoreTest = {
  /** Standard normal under the null. */
  readonly statistic: number
  /** One-sided. */
  readonly p: number
  /** The null difference of the two pass rates, −margin. */
  readonly null: number
}

/**
 * Score test that the pass rate of the first is not lower by `margin` (a share, from 0 to below 1), from the discordant counts
 * of n pairs of one verdict each: z = (b−c+n·margin)/√(n(2q−margin(1+margin))), q the likelihood estimate of P(only second)
 * at the null difference −margin, p = 1−Φ(z). Margin 0: McNemar's z without correction. For the other side of an equivalence swap the counts.
 * Source: Tango 1998. Insufficient: empty, not-a-number, no-discordant-pairs (margin 0 only).
 */
export const pairedScoreTest = (
  pairs: number,
  onlyFirst: number,
  onlySecond: number,
  margin: number,
): PairedScoreTest | Insufficient => {
  if ([pairs, onlyFirst, onlySecond].some((count) => Number.isNaN(count))) return insufficient('not-a-number')
  requireThat(margin >= 0 && margin < 1, `a margin of pass rates lies from 0 to below 1, not ${margin}`)
  requireThat(
    [pairs, onlyFirst, onlySecond].every((k) => Number.isInteger(k) && k >= 0) && onlyFirst + onlySecond <= pairs,
    'counts are whole numbers from 0 on, and no more pairs differ than there are',
  )
  if (pairs === 0) return insufficient('empty')
  if (margin === 0 && onlyFirst + onlySecond === 0) return insufficient('no-discordant-pairs')
  const a = 2 * pairs
  const b = -onlyFirst - onlySecond - (2 * pairs - onlyFirst + onlySecond) * margin
  const c = onlySecond * margin * (1 + margin)
  const q = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a)
  const variance = pairs * (2 * q - margin * (1 + margin))
  const gap = onlyFirst - onlySecond + pairs * margin
  // No variance is left only where every pair differs for the worse, as under no other null.
  const statistic = variance > 0 ? gap / Math.sqrt(variance) : gap > 0 ? Infinity : -Infinity
  return { statistic, p: normalSf(statistic), null: margin === 0 ? 0 : -margin }
}
