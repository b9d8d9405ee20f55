import { devianceTerm, logGamma, stirlingError, type Tails, tailsFromLog } from './gamma-function.ts'
import { requireThat } from './result.ts'

/** log B(a, b), a, b > 0; without the cancellation of three log-gammas when both are large. */
export const logBeta = (a: number, b: number): number => {
  const small = Math.min(a, b)
  const large = Math.max(a, b)
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large)
  const n = small + large
  const correction = stirlingError(large) - stirlingError(n)
  if (small < 10)
    return logGamma(small) + correction - (large - 0.5) * Math.log1p(small / large) + small - small * Math.log(n)
  return (
    0.5 * Math.log((2 * Math.PI * n) / small / large) +
    stirlingError(small) +
    correction +
    small * Math.log(small / n) -
    large * Math.log1p(small / large)
  )
}

/** log of x^a·y^b/B(a, b) with y = 1 − x given by itself, by Loader's saddle-point form. */
export const logBetaFactor = (a: number, b: number, x: number, y: number): number => {
  const n = a + b
  return (
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    devianceTerm(a, n * x) -
    devianceTerm(b, n * y) +
    0.5 * Math.log(((a / n) * b) / (2 * Math.PI))
  )
}

/** Continued fraction of I_x(a, b)·a·B(a, b)/(x^a·y^b), Lentz, to convergence. DLMF 8.17.22. */
const betaFraction = (a: number, b: number, x: number): number => {
  const limit = 20_000 + 100 * Math.ceil(Math.sqrt(Math.max(a, b)))
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || 1e-300)
  let h = d
  for (let m = 1; m < limit; m++) {
    const even = ((m * (b - m)) / (a + 2 * m - 1)) * (x / (a + 2 * m))
    d = 1 / (1 + even * d || 1e-300)
    c = 1 + even / c || 1e-300
    h *= d * c
    const odd = ((-(a + m) * (a + b + m)) / (a + 2 * m)) * (x / (a + 2 * m + 1))
    d = 1 / (1 + odd * d || 1e-300)
    c = 1 + odd / c || 1e-300
    const delta = d * c
    h *= delta
    if (Math.abs(delta - 1) < 2e-16) return h
  }
  throw new RangeError(`the incomplete beta function did not converge at a = ${a}, b = ${b}, x = ${x}`)
}

/**
 * The same fraction divided by a, in Didonato and Morris's even form (TOMS 708, BFRAC), which reads λ = (a+b)y − b from y:
 * where x is close to 1 the form above would only see x's last digits (Student's t with a million degrees of freedom).
 */
const evenFraction = (a: number, b: number, x: number, y: number): number => {
  const c = (a + b) * y - b + 1
  const c0 = b / a
  const c1 = 1 / a + 1
  let p = 1
  let s = a + 1
  let above = 0
  let below = 1
  let nextAbove = 1
  let nextBelow = c / c1
  let ratio = c1 / c
  const limit = 20_000 + 100 * Math.ceil(Math.sqrt(Math.max(a, b)))
  for (let n = 1; n < limit; n++) {
    const t = n / a
    const w = n * (b - n) * x
    const e = a / s
    const alpha = p * (p + c0) * e * e * (w * x)
    const beta = n + w / s + ((t + 1) / (c1 + 2 * t)) * (c + n * (y + 1))
    p = t + 1
    s += 2
    const oldAbove = nextAbove
    const oldBelow = nextBelow
    nextAbove = alpha * above + beta * oldAbove
    nextBelow = alpha * below + beta * oldBelow
    const next = nextAbove / nextBelow
    if (Math.abs(next - ratio) <= 2e-16 * next) return next
    ratio = next
    above = oldAbove / nextBelow
    below = oldBelow / nextBelow
    nextAbove = ratio
    nextBelow = 1
  }
  throw new RangeError(`the incomplete beta function did not converge at a = ${a}, b = ${b}, x = ${x}`)
}

/** log I_x(a, b) without its common factor. */
const logTail = (a: number, b: number, x: number, y: number): number =>
  y < 0.5 && a > 1 && (a + b) * y > b
    ? Math.log(evenFraction(a, b, x, y))
    : Math.log(betaFraction(a, b, x)) - Math.log(a)

/** Close to the far end of a density without a tail there the fractions need more than their limit; the other tail serves. */
const tooClose = (rest: number, a: number, b: number): boolean => rest < 1e-5 && rest * (a + b) < 1e-5

/**
 * Regularised incomplete beta I_x(a, b) and its complement. `y` is 1 − x, given by the caller who knows it exactly. The tail
 * that would be left over by 1 − the other one with loss of digits is computed by itself.
 */
export const incompleteBeta = (a: number, b: number, x: number, y: number = 1 - x): Tails => {
  requireThat(a > 0 && b > 0, `the incomplete beta function needs positive parameters, not ${a} and ${b}`)
  requireThat(x >= 0 && y >= 0, `the incomplete beta function needs x in [0, 1], not ${x}`)
  if (x === 0) return tailsFromLog('lower', -Infinity)
  if (y === 0) return tailsFromLog('upper', -Infinity)
  const factor = logBetaFactor(a, b, x, y)
  const lowerSide = x <= (a + 1) / (a + b + 2)
  const first = lowerSide
    ? tailsFromLog('lower', factor + logTail(a, b, x, y))
    : tailsFromLog('upper', factor + logTail(b, a, y, x))
  if (lowerSide && first.upper < 0.05 && !tooClose(x, a, b)) {
    const upper = factor + logTail(b, a, y, x)
    return { ...first, upper: Math.exp(upper), logUpper: upper }
  }
  if (!lowerSide && first.lower < 0.05 && !tooClose(y, a, b)) {
    const lower = factor + logTail(a, b, x, y)
    return { ...first, lower: Math.exp(lower), logLower: lower }
  }
  return first
}

/**
 * logit(x) with I_x(a, b) = p; `q` is 1 − p, given by the caller who knows it exactly. Newton on the logarithm of the
 * smaller tail, kept inside a bracket. On the logit scale x and 1 − x both keep their relative accuracy.
 */
export const incompleteBetaInverseLogit = (a: number, b: number, p: number, q: number = 1 - p): number => {
  requireThat(p >= 0 && p <= 1, `a probability lies in [0, 1], not ${p}`)
  if (p === 0) return -Infinity
  if (q === 0) return Infinity
  const useLower = p < q
  const target = Math.log(useLower ? p : q)
  let low = -Infinity
  let high = Infinity
  let u = Math.log(a / b)
  for (let step = 0; step < 200; step++) {
    const x = u > 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u))
    const y = u > 0 ? Math.exp(-u) / (1 + Math.exp(-u)) : 1 / (1 + Math.exp(u))
    const tails = incompleteBeta(a, b, x, y)
    const logTail = useLower ? tails.logLower : tails.logUpper
    const excess = logTail - target
    if (excess === 0) return u
    if (excess > 0 === useLower) high = u
    else low = u
    const slope = Math.exp(logBetaFactor(a, b, x, y) - logTail) * (useLower ? 1 : -1)
    let next = u - excess / slope
    if (!(next > low && next < high)) {
      if (low === -Infinity) next = high - Math.max(1, Math.abs(high))
      else if (high === Infinity) next = low + Math.max(1, Math.abs(low))
      else next = (low + high) / 2
    }
    if (Math.abs(next - u) <= 1e-16 * Math.max(1, Math.abs(u))) return next
    u = next
  }
  return u
}
