import { sum } from './describe.ts'
import { betaCdf, erfcScaled, logBeta, normalCdf, normalLogCdf, normalPdf } from './distributions.ts'
import { requireThat } from './result.ts'

/** ∫f over [low, high] by the trapezoidal rule, which converges exponentially for smooth f that vanishes at both ends. */
const trapezoid = (f: (x: number) => number, low: number, high: number, steps: number): number => {
  const h = (high - low) / steps
  return h * sum(Array.from({ length: steps + 1 }, (_, i) => f(low + i * h) * (i === 0 || i === steps ? 0.5 : 1)))
}

/** An arm's posterior (or sampling) distribution: normal, in any common unit. */
export type NormalArm = { readonly mean: number; readonly sd: number }

const requireArms = (arms: readonly NormalArm[]): void =>
  requireThat(
    arms.length > 0 && arms.every(({ mean, sd }) => Number.isFinite(mean) && Number.isFinite(sd) && sd > 0),
    'an arm has a finite mean and a positive sd',
  )

/**
 * P(arm is the largest) for independent normal arms, in the order given, by quadrature ∫φ_i(x)·Π_{j≠i}Φ_j(x)dx; sums to 1.
 * Throws RangeError for an sd that is not positive. Source: statistics.md section 6.
 */
export const probabilityBest = (arms: readonly NormalArm[]): number[] => {
  requireArms(arms)
  return arms.map((arm, i) =>
    trapezoid(
      (z) => {
        const x = arm.mean + z * arm.sd
        let log = 0
        arms.forEach((other, j) => {
          if (j !== i) log += normalLogCdf((x - other.mean) / other.sd)
        })
        return normalPdf(z) * Math.exp(log)
      },
      -12,
      12,
      // Fine enough for the narrowest rival, whose step in Φ must be resolved.
      Math.min(20_000, Math.ceil(480 * Math.max(1, ...arms.map((other) => arm.sd / other.sd)))),
    ),
  )
}

/** E[max of K independent standard normals]: times the SE, by how much the best of K equal variants is overrated. */
export const expectedMaximum = (k: number): number => {
  requireThat(Number.isInteger(k) && k >= 1, `a maximum is of one or more, not ${k}`)
  return trapezoid((x) => k * x * normalPdf(x) * Math.exp((k - 1) * normalLogCdf(x)), -12, 14, 1040)
}

/**
 * Expected improvement E[max(0, X − best)] of X ~ N(mean, sd²): (μ−f*)Φ(z)+σφ(z), z = (μ−f*)/σ. The expected loss of
 * choosing A over B is the same with X the difference B − A and best 0. Source: Močkus 1975; Jones et al. 1998.
 */
export const expectedImprovement = ({ mean, sd }: NormalArm, best: number): number => {
  requireThat(sd >= 0, 'a spread is not negative')
  if (sd === 0) return Math.max(0, mean - best)
  const z = (mean - best) / sd
  // Below 0 the two terms cancel; the scaled form keeps the digits.
  return z < -1
    ? Math.exp(logExpectedImprovement({ mean, sd }, best))
    : (mean - best) * normalCdf(z) + sd * normalPdf(z)
}

/** 1/√(2π) − (t/2)·erfcx(t/√2), which is φ-scaled EI at z = −t; by its asymptotic series where the two terms cancel. */
const scaledImprovement = (t: number): number => {
  if (t < 25) return 1 / Math.sqrt(2 * Math.PI) - (t / 2) * erfcScaled(t / Math.SQRT2)
  // 1 − t·Mills(t) = 1/t² − 3/t⁴ + 15/t⁶ − 105/t⁸ + ...
  const u = 1 / (t * t)
  const series = u * (1 - u * (3 - u * (15 - u * (105 - u * (945 - u * (10395 - u * 135135))))))
  return series / Math.sqrt(2 * Math.PI)
}

/**
 * log of the expected improvement, finite where it underflows (z = −30 and far below). Source: Ament et al. 2023; Optuna's
 * erfcx form. −Infinity for sd 0 without improvement.
 */
export const logExpectedImprovement = ({ mean, sd }: NormalArm, best: number): number => {
  if (sd === 0) return Math.log(Math.max(0, mean - best))
  const z = (mean - best) / sd
  if (z >= -1) return Math.log(expectedImprovement({ mean, sd }, best))
  return Math.log(sd) - (z * z) / 2 + Math.log(scaledImprovement(-z))
}

/** Expected loss of choosing `chosen` although `other` may be larger: E[max(0, other − chosen)], independent normals. */
export const expectedLoss = (chosen: NormalArm, other: NormalArm): number =>
  expectedImprovement({ mean: other.mean - chosen.mean, sd: Math.hypot(chosen.sd, other.sd) }, 0)

export type BetaArm = { readonly a: number; readonly b: number }

/** P(B > A) for independent beta posteriors, by quadrature over the logit. Throws RangeError for parameters not positive. */
export const probabilityBetaGreater = (arm: BetaArm, other: BetaArm): number => {
  requireThat(
    [arm.a, arm.b, other.a, other.b].every((x) => x > 0),
    'beta parameters are positive',
  )
  const logScale = logBeta(arm.a, arm.b)
  const centre = Math.log(arm.a / arm.b)
  // The logit of a beta has about this spread, and exponential tails of rate a and b.
  const spread = Math.sqrt(1 / arm.a + 1 / arm.b)
  const reach = 12 * spread + 40 / Math.min(arm.a, arm.b)
  return trapezoid(
    (u) => {
      const logX = -Math.log1p(Math.exp(-u))
      const logY = -Math.log1p(Math.exp(u))
      return Math.exp(arm.a * logX + arm.b * logY - logScale) * betaCdf(Math.exp(logX), other.a, other.b)
    },
    centre - reach,
    centre + reach,
    Math.ceil((2 * reach) / (spread / 16)),
  )
}
