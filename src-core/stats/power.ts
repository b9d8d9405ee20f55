import { sum } from './describe.ts'
import { noncentralTCdf, noncentralTSf, normalCdf, normalQuantile, studentTQuantile } from './distributions.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'
import { increasingRoot } from './solve.ts'

/** Error rates of a plan: α (default .05), power (default .8), one or two sides (default two). */
export type Design = {
  readonly alpha?: number | undefined
  readonly power?: number | undefined
  readonly sides?: 1 | 2 | undefined
}

const largest = 1e12

const complete = (design: Design): { alpha: number; power: number; sides: 1 | 2 } => {
  const { alpha = 0.05, power = 0.8, sides = 2 } = design
  requireThat(alpha > 0 && alpha < 1, `alpha lies between 0 and 1, not ${alpha}`)
  requireThat(power > alpha && power < 1, `power lies between alpha and 1, not ${power}`)
  return { alpha, power, sides }
}

const powerOf = (noncentrality: number, df: number, alpha: number, sides: 1 | 2): number => {
  const critical = studentTQuantile(1 - alpha / sides, df)
  const upper = noncentralTSf(critical, df, noncentrality)
  return sides === 1 ? upper : Math.min(1, upper + noncentralTCdf(-critical, df, noncentrality))
}

/** Smallest real n ≥ 2 (per group) that reaches the power; refuses beyond 10¹². */
const smallestN = (powerAt: (n: number) => number, power: number): number | Insufficient => {
  let high = 4
  while (powerAt(high) < power) {
    high *= 2
    if (high > largest) return insufficient('out-of-domain', 'no practical number of cases shows so small an effect')
  }
  const low = high === 4 ? 2 : high / 2
  if (powerAt(low) >= power) return low
  return increasingRoot((n) => powerAt(n) - power, low, high)
}

/**
 * Power of the paired t test of `n` cases (real, ≥ 2) at d_z = effect/s_d: noncentral t with √n·d_z, both tails.
 * Source: statistics.md 4.10.
 */
export const pairedPower = (dz: number, n: number, design: Omit<Design, 'power'> = {}): number => {
  const { alpha, sides } = complete(design)
  requireThat(n >= 2, `a paired test needs two cases, not ${n}`)
  return powerOf(Math.sqrt(n) * (sides === 2 ? Math.abs(dz) : dz), n - 1, alpha, sides)
}

/** Cases (real; round up) for the power at d_z > 0. */
export const pairedSampleSize = (dz: number, design: Design = {}): number | Insufficient => {
  const { power } = complete(design)
  requireThat(dz !== 0 && Number.isFinite(dz), 'an effect of 0 is never found')
  return smallestN((n) => pairedPower(Math.abs(dz), n, design), power)
}

/** Minimum detectable effect of `n` cases in units of s_d. Insufficient: single-unit. */
export const pairedMinimumEffect = (n: number, design: Design = {}): number | Insufficient => {
  const { power } = complete(design)
  if (!(n >= 2)) return insufficient('single-unit')
  let high = 1
  while (pairedPower(high, n, design) < power) high *= 2
  return increasingRoot((d) => pairedPower(d, n, design) - power, 0, high)
}

/** Power of the pooled two-sample t test, `n` per group (real, ≥ 2), d = difference/σ: noncentral t with d·√(n/2), 2n − 2 df, both tails. */
export const twoSamplePower = (d: number, n: number, design: Omit<Design, 'power'> = {}): number => {
  const { alpha, sides } = complete(design)
  requireThat(n >= 2, `a group needs two cases, not ${n}`)
  return powerOf(Math.sqrt(n / 2) * (sides === 2 ? Math.abs(d) : d), 2 * n - 2, alpha, sides)
}

/** Cases per group (real; round up) of the two-sample t test. */
export const twoSampleSampleSize = (d: number, design: Design = {}): number | Insufficient => {
  const { power } = complete(design)
  requireThat(d !== 0 && Number.isFinite(d), 'an effect of 0 is never found')
  return smallestN((n) => twoSamplePower(Math.abs(d), n, design), power)
}

/**
 * Power of the two-proportion z test, `n` per group, pooled variance under the null; the tail on the wrong side (below
 * 1e-6 wherever the power is useful) is left out, as in the printed formula and in R's power.prop.test(strict = FALSE).
 * Source: Fleiss, Levin, Paik 2003, 4.2.
 */
export const proportionsPower = (p1: number, p2: number, n: number, design: Omit<Design, 'power'> = {}): number => {
  const { alpha, sides } = complete(design)
  const { pooled, spread } = proportionSpreads(p1, p2)
  return normalCdf((Math.sqrt(n) * Math.abs(p1 - p2) + normalQuantile(alpha / sides) * pooled) / spread)
}

/** Cases per group (real; round up) to tell two shares apart: [z_α√((p₁+p₂)(1−(p₁+p₂)/2)) + z_β√(p₁q₁+p₂q₂)]²/(p₁−p₂)². */
export const proportionsSampleSize = (p1: number, p2: number, design: Design = {}): number => {
  requireThat(p1 !== p2, 'an effect of 0 is never found')
  const { za, zb } = zSum(design)
  const { pooled, spread } = proportionSpreads(p1, p2)
  return ((za * pooled + zb * spread) / (p1 - p2)) ** 2
}

const proportionSpreads = (p1: number, p2: number): { pooled: number; spread: number } => {
  requireThat(Math.min(p1, p2) >= 0 && Math.max(p1, p2) <= 1, 'shares lie in [0, 1]')
  const spread = Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
  return { pooled: Math.sqrt((p1 + p2) * (1 - (p1 + p2) / 2)), spread }
}

const zSum = (design: Design): { za: number; zb: number } => {
  const { alpha, power, sides } = complete(design)
  return { za: -normalQuantile(alpha / sides), zb: normalQuantile(power) }
}

/**
 * Pairs (real; round up) for McNemar's test: [z_α√ψ + z_β√(ψ−δ²)]²/δ²; ψ share of discordant pairs, δ difference of the
 * two pass rates, |δ| ≤ ψ. Source: Connor 1987, rederived: under H₁ the mean of the signed pair is δ and its variance ψ − δ².
 */
export const mcnemarSampleSize = (discordantShare: number, difference: number, design: Design = {}): number => {
  requireThat(
    difference !== 0 && Math.abs(difference) <= discordantShare && discordantShare <= 1,
    'the difference is not 0 and at most the share of discordant pairs',
  )
  const { za, zb } = zSum(design)
  const root = za * Math.sqrt(discordantShare) + zb * Math.sqrt(discordantShare - difference * difference)
  return (root / difference) ** 2
}

/**
 * Cases (real; round up) to show non-inferiority when the true difference is `trueDifference` (default 0):
 * ((z_α + z_β)·s_d/(margin + true difference))²; one-sided by default.
 */
export const nonInferioritySampleSize = (
  sd: number,
  margin: number,
  design: Design & { readonly trueDifference?: number | undefined } = {},
): number => {
  const room = margin + (design.trueDifference ?? 0)
  requireThat(sd > 0 && room > 0, 'the spread and the room between truth and margin are positive')
  const { za, zb } = zSum({ sides: 1, ...design })
  return (((za + zb) * sd) / room) ** 2
}

/** Variances of a paired comparison: ω² of true case differences, σ² within a case for each side, repetitions K (Infinity allowed). */
export type PairedVariance = {
  readonly caseVariance: number
  readonly baseline: { readonly variance: number; readonly repetitions: number }
  readonly candidate: { readonly variance: number; readonly repetitions: number }
}

const perCase = ({ caseVariance, baseline, candidate }: PairedVariance): number => {
  const parts = [caseVariance, baseline.variance / baseline.repetitions, candidate.variance / candidate.repetitions]
  requireThat(
    parts.every((v) => v >= 0),
    'variances are not negative and repetitions positive',
  )
  return sum(parts)
}

/**
 * Cases (real; round up) with variance components: n = (z_{α/2}+z_β)²·(ω²+σ_A²/K_A+σ_B²/K_B)/δ².
 * Source: Miller, arXiv 2411.00640, equation 9.
 */
export const componentsSampleSize = (variance: PairedVariance, difference: number, design: Design = {}): number => {
  requireThat(difference !== 0, 'an effect of 0 is never found')
  const { za, zb } = zSum(design)
  return ((za + zb) ** 2 * perCase(variance)) / (difference * difference)
}

/** Minimum detectable difference of `n` cases with variance components: (z_{α/2}+z_β)·√(per-case variance/n). Source: Miller, equation 10. */
export const componentsMinimumDifference = (variance: PairedVariance, n: number, design: Design = {}): number => {
  requireThat(n > 0, 'a number of cases is positive')
  const { za, zb } = zSum(design)
  return (za + zb) * Math.sqrt(perCase(variance) / n)
}
