import { logBeta } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireThat } from './result.ts'
import { normalMixtureRho, requireAlpha } from './sequential-normal.ts'
import { increasingRoot } from './solve.ts'

export type BernoulliOptions = {
  readonly alpha?: number | undefined
  /** Number of observations at which the sequence is tightest, fixed beforehand; default 100. */
  readonly optimalUnits?: number | undefined
}

/**
 * log E of "each of n observations succeeds with probability p", after k successes: the beta-binomial mixture
 * lnB(r/p+n−k, r/q+k) − lnB(r/p, r/q) − k·ln p − (n−k)·ln q, q = 1−p, r = max(ρ−pq, .001·pq), ρ tuned at t_opt·pq.
 * Source: Howard et al. (arXiv 1810.08240) and their confseq.
 */
export const bernoulliLogE = (successes: number, n: number, p: number, options: BernoulliOptions = {}): number => {
  requireThat(p > 0 && p < 1, `a probability to test lies between 0 and 1, not ${p}`)
  const { alpha = 0.05, optimalUnits = 100 } = options
  const q = 1 - p
  const rho = normalMixtureRho({ optimalTime: optimalUnits * p * q, alpha })
  const r = Math.max(rho - p * q, 1e-3 * p * q)
  const failures = n - successes
  const mixture = logBeta(r / p + failures, r / q + successes) - logBeta(r / p, r / q)
  return mixture - successes * Math.log(p) - failures * Math.log(q)
}

export type BernoulliSequence = {
  readonly estimate: number
  readonly ci: Bounds
  readonly level: number
  readonly n: number
}

/**
 * Confidence sequence {p : log E(p) < log(1/α)} of a success probability: covers at all n at once with probability 1 − α.
 * All failures or all successes keep the exact end 0 or 1. Insufficient: empty.
 */
export const bernoulliSequence = (
  successes: number,
  n: number,
  options: BernoulliOptions = {},
): BernoulliSequence | Insufficient => {
  const { alpha = 0.05 } = options
  requireAlpha(alpha)
  requireThat(
    Number.isInteger(n) && Number.isInteger(successes) && successes >= 0 && successes <= n,
    `successes are counted among n, not ${successes} of ${n}`,
  )
  if (n === 0) return insufficient('empty')
  const target = -Math.log(alpha)
  const estimate = successes / n
  const excess = (p: number): number => bernoulliLogE(successes, n, p, options) - target
  // E falls towards the estimate from both sides; the searched ends are as far out as doubles resolve.
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, estimate))
  const low = successes === 0 ? 0 : increasingRoot((p) => -excess(p), 1e-15, inside)
  const high = successes === n ? 1 : increasingRoot(excess, inside, 1 - 1e-15)
  return { estimate, ci: [low, high], level: 1 - alpha, n }
}

/**
 * Difference of two independent arms' success probabilities (candidate − baseline) at all times at once: each arm's
 * sequence at α/2, ends subtracted. For unpaired traffic; paired cases use `bettingSequence` on the difference.
 * Insufficient: empty.
 */
export const bernoulliDifference = (
  candidate: { readonly successes: number; readonly n: number },
  baseline: { readonly successes: number; readonly n: number },
  options: BernoulliOptions = {},
): { readonly estimate: number; readonly ci: Bounds; readonly level: number } | Insufficient => {
  const { alpha = 0.05 } = options
  const each = { ...options, alpha: alpha / 2 }
  const a = bernoulliSequence(candidate.successes, candidate.n, each)
  const b = bernoulliSequence(baseline.successes, baseline.n, each)
  if ('kind' in a) return a
  if ('kind' in b) return b
  return { estimate: a.estimate - b.estimate, ci: [a.ci[0] - b.ci[1], a.ci[1] - b.ci[0]], level: 1 - alpha }
}
