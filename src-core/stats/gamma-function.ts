import { requireThat } from './result.ts'

const halfLogTwoPi = 0.9189385332046728
const oneMinusEuler = 0.42278433509846713

/**
 * log Γ(n+1) − [(n+½) log n − n + ½ log 2π] for n > 0: Stirling's series from 16 upwards, below it the recurrence, whose
 * steps are computed without cancellation. Source: C. Loader, Fast and accurate computation of binomial probabilities (2000).
 */
export const stirlingError = (n: number): number => {
  let shift = 0
  let x = n
  while (x < 16) {
    shift += (x + 0.5) * Math.log1p(1 / x) - 1
    x += 1
  }
  const r = 1 / (x * x)
  const series =
    1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r / 156)))))
  return shift + series / x
}

/** x·log(x/m) + m − x, the deviance part of a binomial or Poisson probability, exact where x is close to m. Source: Loader. */
export const devianceTerm = (x: number, m: number): number => {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x === 0 ? m : x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  let sum = (x - m) * v
  let term = 2 * x * v
  for (let j = 1; j < 1000; j++) {
    term *= v * v
    const next = sum + term / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}

/** ζ(k) − 1 for k = 2 .. 40 by Euler-Maclaurin from 24 on. */
const zetaMinusOne: readonly number[] = Array.from({ length: 39 }, (_, i) => {
  const k = i + 2
  const n = 24
  let tail = n ** (1 - k) / (k - 1) + n ** -k / 2 + (k * n ** (-k - 1)) / 12
  tail -= (k * (k + 1) * (k + 2) * n ** (-k - 3)) / 720
  tail += (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * n ** (-k - 5)) / 30240
  tail -= (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * (k + 5) * (k + 6) * n ** (-k - 7)) / 1209600
  for (let m = n - 1; m >= 2; m--) tail += m ** -k
  return tail
})

/** log Γ(2 + z) for |z| ≤ ½: keeps its relative accuracy at the zeros 1 and 2 of log Γ. DLMF 5.7.3. */
const logGammaNearTwo = (z: number): number => {
  let sum = 0
  for (let i = zetaMinusOne.length - 1; i >= 0; i--) {
    const k = i + 2
    const term = ((zetaMinusOne[i] as number) * (k % 2 === 0 ? 1 : -1)) / k
    sum = sum * z + term
  }
  return z * oneMinusEuler + sum * z * z
}

/** log Γ(x) for x > 0; relative error about 1e-15. Throws RangeError elsewhere. */
export const logGamma = (x: number): number => {
  requireThat(x > 0, `log-gamma is taken of a positive number, not ${x}`)
  if (x === Infinity) return Infinity
  if (x < 0.5) return logGammaNearTwo(x) - Math.log1p(x) - Math.log(x)
  if (x <= 1.5) return logGammaNearTwo(x - 1) - Math.log(x)
  if (x <= 2.5) return logGammaNearTwo(x - 2)
  return stirlingError(x) + (x + 0.5) * Math.log(x) - x + halfLogTwoPi - Math.log(x)
}

/** log of x^a·e^−x/Γ(a), the common factor of both incomplete gamma functions. */
const logGammaFactor = (a: number, x: number): number =>
  0.5 * Math.log(a) - halfLogTwoPi - stirlingError(a) - devianceTerm(a, x)

/** A regularised incomplete function with its complement, each accurate by itself, and the logarithms of both. */
export type Tails = {
  readonly lower: number
  readonly upper: number
  readonly logLower: number
  readonly logUpper: number
}

const log1mExp = (logP: number): number =>
  logP > -Math.LN2 ? Math.log(-Math.expm1(logP)) : Math.log1p(-Math.exp(logP))

/** From the logarithm of one tail, both tails. `side` says which one was given. */
export const tailsFromLog = (side: 'lower' | 'upper', logP: number): Tails => {
  const clipped = Math.min(logP, 0)
  const p = Math.exp(clipped)
  const q = -Math.expm1(clipped)
  const logQ = log1mExp(clipped)
  return side === 'lower'
    ? { lower: p, upper: q, logLower: clipped, logUpper: logQ }
    : { lower: q, upper: p, logLower: logQ, logUpper: clipped }
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x), a > 0, x ≥ 0: series below a + 1, Lentz's continued fraction
 * above, both to convergence. DLMF 8.11.4 and 8.9.2.
 */
export const incompleteGamma = (a: number, x: number): Tails => {
  requireThat(a > 0 && x >= 0, `the incomplete gamma function needs a > 0 and x >= 0, not ${a} and ${x}`)
  if (x === 0) return tailsFromLog('lower', -Infinity)
  if (x === Infinity) return tailsFromLog('upper', -Infinity)
  const limit = 1000 + 100 * Math.ceil(Math.sqrt(a))
  const factor = logGammaFactor(a, x)
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < limit; n++) {
      term *= x / (a + n)
      sum += term
      if (term < sum * 1e-17) return tailsFromLog('lower', factor + Math.log(sum))
    }
  } else {
    let b = x + 1 - a
    let c = 1e300
    let d = 1 / b
    let h = d
    for (let i = 1; i < limit; i++) {
      const an = -i * (i - a)
      b += 2
      d = 1 / (an * d + b || 1e-300)
      c = b + an / c || 1e-300
      const delta = d * c
      h *= delta
      if (Math.abs(delta - 1) < 2e-16) return tailsFromLog('upper', factor + Math.log(h))
    }
  }
  throw new RangeError(`the incomplete gamma function did not converge at ${a}, ${x}`)
}
