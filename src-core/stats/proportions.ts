import { betaQuantile, chiSquareSf, normalQuantile } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'

export type ProportionInterval = {
  /** successes/n. */
  readonly estimate: number
  readonly ci: Bounds
  readonly level: number
  /** Independent units the interval is based on: n, or n/deff. */
  readonly effectiveN: number
}

const checked = (successes: number, n: number, level: number): Insufficient | null => {
  requireLevel(level)
  if (!Number.isFinite(successes) || !Number.isFinite(n)) return insufficient('not-a-number')
  requireThat(n >= 0 && successes >= 0 && successes <= n * (1 + 1e-12), `${successes} of ${n} is no proportion`)
  return n === 0 ? insufficient('empty') : null
}

const zOf = (level: number): number => -normalQuantile((1 - level) / 2)

/**
 * Wilson's score interval [2np̂+z²±z√(z²+4np̂(1−p̂))]/(2(n+z²)); 0/n starts at exactly 0, n/n ends at exactly 1.
 * `designEffect` ≥ 1 divides n where cases are clustered or weighted (deff = 1+(m̄−1)·ICC; Kish). Insufficient: empty.
 * Source: Wilson 1927; statistics.md 4.5.
 */
export const wilson = (
  successes: number,
  n: number,
  options: { readonly level?: number | undefined; readonly designEffect?: number | undefined } = {},
): ProportionInterval | Insufficient => {
  const level = options.level ?? 0.95
  const bad = checked(successes, n, level)
  if (bad !== null) return bad
  const deff = options.designEffect ?? 1
  requireThat(deff > 0, `a design effect is positive, not ${deff}`)
  const m = n / deff
  const p = Math.min(1, successes / n)
  const z = zOf(level)
  const root = z * Math.sqrt(z * z + 4 * m * p * (1 - p))
  const base = 2 * m * p + z * z
  const divisor = 2 * (m + z * z)
  const low = p === 0 ? 0 : (base - root) / divisor
  const high = p === 1 ? 1 : (base + root) / divisor
  return { estimate: p, ci: [low, high], level, effectiveN: m }
}

/**
 * Wilson's interval of a weighted share of flags: p̂ = Σw·flag/Σw on Kish's effective n = (Σw)²/Σw², further divided by
 * `designEffect`. Equal weights give `wilson`. Insufficient: empty.
 */
export const wilsonWeighted = (
  flags: readonly boolean[],
  options: {
    readonly weights?: readonly number[] | undefined
    readonly level?: number | undefined
    readonly designEffect?: number | undefined
  } = {},
): ProportionInterval | Insufficient => {
  if (flags.length === 0) return insufficient('empty')
  const weights = options.weights ?? flags.map(() => 1)
  requireThat(weights.length === flags.length, 'each flag has one weight')
  requireThat(
    weights.every((w) => Number.isFinite(w) && w >= 0) && weights.some((w) => w > 0),
    'weights are not negative, one is positive',
  )
  let total = 0
  let squares = 0
  let yes = 0
  weights.forEach((w, i) => {
    total += w
    squares += w * w
    if (flags[i] === true) yes += w
  })
  const effective = (total * total) / squares
  // All flags equal: the share is exactly 0 or 1 whatever the weights' rounding.
  const share = flags.every((f, i) => f || weights[i] === 0) ? 1 : yes / total
  return wilson(share * effective, effective, options)
}

/** Clopper and Pearson's exact interval from beta quantiles; whole counts. Insufficient: empty. */
export const clopperPearson = (successes: number, n: number, level = 0.95): ProportionInterval | Insufficient => {
  const bad = checked(successes, n, level)
  if (bad !== null) return bad
  const tail = (1 - level) / 2
  const low = successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1)
  const high = successes === n ? 1 : 1 - betaQuantile(tail, n - successes, successes + 1)
  return { estimate: successes / n, ci: [low, high], level, effectiveN: n }
}

/**
 * Jeffreys' interval: quantiles of beta(x+½, n−x+½), with 0/n starting at 0 and n/n ending at 1 (Brown, Cai, DasGupta 2001).
 * Insufficient: empty.
 */
export const jeffreys = (successes: number, n: number, level = 0.95): ProportionInterval | Insufficient => {
  const bad = checked(successes, n, level)
  if (bad !== null) return bad
  const tail = (1 - level) / 2
  const low = successes === 0 ? 0 : betaQuantile(tail, successes + 0.5, n - successes + 0.5)
  const high = successes === n ? 1 : 1 - betaQuantile(tail, n - successes + 0.5, successes + 0.5)
  return { estimate: successes / n, ci: [low, high], level, effectiveN: n }
}

export type DifferenceInterval = { readonly estimate: number; readonly ci: Bounds; readonly level: number }

const halves = (successes: number, n: number, level: number) => {
  const interval = wilson(successes, n, { level }) as ProportionInterval
  const [low, high] = interval.ci
  return { p: interval.estimate, below: interval.estimate - low, above: high - interval.estimate }
}

/** p₁ − p₂ of independent groups by Newcombe's method 10 (Wilson half-widths in quadrature). Insufficient: empty. Newcombe 1998. */
export const newcombe = (
  first: { readonly successes: number; readonly n: number },
  second: { readonly successes: number; readonly n: number },
  level = 0.95,
): DifferenceInterval | Insufficient => {
  const bad = checked(first.successes, first.n, level) ?? checked(second.successes, second.n, level)
  if (bad !== null) return bad
  const a = halves(first.successes, first.n, level)
  const b = halves(second.successes, second.n, level)
  const estimate = a.p - b.p
  return { estimate, ci: [estimate - Math.hypot(a.below, b.above), estimate + Math.hypot(a.above, b.below)], level }
}

/** A paired 2×2 table. */
export type PairedCounts = {
  readonly bothPass: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly neither: number
}

/**
 * Paired difference p₁ − p₂ by Newcombe's method 10: Wilson half-widths with −2φ·product, φ = (ad−bc)/√(product of margins),
 * the numerator reduced by n/2 (not below 0) when positive. Insufficient: empty. Newcombe, Stat. Med. 17 (1998) 2635.
 */
export const newcombePaired = (cells: PairedCounts, level = 0.95): DifferenceInterval | Insufficient => {
  const { bothPass: a, onlyFirst: b, onlySecond: c, neither: d } = cells
  const n = a + b + c + d
  const bad = checked(a + b, n, level) ?? checked(a + c, n, level)
  if (bad !== null) return bad
  const first = halves(a + b, n, level)
  const second = halves(a + c, n, level)
  const margins = (a + b) * (c + d) * (a + c) * (b + d)
  const determinant = a * d - b * c
  const numerator = determinant > 0 ? Math.max(0, determinant - n / 2) : determinant
  const phi = margins === 0 ? 0 : numerator / Math.sqrt(margins)
  const joined = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y))
  const estimate = (b - c) / n
  return {
    estimate,
    ci: [estimate - joined(first.below, second.above), estimate + joined(first.above, second.below)],
    level,
  }
}

export type ProportionTest = DifferenceInterval & {
  readonly statistic: number
  readonly df: number
  readonly p: number
}

/** Pearson's χ² of two independent shares without continuity correction, with the Wald interval of the difference. Insufficient: empty, constant. */
export const twoProportionChiSquare = (
  first: { readonly successes: number; readonly n: number },
  second: { readonly successes: number; readonly n: number },
  level = 0.95,
): ProportionTest | Insufficient => {
  const bad = checked(first.successes, first.n, level) ?? checked(second.successes, second.n, level)
  if (bad !== null) return bad
  const p1 = first.successes / first.n
  const p2 = second.successes / second.n
  const pooled = (first.successes + second.successes) / (first.n + second.n)
  if (pooled === 0 || pooled === 1) return insufficient('constant')
  const estimate = p1 - p2
  const statistic = (estimate * estimate) / (pooled * (1 - pooled) * (1 / first.n + 1 / second.n))
  const half = zOf(level) * Math.sqrt((p1 * (1 - p1)) / first.n + (p2 * (1 - p2)) / second.n)
  return {
    estimate,
    ci: [Math.max(-1, estimate - half), Math.min(1, estimate + half)],
    level,
    statistic,
    df: 1,
    p: chiSquareSf(statistic, 1),
  }
}
