import { requireThat } from './result.ts'

const requirePs = (ps: readonly number[]): void =>
  requireThat(
    ps.every((p) => p >= 0 && p <= 1),
    'p values lie in [0, 1]; leave unknown ones out',
  )

const ascendingOrder = (ps: readonly number[]): number[] =>
  ps.map((_, i) => i).sort((i, j) => (ps[i] as number) - (ps[j] as number))

/** Bonferroni: min(1, m·p). */
export const bonferroni = (ps: readonly number[]): number[] => {
  requirePs(ps)
  return ps.map((p) => Math.min(1, p * ps.length))
}

/**
 * Holm's step-down adjusted p, in the order given: running maximum of (m−i+1)·p₍ᵢ₎, capped at 1. Controls the chance of any
 * false rejection under every dependence: for confirmatory families. Throws RangeError for p outside [0, 1]. Source: Holm 1979.
 */
export const holm = (ps: readonly number[]): number[] => {
  requirePs(ps)
  const adjusted = Array.from<number>({ length: ps.length })
  let running = 0
  ascendingOrder(ps).forEach((i, rank) => {
    running = Math.max(running, Math.min(1, (ps.length - rank) * (ps[i] as number)))
    adjusted[i] = running
  })
  return adjusted
}

/** Benjamini and Hochberg's step-up adjusted p: running minimum from above of m·p₍ᵢ₎/i. False discovery rate: for screening. Source: BH 1995. */
export const benjaminiHochberg = (ps: readonly number[]): number[] => {
  requirePs(ps)
  const adjusted = Array.from<number>({ length: ps.length })
  const order = ascendingOrder(ps)
  let running = 1
  for (let rank = order.length; rank >= 1; rank--) {
    const i = order[rank - 1] as number
    running = Math.min(running, (ps.length * (ps[i] as number)) / rank)
    adjusted[i] = running
  }
  return adjusted
}

/**
 * e-BH: rejects the k largest e-values for the largest k with e₍k₎ ≥ m/(αk); valid under every dependence.
 * Returns a flag per e-value in the order given. Throws RangeError for negative e. Source: Wang and Ramdas 2022.
 */
export const eBenjaminiHochberg = (es: readonly number[], alpha = 0.05): boolean[] => {
  requireThat(
    es.every((e) => e >= 0),
    'e values are not negative',
  )
  requireThat(alpha > 0 && alpha < 1, `alpha lies between 0 and 1, not ${alpha}`)
  const order = es.map((_, i) => i).sort((i, j) => (es[j] as number) - (es[i] as number))
  let rejections = 0
  order.forEach((i, rank) => {
    if ((es[i] as number) >= es.length / (alpha * (rank + 1))) rejections = rank + 1
  })
  const rejected = new Set(order.slice(0, rejections))
  return es.map((_, i) => rejected.has(i))
}
