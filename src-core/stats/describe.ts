import { type Insufficient, insufficient, requireThat } from './result.ts'

/** Σx with Neumaier's compensation: the result does not depend on the order of magnitudes. */
export const sum = (values: readonly number[]): number => {
  let total = 0
  let lost = 0
  for (const x of values) {
    const next = total + x
    if (Number.isFinite(next)) lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total
    total = next
  }
  return total + lost
}

/** 'empty' or 'not-a-number' when the data cannot be averaged; null when they can. */
export const unusable = (values: readonly number[]): Insufficient | null => {
  if (values.length === 0) return insufficient('empty')
  for (const x of values) if (!Number.isFinite(x)) return insufficient('not-a-number')
  return null
}

/** Arithmetic mean; null for empty data or data with a value that is not finite. */
export const mean = (values: readonly number[]): number | null =>
  unusable(values) === null ? finiteMean(values) : null

/** Mean of data known to be finite and not empty: a second pass removes what the first one rounded away. */
export const finiteMean = (values: readonly number[]): number => {
  const first = sum(values) / values.length
  let rest = 0
  for (const x of values) rest += x - first
  return first + rest / values.length
}

/**
 * Are all values equal up to rounding? `scale` is the largest magnitude the values were computed from (a difference of two
 * large numbers inherits their rounding error).
 */
export const isConstant = (values: readonly number[], scale = 0): boolean => {
  let low = Infinity
  let high = -Infinity
  for (const x of values) {
    if (x < low) low = x
    if (x > high) high = x
  }
  return high - low <= 4e-15 * Math.max(scale, Math.abs(low), Math.abs(high))
}

/** Largest magnitude among the values of all lists. */
export const magnitude = (...lists: readonly (readonly number[])[]): number => {
  let top = 0
  for (const list of lists) for (const x of list) if (Math.abs(x) > top) top = Math.abs(x)
  return top
}

/** Two-pass sample variance (÷(n−1)); null with fewer than two values or a value that is not finite. Chan, Golub, LeVeque 1983. */
export const sampleVariance = (values: readonly number[]): number | null => {
  if (values.length < 2) return null
  const centre = mean(values)
  if (centre === null) return null
  let squares = 0
  let rest = 0
  for (const x of values) {
    const e = x - centre
    squares += e * e
    rest += e
  }
  return Math.max(0, squares - (rest * rest) / values.length) / (values.length - 1)
}

/** Sample standard deviation (÷(n−1)), in the unit of the values; null where the variance is. */
export const sampleSd = (values: readonly number[]): number | null => {
  const variance = sampleVariance(values)
  return variance === null ? null : Math.sqrt(variance)
}

/** Sample covariance (÷(n−1)) of two lists of equal length; null with fewer than two pairs or a value that is not finite. */
export const sampleCovariance = (a: readonly number[], b: readonly number[]): number | null => {
  requireThat(a.length === b.length, 'paired lists have equal length')
  const meanA = mean(a)
  const meanB = mean(b)
  if (a.length < 2 || meanA === null || meanB === null) return null
  return sum(a.map((x, i) => (x - meanA) * ((b[i] as number) - meanB))) / (a.length - 1)
}

/** Σwx/Σw, weights ≥ 0 and not all 0 (RangeError otherwise); null as in `mean`. */
export const weightedMean = (values: readonly number[], weights: readonly number[]): number | null => {
  requireWeights(values, weights)
  if (unusable(values) !== null) return null
  const total = sum(weights)
  const first = sum(values.map((x, i) => x * (weights[i] as number))) / total
  return first + sum(values.map((x, i) => (x - first) * (weights[i] as number))) / total
}

export const requireWeights = (values: readonly number[], weights: readonly number[]): void => {
  requireThat(values.length === weights.length, 'each value has one weight')
  requireThat(
    weights.every((w) => Number.isFinite(w) && w >= 0),
    'weights are finite and not negative',
  )
  requireThat(values.length === 0 || weights.some((w) => w > 0), 'at least one weight is positive')
}

/** Running moments of a stream; plain data, so that it can be stored. Source: Welford 1962. */
export type RunningMoments = { readonly n: number; readonly mean: number; readonly squares: number }
/** The moments of no value: where `withValue` starts. */
export const noMoments: RunningMoments = { n: 0, mean: 0, squares: 0 }
/** The moments after one more value. Throws RangeError for a value that is not finite. */
export const withValue = (moments: RunningMoments, x: number): RunningMoments => {
  requireThat(Number.isFinite(x), `a value is a finite number, not ${x}`)
  const n = moments.n + 1
  const before = x - moments.mean
  const centre = moments.mean + before / n
  return { n, mean: centre, squares: moments.squares + before * (x - centre) }
}
/** Moments of two streams together. Source: Chan, Golub, LeVeque 1979. */
export const mergedMoments = (a: RunningMoments, b: RunningMoments): RunningMoments => {
  const n = a.n + b.n
  if (n === 0) return noMoments
  const gap = b.mean - a.mean
  return { n, mean: a.mean + (gap * b.n) / n, squares: a.squares + b.squares + gap * gap * ((a.n * b.n) / n) }
}
/** Sample standard deviation of a stream; null with fewer than two values. */
export const runningSd = (moments: RunningMoments): number | null =>
  moments.n < 2 ? null : Math.sqrt(moments.squares / (moments.n - 1))

/** A sorted copy; `sort()` alone would compare as text. */
export const sorted = (values: readonly number[]): number[] => Array.from(Float64Array.from(values).sort())

/** Type-7 quantile (R's default, Hyndman and Fan 1996), 0 ≤ p ≤ 1; null as in `mean`. */
export const quantile = (values: readonly number[], p: number): number | null => {
  requireThat(p >= 0 && p <= 1, `a probability lies in [0, 1], not ${p}`)
  return unusable(values) === null ? quantileOfSorted(sorted(values), p) : null
}

/** Type-7 quantile of ascending, finite, non-empty data. */
export const quantileOfSorted = (ascending: ArrayLike<number>, p: number): number => {
  const position = (ascending.length - 1) * p
  // R's fuzz: a position that is a whole number up to rounding is that whole number.
  const below = Math.floor(position + 4 * Number.EPSILON)
  const share = position - below
  const low = ascending[below] as number
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number
  return Math.abs(share) < 4e-15 || low === high ? low : low + share * (high - low)
}

/** Type-7 median; null as in `mean`. */
export const median = (values: readonly number[]): number | null => quantile(values, 0.5)

/** exp(mean of logs); null as in `mean`, and when a value is not positive. */
export const geometricMean = (values: readonly number[]): number | null => {
  const logs = mean(values.map((x) => (x > 0 ? Math.log(x) : Number.NaN)))
  return logs === null ? null : Math.exp(logs)
}

/** Mid-ranks from 1 on; ties share their mean rank. */
export const ranks = (values: readonly number[]): number[] => {
  const order = values.map((_, i) => i).sort((i, j) => (values[i] as number) - (values[j] as number))
  const result = Array.from<number>({ length: values.length })
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++
    for (let i = from; i <= to; i++) result[order[i] as number] = (from + to) / 2 + 1
    from = to + 1
  }
  return result
}

/** Sizes of groups of equal values. */
export const tieSizes = (values: readonly number[]): number[] => {
  const counts = new Map<number, number>()
  for (const x of values) counts.set(x, (counts.get(x) ?? 0) + 1)
  return [...counts.values()]
}
