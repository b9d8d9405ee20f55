import { unusable, weightedMean } from './describe.ts'
import { type Bounds, type Insufficient, insufficient, requireThat } from './result.ts'
import { alwaysValidP, requireAlpha } from './sequential-normal.ts'

/**
 * Confidence sequences for the mean of values in [0, 1], one value per independent unit, in random order. Bets and
 * weights use data up to t − 1 only. Source: Waudby-Smith and Ramdas 2023 (arXiv 2010.09686), statistics.md section 5.
 */
export type BoundedSequence = {
  readonly estimate: number
  /** After the last unit alone. */
  readonly current: Bounds
  /** Intersection over all units so far: the sequence to report; null when it is empty. */
  readonly ci: Bounds | null
  /** The intersection is empty: the values are not what the method assumes (dependent, drifting, sorted). */
  readonly violated: boolean
  readonly level: number
  readonly n: number
}

export type BoundedOptions = {
  readonly alpha?: number | undefined
  /** Share of each unit, ≥ 0 and known beforehand: the target becomes Σwx/Σw. */
  readonly weights?: readonly number[] | undefined
  /** Largest weight any unit of the plan has, so that the stakes do not depend on who came so far; default: of those given. */
  readonly largestWeight?: number | undefined
}

const unbounded = (values: readonly number[]): Insufficient | null =>
  unusable(values) ??
  (values.every((x) => x >= 0 && x <= 1) ? null : insufficient('out-of-domain', 'a value lies outside of [0, 1]'))

/**
 * λ_t = √(2·log(2/α)/(σ̂²_{t−1}·t·log(1+t))), with σ̂²_t = (¼+Σ(x_i−μ̂_i)²)/(t+1), μ̂_i = (½+Σx)/(i+1): the bet on unit t,
 * before any cap. Also gives μ̂_{t−1}, the centre that the empirical Bernstein weights use.
 */
export const predictableBets = (values: readonly number[], alpha: number) => {
  const bets = new Float64Array(values.length)
  const centres = new Float64Array(values.length)
  let total = 0.5
  let squares = 0.25
  values.forEach((x, i) => {
    const t = i + 1
    centres[i] = total / t
    bets[i] = Math.sqrt((2 * Math.log(2 / alpha)) / ((squares / t) * t * Math.log1p(t)))
    total += x
    squares += (x - total / (t + 1)) ** 2
  })
  return { bets, centres }
}

/**
 * Empirical Bernstein sequence: λ_t capped at ½, centre Σλx/Σλ, half-width (log(2/α)+Σ(x−μ̂_{t−1})²ψ(λ))/Σλ,
 * ψ(λ) = −log(1−λ)−λ. Closed form, a little wider than betting. Ends are clipped to [0, 1].
 * Insufficient: empty, not-a-number, out-of-domain.
 */
export const empiricalBernsteinSequence = (
  values: readonly number[],
  { alpha = 0.05 }: Pick<BoundedOptions, 'alpha'> = {},
): BoundedSequence | Insufficient => {
  requireAlpha(alpha)
  const bad = unbounded(values)
  if (bad !== null) return bad
  const { bets, centres } = predictableBets(values, alpha)
  let [weighted, weight, spread, total] = [0, 0, 0, 0]
  let [low, high] = [0, 1]
  let current: Bounds = [0, 1]
  values.forEach((x, i) => {
    const bet = Math.min(0.5, bets[i] as number)
    weighted += bet * x
    weight += bet
    spread += (x - (centres[i] as number)) ** 2 * (-Math.log1p(-bet) - bet)
    total += x
    const half = (Math.log(2 / alpha) + spread) / weight
    current = [Math.max(0, weighted / weight - half), Math.min(1, weighted / weight + half)]
    low = Math.max(low, current[0])
    high = Math.min(high, current[1])
  })
  const violated = low > high
  const n = values.length
  return { estimate: total / n, current, ci: violated ? null : [low, high], violated, level: 1 - alpha, n }
}

export type Capital = {
  /** log K⁺: wealth of betting that the mean is above m. */
  readonly above: number
  /** log K⁻: wealth of betting that it is below. */
  readonly below: number
  /** Their running maxima over all units so far, at least 0 (before the first unit). */
  readonly maxAbove: number
  readonly maxBelow: number
}

export type BettingGame = {
  readonly capital: (m: number) => Capital
  readonly alpha: number
}

/**
 * The game behind the betting sequence: for a mean m in [0, 1], K⁺ = Π(1+λ⁺·u(x−m)) with λ⁺ = min(λ_t, ½/m), and
 * K⁻ = Π(1−λ⁻·u(x−m)) with λ⁻ = min(λ_t, ½/(1−m)); u is a unit's weight over the largest one. Each is a test martingale of
 * E[u(x−m)] = 0, so 1/K⁺ is a one-sided always-valid p of "mean ≤ m", and max(½K⁺, ½K⁻) an e-process of "mean = m".
 */
export const bettingGame = (
  values: readonly number[],
  { alpha = 0.05, weights, largestWeight }: BoundedOptions = {},
): BettingGame | Insufficient => {
  requireAlpha(alpha)
  const bad = unbounded(values)
  if (bad !== null) return bad
  requireThat(weights === undefined || weights.length === values.length, 'each value has one weight')
  const largest = largestWeight ?? (weights === undefined ? 1 : Math.max(...weights))
  requireThat(
    largest > 0 && Number.isFinite(largest) && (weights ?? []).every((w) => w >= 0 && w <= largest * (1 + 1e-12)),
    'weights are not negative and none is above the largest',
  )
  const { bets } = predictableBets(values, alpha)
  const capital = (m: number): Capital => {
    const capAbove = m > 0 ? 0.5 / m : Infinity
    const capBelow = m < 1 ? 0.5 / (1 - m) : Infinity
    let [above, below, maxAbove, maxBelow] = [0, 0, 0, 0]
    for (let i = 0; i < values.length; i++) {
      const bet = bets[i] as number
      const gain = ((values[i] as number) - m) * (weights === undefined ? 1 : (weights[i] as number) / largest)
      above += Math.log1p(Math.min(bet, capAbove) * gain)
      below += Math.log1p(-Math.min(bet, capBelow) * gain)
      if (above > maxAbove) maxAbove = above
      if (below > maxBelow) maxBelow = below
    }
    return { above, below, maxAbove, maxBelow }
  }
  return { capital, alpha }
}

/** Always-valid p of "the mean is m": 1/max over time of max(½K⁺, ½K⁻). Below α exactly where m lies outside of `ci`. */
export const bettingP = (game: BettingGame, m: number): number => {
  const { maxAbove, maxBelow } = game.capital(m)
  return alwaysValidP(Math.max(maxAbove, maxBelow) - Math.LN2)
}

/** Where a decreasing function of m in [0, 1] falls through `bound`; 0 or 1 where it never reaches or never leaves it. */
const fallsThrough = (f: (m: number) => number, bound: number): number => {
  if (f(0) < bound) return 0
  if (f(1) >= bound) return 1
  let [low, high] = [0, 1]
  // Bisection: log capital has kinks where a cap begins, and 52 halvings are exact to a double.
  for (let step = 0; step < 52; step++) {
    const middle = (low + high) / 2
    if (f(middle) >= bound) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Running intersection of a game: the ends of {m : max(½K⁺, ½K⁻) < 1/α at every time}; low > high when it is empty. */
export const bettingBounds = ({ capital, alpha }: BettingGame): Bounds => {
  const bound = Math.log(2 / alpha)
  return [fallsThrough((m) => capital(m).maxAbove, bound), 1 - fallsThrough((m) => capital(1 - m).maxBelow, bound)]
}

/**
 * Betting (hedged capital) confidence sequence: m is rejected once max(½K⁺, ½K⁻) reaches 1/α. K⁺ falls and K⁻ rises in m,
 * and so do their running maxima: the intersection over all times costs one search per end, not one per unit.
 * The tightest of the sequences here for bounded values. Insufficient: empty, not-a-number, out-of-domain.
 */
export const bettingSequence = (
  values: readonly number[],
  options: BoundedOptions = {},
): BoundedSequence | Insufficient => {
  const game = bettingGame(values, options)
  if ('kind' in game) return game
  const { capital, alpha } = game
  const bound = Math.log(2 / alpha)
  const ci = bettingBounds(game)
  const weights = options.weights ?? values.map(() => 1)
  const violated = ci[0] > ci[1]
  return {
    estimate: weightedMean(values, weights) as number,
    current: [fallsThrough((m) => capital(m).above, bound), 1 - fallsThrough((m) => capital(1 - m).below, bound)],
    ci: violated ? null : ci,
    violated,
    level: 1 - alpha,
    n: values.length,
  }
}
