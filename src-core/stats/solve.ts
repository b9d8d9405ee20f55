import { requireThat } from './result.ts'

/** Root of an increasing function between `low` and `high` by bisection with secant steps, to the last digits of a double. */
export const increasingRoot = (f: (x: number) => number, low: number, high: number): number => {
  let a = low
  let b = high
  let fa = f(a)
  let fb = f(b)
  requireThat(fa <= 0 && fb >= 0, 'the root is not inside its bracket')
  for (let step = 0; step < 300; step++) {
    if (fa === 0) return a
    if (fb === 0) return b
    const secant = a - (fa * (b - a)) / (fb - fa)
    // A secant point sits too often at one end; every third step halves the bracket.
    const inside = step % 3 !== 2 && secant > a && secant < b
    const x = inside ? secant : a + (b - a) / 2
    if (x <= a || x >= b) break
    const fx = f(x)
    if (fx < 0) {
      a = x
      fa = fx
    } else {
      b = x
      fb = fx
    }
    if (b - a <= 4e-16 * Math.max(Math.abs(a), Math.abs(b))) break
  }
  return -fa < fb ? a : b
}
