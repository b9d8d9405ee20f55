import { binomialCdf, binomialPmf, chiSquareSf } from './distributions.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

export type McNemarTest = {
  /** Discordant pairs: only the first passed, only the second passed. */
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly p: number
  /** The smaller discordant count for the exact forms, χ² for the others. */
  readonly statistic: number
  readonly method: 'exact' | 'mid-p' | 'chi-square' | 'chi-square-corrected'
}

/**
 * McNemar's test on the discordant counts b and c of pairs with one verdict each (one repetition, or majority-voted).
 * exact: min(1, 2·BinCDF(min; b+c, ½)); mid-p: that minus P(X = min), 1 when b = c; chi-square: (b−c)²/(b+c);
 * corrected: (|b−c|−1)²/(b+c). Source: McNemar 1947; Fagerland, Lydersen, Laake 2013 (mid-p).
 * No discordant pair: p is 1 for the exact forms (nothing speaks against the null), insufficient for χ².
 */
export const mcnemar = (
  onlyFirst: number,
  onlySecond: number,
  method: McNemarTest['method'] = 'exact',
): McNemarTest | Insufficient => {
  if (Number.isNaN(onlyFirst) || Number.isNaN(onlySecond)) return insufficient('not-a-number')
  requireThat(
    [onlyFirst, onlySecond].every((k) => Number.isInteger(k) && k >= 0),
    'discordant counts are whole numbers from 0 on',
  )
  const discordant = onlyFirst + onlySecond
  const smaller = Math.min(onlyFirst, onlySecond)
  const gap = Math.abs(onlyFirst - onlySecond)
  const counts = { onlyFirst, onlySecond, method }
  if (method === 'exact' || method === 'mid-p') {
    const both = Math.min(1, 2 * binomialCdf(smaller, discordant, 0.5))
    const p = method === 'exact' || gap === 0 ? both : both - binomialPmf(smaller, discordant, 0.5)
    return { ...counts, p: gap === 0 ? 1 : p, statistic: smaller }
  }
  if (discordant === 0) return insufficient('no-discordant-pairs')
  const distance = method === 'chi-square-corrected' ? Math.max(0, gap - 1) : gap
  const statistic = (distance * distance) / discordant
  return { ...counts, p: chiSquareSf(statistic, 1), statistic }
}

/** Discordant counts of paired flags. Lists of equal length (RangeError otherwise). */
export const discordant = (
  first: readonly boolean[],
  second: readonly boolean[],
): { readonly bothPass: number; readonly onlyFirst: number; readonly onlySecond: number; readonly neither: number } => {
  requireThat(first.length === second.length, 'paired lists have equal length')
  const counts = { bothPass: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }
  first.forEach((a, i) => {
    const b = second[i]
    if (a && b) counts.bothPass++
    else if (a) counts.onlyFirst++
    else if (b) counts.onlySecond++
    else counts.neither++
  })
  return counts
}
