import { erfc } from './error-function.ts'
import { stirlingError } from './gamma-function.ts'
import { requireThat } from './result.ts'

/** Φ(−x): here so that this file stands below the facade. */
const normalUpper = (x: number): number => 0.5 * erfc(x / Math.SQRT2)

/**
 * E[g(s)] for s = √(χ²_df/df). The density of log s is analytic and dies at least exponentially on both sides, so the
 * trapezoidal rule converges faster than any power; all terms keep their sign, so far tails keep their relative accuracy.
 * `roughness` is the steepness of g in log s, which narrows the step
 * (a probability of t·s against delta turns where t·s ≈ delta, so its steepness there is about delta, whatever t).
 */
export const expectationOverScale = (df: number, roughness: number, g: (s: number) => number): number => {
  requireThat(df > 0, `degrees of freedom are positive, not ${df}`)
  if (df === Infinity) return g(1)
  // log density of u = log s at u = 0, by Stirling's form of Γ(df/2): √(df/π)·exp(−stirlingError(df/2)).
  const constant = Math.sqrt(df / Math.PI) * Math.exp(-stirlingError(df / 2))
  const density = (u: number): number => constant * Math.exp(df * (u - Math.expm1(2 * u) / 2))
  const width = 1 / Math.sqrt(2 * df)
  const step = Math.min(0.08, width / 3, 0.5 / (1 + roughness))
  let sum = 0
  for (const direction of [1, -1]) {
    for (let i = direction === 1 ? 0 : 1; i < 100_000; i++) {
      const u = direction * i * step
      const weight = density(u)
      if (weight === 0 || (i * step > 3 * width && weight < 1e-320)) break
      const term = weight * g(Math.exp(u))
      sum += term
      if (i * step > 8 * width && weight < 1e-22 * sum && term < 1e-20 * sum) break
    }
  }
  return sum * step
}

/**
 * P(T > t) for T noncentral t with `df` degrees of freedom and noncentrality `delta`: E[Φ(delta − t·s)], s² ~ χ²/df.
 * Relative error about 1e-13, also in the far tails, where series forms turn into NaN.
 */
export const noncentralTSf = (t: number, df: number, delta: number): number =>
  Math.min(
    1,
    expectationOverScale(df, Math.abs(delta), (s) => normalUpper(t * s - delta)),
  )

/** P(T ≤ t), each tail computed by itself. */
export const noncentralTCdf = (t: number, df: number, delta: number): number => noncentralTSf(-t, df, -delta)
