import { normalLogSf } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'
import { increasingRoot } from './solve.ts'

export type ConditionalEstimate = { readonly estimate: number; readonly ci: Bounds; readonly level: number }

/**
 * What a winner is worth when only the set that chose it is at hand: conditional on having beaten the runner-up (a noisy
 * mean, taken as fixed), its mean is normal truncated to [runner-up, ∞). The estimate μ solves F_TN(x; μ, σ) = ½ and is
 * median-unbiased; the interval solves (1±level)/2. Often uselessly wide when the race was close, which is itself the
 * message: take a locked test set. Any unit, the same for all. Source: Andrews, Kitagawa, McCloskey 2024.
 * Insufficient: not-a-number, out-of-domain (the winner did not win).
 */
export const winnersCurse = (
  winner: number,
  runnerUp: number,
  se: number,
  level = 0.95,
): ConditionalEstimate | Insufficient => {
  requireLevel(level)
  requireThat(se > 0, `a standard error is positive, not ${se}`)
  if (!Number.isFinite(winner) || !Number.isFinite(runnerUp)) return insufficient('not-a-number')
  const gap = (winner - runnerUp) / se
  if (!(gap > 0)) return insufficient('out-of-domain', 'the winner does not lie above the runner-up')
  // In units of se above the runner-up: log of the survival ratio rises with the mean m.
  const meanAt = (probability: number): number => {
    const target = Math.log1p(-probability)
    const f = (m: number): number => normalLogSf(gap - m) - normalLogSf(-m) - target
    // For a mean far below, the excess over the runner-up is exponential: m ≈ log(1−q)/gap.
    let low = gap - 40
    while (f(low) > 0) low = 2 * low - 40
    return increasingRoot(f, low, gap + 40)
  }
  const value = (probability: number): number => runnerUp + se * meanAt(probability)
  const tail = (1 - level) / 2
  return { estimate: value(0.5), ci: [value(1 - tail), value(tail)], level }
}
