import { normalLogCdf } from './distributions.ts'
import { requireThat } from './result.ts'
import { increasingRoot } from './solve.ts'

/**
 * Normal-mixture boundaries for a sum S with intrinsic time (variance) V. They hold at all times at once, so a running
 * experiment may be looked at after every unit. Everything is in logs. Source: Howard, Ramdas, McAuliffe, Sekhon 2021
 * (arXiv 1810.08240), statistics.md section 5.
 */

export const requireAlpha = (alpha: number): void =>
  requireThat(alpha > 0 && alpha < 1, `alpha lies between 0 and 1, not ${alpha}`)

/** s − log(1+s) = −2·log α, by Newton: equals −W₋₁(−α²/e) − 1, without Lambert's function. */
const mixtureScale = (alpha: number): number => {
  const target = -2 * Math.log(alpha)
  let s = target + Math.log1p(target)
  for (let step = 0; step < 50; step++) {
    const next = s - (s - Math.log1p(s) - target) * ((1 + s) / s)
    if (Math.abs(next - s) <= 1e-16 * s) return next
    s = next
  }
  return s
}

export type MixtureTuning = {
  /** Intrinsic time at which the boundary is tightest; fix it before the data. Any value keeps the error rate. */
  readonly optimalTime: number
  readonly alpha?: number | undefined
  /** 'approximate' is Howard's closed form, 'exact' the true optimum; default approximate. */
  readonly method?: 'approximate' | 'exact' | undefined
}

/** ρ = v_opt/(2·log(1/α) + log(1 + 2·log(1/α))), or exactly v_opt/(−W₋₁(−α²/e) − 1). Unit: that of V. */
export const normalMixtureRho = ({ optimalTime, alpha = 0.05, method = 'approximate' }: MixtureTuning): number => {
  requireAlpha(alpha)
  requireThat(optimalTime > 0, `the time to tune for is positive, not ${optimalTime}`)
  const loss = -2 * Math.log(alpha)
  return optimalTime / (method === 'exact' ? mixtureScale(alpha) : loss + Math.log1p(loss))
}

/** log E of the two-sided normal mixture: ½·log(ρ/(V+ρ)) + S²/(2(V+ρ)); an e-process of "the sum has mean 0". */
export const normalMixtureLogE = (sum: number, variance: number, rho: number): number =>
  -0.5 * Math.log1p(variance / rho) + (sum / (variance + rho)) * (sum / 2)

/** |S| never passes √((V+ρ)(log(1+V/ρ) + 2·log(1/α))) with probability 1 − α, at any time. */
export const normalMixtureBound = (variance: number, rho: number, alpha = 0.05): number => {
  requireAlpha(alpha)
  return Math.sqrt((variance + rho) * (Math.log1p(variance / rho) - 2 * Math.log(alpha)))
}

/** ρ for the one-sided mixture: tuned at 2α. */
export const oneSidedMixtureRho = (tuning: MixtureTuning): number =>
  normalMixtureRho({ ...tuning, alpha: Math.min(1 - 1e-9, 2 * (tuning.alpha ?? 0.05)) })

/** log E of the one-sided mixture: ½·log(4ρ/(V+ρ)) + S²/(2(V+ρ)) + log Φ(S/√(V+ρ)); evidence that the sum drifts upwards. */
export const oneSidedMixtureLogE = (sum: number, variance: number, rho: number): number => {
  const total = variance + rho
  return 0.5 * Math.log((4 * rho) / total) + (sum / total) * (sum / 2) + normalLogCdf(sum / Math.sqrt(total))
}

/** S never passes this from below with probability 1 − α, at any time: where the one-sided log E is log(1/α). */
export const oneSidedMixtureBound = (variance: number, rho: number, alpha = 0.05): number => {
  requireAlpha(alpha)
  const target = -Math.log(alpha)
  // For S ≥ 0 the one-sided log E is at least the two-sided one, so its boundary lies below the two-sided one.
  const high = normalMixtureBound(variance, rho, alpha)
  return increasingRoot((s) => oneSidedMixtureLogE(s, variance, rho) - target, -high, high)
}

/** Always-valid p of an e-process: min(1, 1/max E), from the running maximum of log E. Source: statistics.md section 5. */
export const alwaysValidP = (maxLogE: number): number => Math.min(1, Math.exp(-maxLogE))

/** ρ² of the asymptotic confidence sequence, tightest at `optimalTime` units. Source: arXiv 2103.06476. */
export const asymptoticRhoSquared = ({ optimalTime, alpha = 0.05, method = 'exact' }: MixtureTuning): number =>
  1 / normalMixtureRho({ optimalTime, alpha, method })

/**
 * Half-width of the asymptotic confidence sequence of a mean of t units with standard deviation `sd`:
 * σ̂·√(2(tρ²+1)·log(√(tρ²+1)/α)/(t²ρ²)), in the unit of `sd`.
 */
export const asymptoticRadius = (
  sd: number,
  t: number,
  { alpha = 0.05, rhoSquared }: { readonly alpha?: number | undefined; readonly rhoSquared: number },
): number => {
  requireAlpha(alpha)
  requireThat(t > 0 && sd >= 0 && rhoSquared > 0, 'a radius needs units, a spread and a tuning')
  const grown = t * rhoSquared + 1
  return (sd / t) * Math.sqrt((2 * grown * (0.5 * Math.log(grown) - Math.log(alpha))) / rhoSquared)
}
