import { type CaseByVariant, friedman } from './blocks.ts'
import { sum } from './describe.ts'
import { type Bounds, requireThat } from './result.ts'

/** Hoeffding's two-sided radius √(log(2/δ)/(2n)) for a mean of n values in [0, 1]. */
export const hoeffdingRadius = (n: number, delta = 0.05): number => {
  requireThat(n > 0 && delta > 0 && delta < 1, 'a radius needs values and a delta between 0 and 1')
  return Math.sqrt(Math.log(2 / delta) / (2 * n))
}

/** Maurer and Pontil's radius √(2s²·log(4/δ)/n) + 7·log(4/δ)/(3(n−1)), two-sided, values in [0, 1]; s² is ÷(n−1). */
export const empiricalBernsteinRadius = (variance: number, n: number, delta = 0.05): number => {
  requireThat(n > 1 && variance >= 0 && delta > 0 && delta < 1, 'a radius needs two values and a delta between 0 and 1')
  const log = Math.log(4 / delta)
  return Math.sqrt((2 * variance * log) / n) + (7 * log) / (3 * (n - 1))
}

/** Kullback-Leibler divergence of two coins, in nats. */
const divergence = (p: number, q: number): number => {
  const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b))
  return part(p, q) + part(1 - p, 1 - q)
}

/** {q : n·KL(p̂‖q) ≤ threshold}, values in [0, 1]; threshold log(1/δ) for one side each. Source: Garivier and Cappé 2011. */
export const klBounds = (mean: number, n: number, threshold: number): Bounds => {
  requireThat(mean >= 0 && mean <= 1 && n > 0 && threshold >= 0, 'a bound needs a mean in [0, 1] and values')
  const end = (outer: number): number => {
    let [inside, outside] = [mean, outer]
    for (let step = 0; step < 60; step++) {
      const middle = (inside + outside) / 2
      if (n * divergence(mean, middle) <= threshold) inside = middle
      else outside = middle
    }
    return inside
  }
  return [mean === 0 ? 0 : end(0), mean === 1 ? 1 : end(1)]
}

/**
 * Pulls per surviving arm after each of K−1 phases of successive rejects (cumulative): ⌈(n−K)/(L(K+1−k))⌉,
 * L = ½+Σ_{i=2}^K 1/i; after each phase the worst arm is dropped. Source: Audibert, Bubeck, Munos, COLT 2010.
 */
export const successiveRejectsSchedule = (arms: number, budget: number): number[] => {
  requireThat(Number.isInteger(arms) && arms >= 2 && budget >= arms, 'a schedule needs two arms and a pull for each')
  const scale = 0.5 + sum(Array.from({ length: arms - 1 }, (_, i) => 1 / (i + 2)))
  return Array.from({ length: arms - 1 }, (_, i) => Math.ceil((budget - arms) / (scale * (arms - i))))
}

export type RaceStep = {
  /** Indices of the columns that stay, in the order given. */
  readonly survivors: readonly number[]
  /** Dropped to save budget: "pruned", never "significantly worse". */
  readonly pruned: readonly number[]
  /** Friedman's p; null where the race is not yet at its first test or all are tied. */
  readonly p: number | null
}

/**
 * One step of the F-race over `scores[case][variant]`, larger is better: from `firstTest` cases on (default 5), when
 * Friedman's test rejects at `alpha` a variant is pruned whose rank sum is further from the best than Conover's critical
 * difference. No correction over looks: a budget heuristic. With two variants nothing is dropped without a test, unlike
 * irace, which drops the one that was never better. Source: Birattari et al. 2002; irace R/race.R.
 */
export const fRace = (
  scores: CaseByVariant,
  options: { readonly alpha?: number; readonly firstTest?: number } = {},
): RaceStep => {
  const { alpha = 0.05, firstTest = 5 } = options
  requireThat(
    scores.every((row) => row.every(Number.isFinite)),
    'a race takes finite scores',
  )
  const all = (scores[0] ?? []).map((_, i) => i)
  const everyone: RaceStep = { survivors: all, pruned: [], p: null }
  if (scores.length < firstTest || all.length < 2) return everyone
  const test = friedman(
    scores.map((row) => row.map((x) => -x)),
    alpha,
  )
  if ('kind' in test) return everyone
  if (test.p > alpha) return { ...everyone, p: test.p }
  const best = Math.min(...test.rankSums)
  const stays = (i: number): boolean => (test.rankSums[i] as number) - best <= test.criticalDifference
  return { survivors: all.filter(stays), pruned: all.filter((i) => !stays(i)), p: test.p }
}

export type PosteriorArm = { readonly mean: number; readonly sd: number; readonly n: number }

export type TopTwoOptions = {
  /** Standard normal draw number `index`, counter-based: equal index, equal number. */
  readonly normal: (index: number) => number
  /** Uniform draw in [0, 1) that decides whether the leader is played. */
  readonly coin: number
  /** Chance of playing the leader; default ½. */
  readonly leaderShare?: number
  /** Resamples before the challenger of smallest transport cost is taken; default 1000. */
  readonly tries?: number
  /** Variance of one observation, for the transport cost. */
  readonly variance: number
}

/** (μ̂_I−μ̂_j)²/(2σ²(1/n_I+1/n_j)): how hard it is to see the two swapped. Source: Russo 2016; arXiv 1910.10945. */
export const transportCost = (leader: PosteriorArm, other: PosteriorArm, variance: number): number =>
  (leader.mean - other.mean) ** 2 / (2 * variance * (1 / leader.n + 1 / other.n))

const largest = (values: readonly number[]): number =>
  values.reduce((best, x, i) => (x > (values[best] as number) ? i : best), 0)

/**
 * Which arm to play next by top-two Thompson sampling: the leader of one posterior draw, or, with 1 − leaderShare, the first
 * other leader of further draws; after `tries` the arm of smallest transport cost. Returns the arm's index.
 * Source: Russo 2016 (dagger in statistics.md section 6: algorithm as published).
 */
export const topTwoThompson = (arms: readonly PosteriorArm[], options: TopTwoOptions): number => {
  requireThat(arms.length >= 1, 'a race needs an arm')
  requireThat(
    arms.every(({ mean, sd, n }) => Number.isFinite(mean) && sd >= 0 && n > 0),
    'an arm has a finite mean, a spread and values',
  )
  const { normal, coin, leaderShare = 0.5, tries = 1000, variance } = options
  const draw = (round: number): number =>
    largest(arms.map((arm, i) => arm.mean + arm.sd * normal(round * arms.length + i)))
  const leader = draw(0)
  if (arms.length === 1 || coin < leaderShare) return leader
  for (let round = 1; round <= tries; round++) {
    const challenger = draw(round)
    if (challenger !== leader) return challenger
  }
  const costs = arms.map((arm, i) =>
    i === leader ? Infinity : transportCost(arms[leader] as PosteriorArm, arm, variance),
  )
  return largest(costs.map((cost) => -cost))
}
