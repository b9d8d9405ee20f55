import type { CaseFlips, CombinationFlips } from '../domain/report.ts'
import type { Outcome } from './outcome.ts'

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const meanOrNull = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** Pairs of repetitions that disagree among all pairs: k (R - k) of R (R - 1) / 2. */
const disagreement = (passed: number, repetitions: number): number | null =>
  repetitions < 2 ? null : (2 * passed * (repetitions - passed)) / (repetitions * (repetitions - 1))

/** A pair of answers from two variants disagrees: one passes, the other does not. */
const crossDisagreement = (a: CombinationFlips, b: CombinationFlips): number => {
  const [p, q] = [a.passed / a.repetitions, b.passed / b.repetitions]
  return p * (1 - q) + q * (1 - p)
}

const betweenVariants = (combinations: readonly CombinationFlips[]): number | null => {
  const excesses: number[] = []
  combinations.forEach((a, i) => {
    for (const b of combinations.slice(i + 1)) {
      if (a.model !== b.model || a.within === null || b.within === null) continue
      excesses.push(crossDisagreement(a, b) - (a.within + b.within) / 2)
    }
  })
  return meanOrNull(excesses)
}

const passes = (outcome: Outcome): boolean => outcome.passed ?? outcome.score >= 0.5

/**
 * Same input, other answer: per case how often repetitions of one variant on one model disagree about passing, kept apart
 * from what variants disagree about. Where a table says nothing of passing, a score of at least 0.5 passes. Answers of a
 * fallback model are left out. The most wavering case comes first, ties by case id.
 */
export const flips = (outcomes: readonly Outcome[]): CaseFlips[] => {
  const cases = new Map<string, Map<string, { variant: string; model: string; repetitions: number; passed: number }>>()
  for (const outcome of outcomes) {
    if (outcome.substituted) continue
    const combinations = cases.get(outcome.case) ?? new Map()
    cases.set(outcome.case, combinations)
    const key = `${outcome.variant}\u0000${outcome.model}`
    const tally = combinations.get(key) ?? { variant: outcome.variant, model: outcome.model, repetitions: 0, passed: 0 }
    tally.repetitions++
    if (passes(outcome)) tally.passed++
    combinations.set(key, tally)
  }
  return [...cases]
    .map(([id, tallies]): CaseFlips => {
      const combinations = [...tallies.values()]
        .map((tally) => ({ ...tally, within: disagreement(tally.passed, tally.repetitions) }))
        .sort((a, b) => byCodeUnit(a.variant, b.variant) || byCodeUnit(a.model, b.model))
      const own = combinations.flatMap(({ within }) => (within === null ? [] : [within]))
      return { case: id, within: meanOrNull(own), between: betweenVariants(combinations), combinations }
    })
    .sort((a, b) => (b.within ?? -1) - (a.within ?? -1) || byCodeUnit(a.case, b.case))
}
