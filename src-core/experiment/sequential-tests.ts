import { asymptoticFrom, asymptoticSequence } from '../stats/sequential-asymptotic.ts'
import { bernoulliLogE } from '../stats/sequential-bernoulli.ts'
import { type BettingGame, bettingBounds, bettingGame } from '../stats/sequential-bounded.ts'
import { alwaysValidP } from '../stats/sequential-normal.ts'
import type { PairAnalysis, PairData, PairTestResult } from './pair-test.ts'
import { meanOf, type Sample } from './sample.ts'

/** One increment per independent unit, in dealt order. */
type Increments = { readonly values: readonly number[]; readonly weights: readonly number[] | undefined }

const incrementsOf = ({ stream }: PairData, { values, grouping }: Sample): Increments => {
  if (stream === null) throw new RangeError('a sequential analysis needs the order of the cases')
  const weights = grouping.weights
  const sizes = stream.units.map((unit) => unit.reduce((sum, i) => sum + (weights?.[i] ?? 1), 0))
  const means = stream.units.map(
    (unit, u) => unit.reduce((sum, i) => sum + (weights?.[i] ?? 1) * (values[i] as number), 0) / (sizes[u] as number),
  )
  return { values: means, weights: sizes.every((size) => size === stream.largestWeight) ? undefined : sizes }
}

const why = 'the plan is sequential: valid at every look, one increment per unit in dealt order'
const violated =
  'the evidence contradicts itself over time (the cases are no random sequence), so no verdict can be given'

const refusal = (method: string, insufficient: string): PairTestResult => ({
  p: null,
  ci: null,
  method,
  why,
  insufficient,
})

/** Differences of values in [0, 1] as values in [0, 1]: (d+1)/2. */
const gameOf = (data: PairData, alpha: number) => {
  const { values, weights } = incrementsOf(data, data.differences)
  const mapped = values.map((d) => (d + 1) / 2)
  const largestWeight = weights === undefined ? 1 : data.stream?.largestWeight
  return bettingGame(mapped, { alpha, weights, largestWeight })
}

/** p of "the mean lies above `bound`" (or below), from the same two-sided sequence that the interval shows. */
const beyond = (game: BettingGame, bound: number, side: 'above' | 'below'): number => {
  const capital = game.capital((bound + 1) / 2)
  return alwaysValidP((side === 'above' ? capital.maxAbove : capital.maxBelow) - Math.LN2)
}

const bettingOf = (data: PairData, alpha: number): PairTestResult => {
  const method = 'betting confidence sequence on case differences'
  const game = gameOf(data, alpha)
  if ('kind' in game) return refusal(method, game.detail)
  const [low, high] = bettingBounds(game)
  if (low > high) return refusal(method, violated)
  // The p of the direction that the estimate shows: early evidence for the other one must not be sold as its own.
  const effect = meanOf(data.differences) ?? 0
  const p = effect === 0 ? 1 : beyond(game, 0, effect > 0 ? 'above' : 'below')
  return { p, ci: [2 * low - 1, 2 * high - 1], method, why, insufficient: null }
}

/** Every unit shows the same ratio: without a spread only the signs are left, as successes of a coin. */
const signsOf = ({ values }: Increments, alpha: number): PairTestResult => {
  const method = 'Bernoulli sequence on signs'
  const same = values[0] === 0 ? 0 : values.length
  const p = same === 0 ? 1 : alwaysValidP(bernoulliLogE(same, same, 0.5, { alpha }))
  return { p, ci: null, method, why, insufficient: null }
}

const asymptotic = (data: PairData, sample: Sample, alpha: number, against = 0) => {
  const increments = incrementsOf(data, sample)
  // Tuned to the planned end, which is known before the first call.
  const optimalUnits = Math.max(asymptoticFrom, data.stream?.planned ?? 0)
  const { values, weights } = increments
  return { increments, sequence: asymptoticSequence(values, { alpha, optimalUnits, against, weights }) }
}

const ratioOf = (data: PairData, logs: Sample, alpha: number): PairTestResult => {
  const method = 'asymptotic confidence sequence on log ratio'
  const { increments, sequence } = asymptotic(data, logs, alpha)
  if ('kind' in sequence) {
    return sequence.reason === 'constant' ? signsOf(increments, alpha) : refusal(method, sequence.detail)
  }
  const { ci, pAbove, pBelow } = sequence
  if (ci === null) return refusal(method, violated)
  const p = (meanOf(logs) ?? 0) > 0 ? pAbove : pBelow
  return { p, ci: [Math.exp(ci[0]), Math.exp(ci[1])], method, why, insufficient: null }
}

const asymptoticBeyond = (data: PairData, sample: Sample, alpha: number, claim: { bound: number; side: 1 | -1 }) => {
  const { sequence } = asymptotic(data, sample, alpha, claim.bound)
  if ('kind' in sequence) return null
  return claim.side > 0 ? sequence.pAbove : sequence.pBelow
}

const sides = (data: PairData, margin: number, alpha: number) => {
  if (data.logRatios !== null) {
    return {
      above: asymptoticBeyond(data, data.differences, alpha, { bound: -margin, side: 1 }),
      below: asymptoticBeyond(data, data.differences, alpha, { bound: margin, side: -1 }),
    }
  }
  const game = gameOf(data, alpha)
  if ('kind' in game) return { above: null, below: null }
  return { above: beyond(game, -margin, 'above'), below: beyond(game, margin, 'below') }
}

const cheaperP = (cost: PairData, logs: Sample, alpha: number): number | null => {
  const { increments, sequence } = asymptotic(cost, logs, alpha)
  if (!('kind' in sequence)) return sequence.pBelow
  if (sequence.reason !== 'constant') return null
  return (increments.values[0] ?? 0) < 0 ? signsOf(increments, alpha).p : 1
}

/**
 * The sequential analysis of statistics.md section 5: differences of scores by betting, ratios by the asymptotic sequence
 * from 100 units on; better and worse against no difference, not worse and equivalent against the margin. Every p is
 * always valid, so the verdict holds at whatever moment somebody looks.
 */
export const sequentialAnalysis: PairAnalysis = {
  test: (data, level) =>
    data.logRatios === null ? bettingOf(data, 1 - level) : ratioOf(data, data.logRatios, 1 - level),
  claimMethod: () => null,
  notWorse: (data, margin, level) => sides(data, margin, 1 - level).above,
  within: (data, margin, level) => {
    const { above, below } = sides(data, margin, 1 - level)
    return above === null || below === null ? null : Math.max(above, below)
  },
  cheaper: (cost, level) => (cost.logRatios === null ? null : cheaperP(cost, cost.logRatios, 1 - level)),
}
