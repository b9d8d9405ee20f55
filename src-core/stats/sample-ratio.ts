import { sum } from './describe.ts'
import { chiSquareSf } from './distributions.ts'
import { devianceTerm, logGamma } from './gamma-function.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'
import { alwaysValidP } from './sequential-normal.ts'

export type SampleRatioTest = { readonly statistic: number; readonly df: number; readonly p: number }

const normalised = (counts: readonly number[], weights: readonly number[] | undefined): number[] => {
  const raw = weights ?? counts.map(() => 1)
  requireThat(
    raw.length === counts.length && counts.length >= 2 && raw.every((w) => w > 0),
    'every arm has a positive share',
  )
  requireThat(
    counts.every((x) => Number.isInteger(x) && x >= 0),
    'units are counted in whole numbers',
  )
  const total = sum(raw)
  return raw.map((w) => w / total)
}

/**
 * Sample-ratio mismatch of a single look: χ² = Σ(O−E)²/E with k−1 df; alarm below .001 (an unequal split blocks every
 * verdict: Kohavi, Tang, Xu, ch. 21). `shares` are the planned ones, default equal. Insufficient: empty.
 */
export const sampleRatioTest = (
  counts: readonly number[],
  shares?: readonly number[],
): SampleRatioTest | Insufficient => {
  const pi = normalised(counts, shares)
  const n = sum(counts)
  if (n === 0) return insufficient('empty')
  const statistic = sum(counts.map((x, i) => (x - n * (pi[i] as number)) ** 2 / (n * (pi[i] as number))))
  return { statistic, df: counts.length - 1, p: chiSquareSf(statistic, counts.length - 1) }
}

/** lnΓ(z) less Stirling's (z−½)ln z − z + ½ln 2π. Small, so that the large parts can be cancelled before they are rounded. */
const gammaRest = (z: number): number =>
  z > 30
    ? (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * z * z)) / (z * z)) / (z * z)) / z
    : logGamma(z) - ((z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI))

/**
 * Sample-ratio mismatch that may be checked after every unit: log Bayes factor of the Dirichlet-multinomial mixture with
 * a = concentration·π against the planned shares π; `p` is always valid (pass the largest log BF seen so far to
 * `alwaysValidP` when watching). Written with Stirling's remainders, because the log-gammas of millions of units cancel.
 * Source: Lindon and Malek, NeurIPS 2022.
 */
export const sequentialSampleRatio = (
  counts: readonly number[],
  options: { readonly shares?: readonly number[]; readonly concentration?: number } = {},
): { readonly logBayesFactor: number; readonly p: number } => {
  const pi = normalised(counts, options.shares)
  const { concentration = 100 } = options
  requireThat(concentration > 0, 'a concentration is positive')
  const total = sum(counts) + concentration
  const parts = counts.map((x, i) => {
    const share = pi[i] as number
    const prior = concentration * share
    const posterior = prior + x
    const after = devianceTerm(posterior, total * share) - 0.5 * Math.log(posterior / total) + gammaRest(posterior)
    const before = -0.5 * Math.log(share) + gammaRest(prior)
    return after - before
  })
  // Each arm but one brings a factor √(2π/·): the counts of ½·ln z and ½·ln 2π that do not pair up.
  const scale = 0.5 * (counts.length - 1) * Math.log(concentration / total)
  const logBayesFactor = sum([...parts, scale, gammaRest(concentration) - gammaRest(total)])
  return { logBayesFactor, p: alwaysValidP(logBayesFactor) }
}
