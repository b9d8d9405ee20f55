import { requireThat } from './result.ts'

export type MixtureTest = {
  /** Variance of one observation, known beforehand (in one arm, for two samples). */
  readonly variance: number
  /** Variance τ² of the normal mixture over the effect, fixed beforehand. */
  readonly mixingVariance: number
}

/**
 * log Λ of the mixture SPRT on one normal sample, effect 0 against N(0, τ²):
 * ½·log(σ²/(σ²+nτ²)) + n²τ²x̄²/(2σ²(σ²+nτ²)). `alwaysValidP` of its running maximum is the p. Source: Robbins 1970;
 * Johari, Pekelis, Walsh 2015.
 */
export const oneSampleMsprt = (mean: number, n: number, { variance, mixingVariance }: MixtureTest): number => {
  requireThat(variance > 0 && mixingVariance > 0 && n >= 0, 'a mixture test needs positive variances')
  const total = variance + n * mixingVariance
  return 0.5 * Math.log(variance / total) + (((n * mean) / variance) * ((n * mean) / total) * mixingVariance) / 2
}

/** The same for the difference of two arms with n observations each: σ² becomes 2σ². Source: Johari et al. 2015. */
export const twoSampleMsprt = (difference: number, n: number, test: MixtureTest): number =>
  oneSampleMsprt(difference, n, { ...test, variance: 2 * test.variance })
