/**
 * The one facade of probability distributions. Everything inferential comes from our own series and continued fractions
 * (each tail computed by itself, never as 1 − the other; logarithms where numbers underflow); jStat, whose values hold
 * about seven digits, only starts the search for the studentised-range quantile. Arguments out of range throw RangeError.
 */
import jstat from 'jstat'
import { incompleteBeta, incompleteBetaInverseLogit, logBeta, logBetaFactor } from './beta-function.ts'
import { erfc, erfcScaled } from './error-function.ts'
import { devianceTerm, incompleteGamma, stirlingError, tailsFromLog } from './gamma-function.ts'
import { requireThat } from './result.ts'
import { studentizedRangeCdf, studentizedRangeSf } from './studentized-range.ts'

export { logBeta } from './beta-function.ts'
export { erf, erfc, erfcScaled } from './error-function.ts'
export { logGamma } from './gamma-function.ts'
export { noncentralTCdf, noncentralTSf } from './noncentral-t.ts'
export { studentizedRangeCdf, studentizedRangePdf, studentizedRangeSf } from './studentized-range.ts'

const requireProbability = (p: number): void => requireThat(p >= 0 && p <= 1, `a probability lies in [0, 1], not ${p}`)

/** Standard normal density. */
export const normalPdf = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
/** Φ(x). */
export const normalCdf = (x: number): number => 0.5 * erfc(-x / Math.SQRT2)
/** 1 − Φ(x), accurate in the upper tail. */
export const normalSf = (x: number): number => 0.5 * erfc(x / Math.SQRT2)
/** log(1 − Φ(x)): finite where the probability itself underflows. */
export const normalLogSf = (x: number): number =>
  x > 1 ? Math.log(erfcScaled(x / Math.SQRT2) / 2) - (x * x) / 2 : Math.log1p(-normalCdf(x))
/** log Φ(x). */
export const normalLogCdf = (x: number): number => normalLogSf(-x)

/** Φ⁻¹(p) for p in [0, 1]: a rational start (Abramowitz and Stegun 26.2.23), then Newton on log Φ of the smaller tail. */
export const normalQuantile = (p: number): number => {
  requireProbability(p)
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return p === 0 ? -Infinity : Infinity
  const centre = p - 0.5
  if (centre === 0) return 0
  const t = Math.sqrt(-2 * Math.log(tail))
  let x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  if (Math.abs(centre) < 0.2) {
    // Near the middle p − ½ is exact, and the half below x is an erf, which keeps its relative accuracy.
    for (let step = 0; step < 4; step++) {
      const half = x < 1 ? incompleteGamma(0.5, (x * x) / 2).lower / 2 : 0.5 - normalSf(x)
      x += (Math.abs(centre) - half) / normalPdf(x)
    }
    return Math.sign(centre) * x
  }
  for (let step = 0; step < 6; step++) {
    const logSf = normalLogSf(x)
    const hazard = Math.exp(-0.5 * x * x - logSf) / Math.sqrt(2 * Math.PI)
    const delta = (logSf - Math.log(tail)) / hazard
    x += delta
    if (Math.abs(delta) < 1e-16 * x) break
  }
  return p < 0.5 ? -x : x
}

const requireDf = (df: number): void => requireThat(df > 0, `degrees of freedom are positive, not ${df}`)

const beyondT = (t: number, df: number) => {
  const ratio = (t / df) * t
  // Beyond, t² overflows; the tail is its leading term, x^(df/2)/((df/2)·B(df/2, ½)) with x = df/t².
  if (!(ratio < 1e300)) {
    const logX = Math.log(df) - 2 * Math.log(Math.abs(t))
    return tailsFromLog('lower', (df / 2) * logX - Math.log(df / 2) - logBeta(df / 2, 0.5))
  }
  return incompleteBeta(df / 2, 0.5, 1 / (1 + ratio), ratio / (1 + ratio))
}

/** P(T > t), Student's t with df > 0 (Infinity: normal). */
export const studentTSf = (t: number, df: number): number => {
  requireDf(df)
  if (df === Infinity) return normalSf(t)
  if (t === Infinity) return 0
  if (t === -Infinity) return 1
  if (t < 0) return 0.5 + beyondT(t, df).upper / 2
  return beyondT(t, df).lower / 2
}
/** P(T ≤ t). */
export const studentTCdf = (t: number, df: number): number => studentTSf(-t, df)
/** log P(T > t). */
export const studentTLogSf = (t: number, df: number): number => {
  requireDf(df)
  if (df === Infinity) return normalLogSf(t)
  return t <= 0 ? Math.log(studentTSf(t, df)) : beyondT(t, df).logLower - Math.LN2
}
/** Quantile of Student's t. */
export const studentTQuantile = (p: number, df: number): number => {
  requireProbability(p)
  requireDf(df)
  if (p === 0.5) return 0
  if (df === Infinity) return normalQuantile(p)
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return p === 0 ? -Infinity : Infinity
  // P(|T| > t) = 2·tail is a beta tail; |T| ≤ t has 2·|p − ½|, exact near the middle.
  const u = incompleteBetaInverseLogit(0.5, df / 2, 2 * Math.abs(p - 0.5), 2 * tail)
  return Math.sign(p - 0.5) * Math.sqrt(df) * Math.exp(u / 2)
}

/** P(X ≤ x), beta(a, b). */
export const betaCdf = (x: number, a: number, b: number): number => incompleteBeta(a, b, x).lower
/** P(X > x), beta(a, b). */
export const betaSf = (x: number, a: number, b: number): number => incompleteBeta(a, b, x).upper
/** Quantile of beta(a, b). */
export const betaQuantile = (p: number, a: number, b: number): number =>
  1 / (1 + Math.exp(-incompleteBetaInverseLogit(a, b, p)))

const fTails = (f: number, d1: number, d2: number) => {
  requireDf(d1)
  requireDf(d2)
  requireThat(f >= 0, `F is not negative, not ${f}`)
  const ratio = (d1 / d2) * f
  return ratio === Infinity
    ? incompleteBeta(d1 / 2, d2 / 2, 1, 0)
    : incompleteBeta(d1 / 2, d2 / 2, ratio / (1 + ratio), 1 / (1 + ratio))
}
/** P(F ≤ f) with d1 and d2 degrees of freedom. */
export const fCdf = (f: number, d1: number, d2: number): number => fTails(f, d1, d2).lower
/** P(F > f). */
export const fSf = (f: number, d1: number, d2: number): number => fTails(f, d1, d2).upper
/** log P(F > f). */
export const fLogSf = (f: number, d1: number, d2: number): number => fTails(f, d1, d2).logUpper
/** Quantile of F. */
export const fQuantile = (p: number, d1: number, d2: number): number =>
  (d2 / d1) * Math.exp(incompleteBetaInverseLogit(d1 / 2, d2 / 2, p))

/** P(X ≤ x), χ² with df degrees of freedom. */
export const chiSquareCdf = (x: number, df: number): number => incompleteGamma(df / 2, x / 2).lower
/** P(X > x), accurate in the tail. */
export const chiSquareSf = (x: number, df: number): number => incompleteGamma(df / 2, x / 2).upper
/** log P(X > x). */
export const chiSquareLogSf = (x: number, df: number): number => incompleteGamma(df / 2, x / 2).logUpper
/** Quantile of χ²: Newton on the logarithm of the smaller tail over log x, inside a bracket. */
export const chiSquareQuantile = (p: number, df: number): number => {
  requireProbability(p)
  requireDf(df)
  if (p === 0) return 0
  if (p === 1) return Infinity
  const useLower = p < 0.5
  const target = useLower ? Math.log(p) : Math.log1p(-p)
  const a = df / 2
  let low = -Infinity
  let high = Infinity
  let u = Math.log(a)
  for (let step = 0; step < 200; step++) {
    const x = Math.exp(u)
    const tails = incompleteGamma(a, x)
    const logTail = useLower ? tails.logLower : tails.logUpper
    const excess = logTail - target
    if (excess > 0 === useLower) high = u
    else low = u
    const logDensity = 0.5 * Math.log(a / (2 * Math.PI)) - stirlingError(a) - devianceTerm(a, x)
    const slope = Math.exp(logDensity - logTail) * (useLower ? 1 : -1)
    let next = u - excess / slope
    if (!(next > low && next < high))
      next = low === -Infinity ? high - 1 : high === Infinity ? low + 1 : (low + high) / 2
    const moved = Math.abs(next - u)
    u = next
    if (moved <= 1e-16 * Math.max(1, Math.abs(u))) break
  }
  return 2 * Math.exp(u)
}

const requireCount = (n: number): void =>
  requireThat(Number.isInteger(n) && n >= 0, `a count is a whole number from 0 on, not ${n}`)

/** P(X = k), binomial(n, p). Source: Loader's saddle-point form. */
export const binomialPmf = (k: number, n: number, p: number): number => {
  requireCount(n)
  requireProbability(p)
  if (!Number.isInteger(k) || k < 0 || k > n) return 0
  if (p === 0 || p === 1) return k === (p === 0 ? 0 : n) ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  // C(n, k)·p^k·q^(n−k) = p^k·q^(n−k)/B(k, n−k) · n/(k·(n−k))
  return Math.exp(logBetaFactor(k, n - k, p, 1 - p)) * (n / k / (n - k))
}
/** P(X ≤ k). */
export const binomialCdf = (k: number, n: number, p: number): number => {
  requireCount(n)
  requireProbability(p)
  const floor = Math.floor(k)
  if (floor < 0) return 0
  if (floor >= n) return 1
  return incompleteBeta(floor + 1, n - floor, p, 1 - p).upper
}
/** P(X > k). */
export const binomialSf = (k: number, n: number, p: number): number => {
  requireCount(n)
  requireProbability(p)
  const floor = Math.floor(k)
  if (floor < 0) return 1
  if (floor >= n) return 0
  return incompleteBeta(floor + 1, n - floor, p, 1 - p).lower
}
/** Smallest k with P(X ≤ k) ≥ probability. */
export const binomialQuantile = (probability: number, n: number, p: number): number => {
  requireProbability(probability)
  let low = 0
  let high = n
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (binomialCdf(middle, n, p) >= probability) high = middle
    else low = middle + 1
  }
  return low
}
/** P(X ≤ k), Poisson with mean λ > 0. */
export const poissonCdf = (k: number, lambda: number): number =>
  k < 0 ? 0 : incompleteGamma(Math.floor(k) + 1, lambda).upper
/** P(X > k), Poisson. */
export const poissonSf = (k: number, lambda: number): number =>
  k < 0 ? 1 : incompleteGamma(Math.floor(k) + 1, lambda).lower

/** Quantile of the studentised range of `k` means with `df` degrees of freedom (Tukey's q): jStat's seven digits, then secant steps. */
export const studentizedRangeQuantile = (p: number, k: number, df: number): number => {
  requireThat(p > 0 && p < 1, `a probability lies between 0 and 1, not ${p}`)
  const off = (q: number): number =>
    p > 0.5 ? 1 - p - studentizedRangeSf(q, k, df) : studentizedRangeCdf(q, k, df) - p
  const started = jstat.jStat.tukey.inv(p, k, df)
  let previous = Number.isFinite(started) && started > 0 ? started : 3
  let atPrevious = off(previous)
  let q = previous * 1.000001
  for (let step = 0; step < 100; step++) {
    const at = off(q)
    if (at === atPrevious) break
    const next = Math.max(q / 2, q - (at * (q - previous)) / (at - atPrevious))
    previous = q
    atPrevious = at
    if (Math.abs(next - q) < 1e-15 * q) return next
    q = next
  }
  return q
}
