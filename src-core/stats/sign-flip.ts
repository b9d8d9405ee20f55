import { requireWeights, sum, unusable, weightedMean } from './describe.ts'
import type { Grouping } from './mean-estimate.ts'
import { type Alternative, type Insufficient, insufficient, requireThat } from './result.ts'

export type SignFlipTest = {
  /** Weighted mean of the differences. */
  readonly estimate: number
  /** Σ w·d, the sum whose signs are flipped. */
  readonly statistic: number
  readonly p: number
  /** Independent units: whole clusters are flipped. */
  readonly units: number
  readonly n: number
  readonly exact: boolean
  /** Sign patterns counted: 2^units when exact, else the number of random ones. */
  readonly patterns: number
  readonly alternative: Alternative
}

export type SignFlipOptions = Grouping & {
  readonly alternative?: Alternative | undefined
  /** Exact up to this many units with a difference, at most 40; default 30. */
  readonly exactUpTo?: number | undefined
  /** Random patterns beyond; default 20,000. */
  readonly resamples?: number | undefined
  /** Counter-based draws in [0, 1), needed beyond `exactUpTo`: equal index, equal number. */
  readonly uniform?: ((index: number) => number) | undefined
}

/** All 2^n signed sums, ascending: merged from two shifted copies, one element at a time. */
const signedSums = (values: readonly number[]): Float64Array => {
  let sums = Float64Array.of(0)
  for (const x of values) {
    const step = Math.abs(x)
    const next = new Float64Array(sums.length * 2)
    let low = 0
    let high = 0
    for (let k = 0; k < next.length; k++) {
      const a = low < sums.length ? (sums[low] as number) - step : Infinity
      const b = (sums[high] as number) + step
      if (a <= b) {
        next[k] = a
        low++
      } else {
        next[k] = b
        high++
      }
    }
    sums = next
  }
  return sums
}

/** Number of pairs (x of a, y of b) with x + y ≥ bound; both ascending. */
const countAtLeast = (a: Float64Array, b: Float64Array, bound: number): number => {
  let count = 0
  let j = b.length
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number
    while (j > 0 && x + (b[j - 1] as number) >= bound) j--
    count += b.length - j
  }
  return count
}

/** #{Σ±t ≥ bound} over all 2^n sign patterns, by meeting in the middle: 2^(n/2) work, no running rounding error. */
const exactCount = (totals: readonly number[], bound: number): number => {
  const half = totals.length >> 1
  return countAtLeast(signedSums(totals.slice(0, half)), signedSums(totals.slice(half)), bound)
}

/**
 * Sign-flip permutation test of differences, one per case: under the null each unit's sign is a coin. Exact
 * p = #{|Σs·t| ≥ |Σt| − tolerance}/2^units, Monte Carlo p = (b+1)/(B+1); t_g = Σ_{i∈g} w_i·d_i, whole clusters flip.
 * Floating ties must count, so the tolerance is 1e-10·Σ|t|: relative, so that units of cost change nothing. The least
 * two-sided p is 2/2^units: fewer than 6 units cannot reach .05. Units without a difference leave p unchanged and are not
 * enumerated. Source: statistics.md 4.2; Fisher 1935; Phipson and Smyth 2010 for (b+1)/(B+1).
 * Insufficient: empty, not-a-number, constant (all differences are 0).
 */
export const signFlip = (
  differences: readonly number[],
  options: SignFlipOptions = {},
): SignFlipTest | Insufficient => {
  const bad = unusable(differences)
  if (bad !== null) return bad
  const { alternative = 'two-sided', exactUpTo = 30, resamples = 20_000, clusters } = options
  requireThat(exactUpTo <= 40, 'an exact test of more than 40 units would not end')
  requireThat(clusters === undefined || clusters.length === differences.length, 'each value has one cluster key')
  const weights = options.weights ?? differences.map(() => 1)
  requireWeights(differences, weights)
  const byUnit = new Map<string | number, number>()
  let n = 0
  differences.forEach((d, i) => {
    const w = weights[i] as number
    if (w === 0) return
    n++
    const key = clusters === undefined ? i : (clusters[i] as string | number)
    byUnit.set(key, (byUnit.get(key) ?? 0) + w * d)
  })
  const all = [...byUnit.values()]
  const size = sum(all.map(Math.abs))
  const noise = 1e-14 * Math.max(size, (options.scale ?? 0) * sum(weights))
  const totals = all.filter((t) => Math.abs(t) > noise)
  if (totals.length === 0) return insufficient('constant', 'no unit differs')
  const statistic = sum(totals)
  const tolerance = 1e-10 * size
  const twoSided = alternative === 'two-sided'
  const observed = twoSided ? Math.abs(statistic) : alternative === 'greater' ? statistic : -statistic
  const bound = observed - tolerance
  const estimate = weightedMean(differences, weights) as number
  const common = { estimate, statistic, units: all.length, n, alternative }
  if (totals.length <= exactUpTo) {
    const patterns = 2 ** totals.length
    // The distribution is symmetric: both tails are one tail twice, unless every pattern is at least as extreme.
    const count = exactCount(totals, bound)
    const p = twoSided ? (bound <= 0 ? 1 : (2 * count) / patterns) : count / patterns
    return { ...common, p, exact: true, patterns: 2 ** all.length }
  }
  const { uniform } = options
  if (uniform === undefined)
    throw new RangeError(`${totals.length} units need random sign patterns: pass \`uniform\`, or raise exactUpTo`)
  const extreme = randomExtremes(totals, { bound, twoSided, resamples, uniform })
  return { ...common, p: (extreme + 1) / (resamples + 1), exact: false, patterns: resamples }
}

type RandomPatterns = {
  readonly bound: number
  readonly twoSided: boolean
  readonly resamples: number
  readonly uniform: (index: number) => number
}

const randomExtremes = (totals: readonly number[], { bound, twoSided, resamples, uniform }: RandomPatterns): number => {
  // 32 signs from each draw.
  const draws = Math.ceil(totals.length / 32)
  let extreme = 0
  for (let b = 0; b < resamples; b++) {
    let flipped = 0
    for (let k = 0; k < draws; k++) {
      let bits = Math.floor(uniform(b * draws + k) * 4294967296)
      const end = Math.min(totals.length, (k + 1) * 32)
      for (let i = k * 32; i < end; i++) {
        const t = totals[i] as number
        flipped += bits & 1 ? t : -t
        bits >>>= 1
      }
    }
    if (twoSided ? Math.abs(flipped) >= bound : flipped >= bound) extreme++
  }
  return extreme
}
