import { finiteMean, isConstant, sorted, sum, unusable } from './describe.ts'
import { normalQuantile, normalSf } from './distributions.ts'
import { type Insufficient, insufficient } from './result.ts'

export type NormalityTest = { readonly statistic: number; readonly p: number; readonly n: number }

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((value, c) => value * x + c, 0)

/** Royston's approximate weights of the order statistics, antisymmetric; the upper half, largest first. */
const upperWeights = (n: number): number[] => {
  const half = Math.floor(n / 2)
  if (n === 3) return [Math.SQRT1_2]
  const scores = Array.from({ length: half }, (_, i) => -normalQuantile((i + 1 - 0.375) / (n + 0.25)))
  const squares = 2 * sum(scores.map((m) => m * m))
  const root = Math.sqrt(squares)
  const r = 1 / Math.sqrt(n)
  const [m1 = 0, m2 = 0] = scores
  const first = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], r) + m1 / root
  if (n <= 5) {
    const factor = Math.sqrt((squares - 2 * m1 * m1) / (1 - 2 * first * first))
    return scores.map((m, i) => (i === 0 ? first : m / factor))
  }
  const second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], r) + m2 / root
  const factor = Math.sqrt((squares - 2 * m1 * m1 - 2 * m2 * m2) / (1 - 2 * first * first - 2 * second * second))
  return scores.map((m, i) => (i === 0 ? first : i === 1 ? second : m / factor))
}

const pValue = (w: number, n: number): number => {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75))))
  const y = Math.log1p(-w)
  if (n <= 11) {
    const gamma = polynomial([-2.273, 0.459], n)
    if (y >= gamma) return 1e-99
    const m = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n)
    const s = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n))
    return normalSf((-Math.log(gamma - y) - m) / s)
  }
  const x = Math.log(n)
  const m = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], x)
  return normalSf((y - m) / Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], x)))
}

/**
 * Shapiro and Wilk's test of normality, 3 ≤ n ≤ 5000, for descriptive use: no analysis of ours is chosen by it.
 * Source: Royston 1995, AS R94. Insufficient: empty, not-a-number, too-few-units, constant, out-of-domain (n > 5000).
 */
export const shapiroWilk = (values: readonly number[]): NormalityTest | Insufficient => {
  const bad = unusable(values)
  if (bad !== null) return bad
  const n = values.length
  if (n < 3) return insufficient('too-few-units')
  if (n > 5000) return insufficient('out-of-domain', 'the approximation holds up to 5000 values')
  if (isConstant(values)) return insufficient('constant')
  const ascending = sorted(values)
  const centre = finiteMean(ascending)
  const weights = upperWeights(n)
  const contrast = sum(weights.map((a, i) => a * ((ascending[n - 1 - i] as number) - (ascending[i] as number))))
  const norm = 2 * sum(weights.map((a) => a * a))
  const squares = sum(ascending.map((x) => (x - centre) ** 2))
  const statistic = Math.min(1, (contrast * contrast) / (norm * squares))
  return { statistic, p: pValue(statistic, n), n }
}
