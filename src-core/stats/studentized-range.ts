import { erfc } from './error-function.ts'
import { expectationOverScale } from './noncentral-t.ts'
import { requireThat } from './result.ts'

/** A range of normals wider than this has no probability in doubles. */
const beyond = 75
/** w·density(w) of the range of up to a few hundred means stays below this. */
const steepness = 10

const sqrtTwoPi = Math.sqrt(2 * Math.PI)

/** Φ(z + w) − Φ(z), w ≥ 0, from the smaller tails. */
const between = (z: number, w: number): number =>
  z > 0
    ? 0.5 * (erfc(z / Math.SQRT2) - erfc((z + w) / Math.SQRT2))
    : 0.5 * (erfc(-(z + w) / Math.SQRT2) - erfc(-z / Math.SQRT2))

/** P(range of k standard normals ≤ w) = k ∫ φ(z)·[Φ(z+w) − Φ(z)]^(k−1) dz by the trapezoidal rule, exact for such integrands. */
const rangeCdf = (w: number, k: number): number => {
  if (w <= 0) return 0
  if (w > beyond) return 1
  const step = 0.125
  let sum = 0
  for (let z = -9 - w / 2; z <= 9; z += step) sum += Math.exp(-0.5 * z * z) * between(z, w) ** (k - 1)
  return Math.min(1, (k * step * sum) / sqrtTwoPi)
}

/** P(range > w) = k ∫ φ(z)·(Φ̄(z)^(k−1) − [Φ(z+w) − Φ(z)]^(k−1)) dz, since k ∫ φ·Φ̄^(k−1) = 1. */
const rangeSf = (w: number, k: number): number => {
  if (w <= 0) return 1
  if (w > beyond) return 0
  const step = 0.125
  let sum = 0
  for (let z = -9 - w / 2; z <= 9; z += step) {
    const above = 0.5 * erfc(z / Math.SQRT2)
    const tail = 0.5 * erfc((z + w) / Math.SQRT2)
    // above^m − (above − tail)^m without cancellation.
    const power = above ** (k - 1)
    sum += Math.exp(-0.5 * z * z) * power * -Math.expm1((k - 1) * Math.log1p(-Math.min(1, tail / above)))
  }
  return Math.min(1, (k * step * sum) / sqrtTwoPi)
}

const requireArguments = (q: number, k: number): void => {
  requireThat(Number.isInteger(k) && k >= 2, `a studentised range needs two or more means, not ${k}`)
  requireThat(q >= 0, `a studentised range is not negative, not ${q}`)
}

/** P(Q ≤ q), studentised range of `k` means with `df` degrees of freedom (Infinity allowed). */
export const studentizedRangeCdf = (q: number, k: number, df: number): number => {
  requireArguments(q, k)
  return Math.min(
    1,
    expectationOverScale(df, steepness, (s) => rangeCdf(q * s, k)),
  )
}

/** P(Q > q), accurate in the tail. */
export const studentizedRangeSf = (q: number, k: number, df: number): number => {
  requireArguments(q, k)
  return Math.min(
    1,
    expectationOverScale(df, steepness, (s) => rangeSf(q * s, k)),
  )
}

/** Density of the range of k standard normals: k(k−1) ∫ φ(z)·φ(z+w)·[Φ(z+w) − Φ(z)]^(k−2) dz. */
const rangePdf = (w: number, k: number): number => {
  if (w < 0 || w > beyond) return 0
  const step = 0.125
  let sum = 0
  for (let z = -9 - w / 2; z <= 9; z += step) {
    const densities = Math.exp(-0.5 * (z * z + (z + w) * (z + w)))
    sum += densities * (k === 2 ? 1 : between(z, w) ** (k - 2))
  }
  return (k * (k - 1) * step * sum) / (2 * Math.PI)
}

/** Density of the studentised range. */
export const studentizedRangePdf = (q: number, k: number, df: number): number => {
  requireArguments(q, k)
  return expectationOverScale(df, steepness, (s) => s * rangePdf(q * s, k))
}
