const twoOverSqrtPi = 1.1283791670955126
const sqrtPi = 1.772453850905516

/** exp(−x²) with x² split in two, so that its rounding error does not grow with x². */
const expMinusSquare = (x: number): number => {
  const head = Math.trunc(x * 16) / 16
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head))
}

/** Σ 2ⁿ x^(2n+1)/(2n+1)!!, all terms of one sign: erf(x) = 2/√π·exp(−x²)·this. DLMF 7.6.2. */
const erfSeries = (x: number): number => {
  let term = x
  let sum = x
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
    if (Math.abs(term) < Math.abs(sum) * 1e-17) break
  }
  return sum
}

/** √π·exp(x²)·erfc(x) for x ≥ 1.5 by Lentz's continued fraction. DLMF 7.9.3 (even part). */
const scaledTail = (x: number): number => {
  if (x === Infinity) return 0
  const square = 2 * x * x
  let b = square + 1
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 500; i++) {
    const an = -2 * i * (2 * i - 1)
    b += 4
    d = 1 / (an * d + b)
    c = b + an / c
    const delta = c * d
    h *= delta
    if (Math.abs(delta - 1) < 2e-16) break
  }
  return 2 * x * h
}

/** Error function; relative error below 1e-15. */
export const erf = (x: number): number =>
  Math.abs(x) < 1.5 ? twoOverSqrtPi * expMinusSquare(x) * erfSeries(x) : x > 0 ? 1 - erfc(x) : erfc(-x) - 1

/** Complementary error function, accurate in the tail (no 1 − erf). */
export const erfc = (x: number): number => {
  if (x < 0) return 2 - erfc(-x)
  // Below the smallest double from 27.3 on.
  if (x > 30) return 0
  if (x < 1.5) return 1 - erf(x)
  return (expMinusSquare(x) * scaledTail(x)) / sqrtPi
}

/** exp(x²)·erfc(x) for x ≥ 0: stays a number where erfc underflows. */
export const erfcScaled = (x: number): number => (x < 1.5 ? Math.exp(x * x) * erfc(x) : scaledTail(x) / sqrtPi)
