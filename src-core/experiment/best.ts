import { higherIsBetter, type Metric } from '../domain/objective.ts'
import type { Combination, Comparison } from '../domain/report.ts'

export type Standing = Combination & {
  /** Mean of the primary metric; null where unknown. */
  readonly mean: number | null
  /** No constraint is shown to be broken. */
  readonly feasible: boolean
}

export type Best = { readonly best: Combination | null; readonly tiedWith: readonly Combination[] }

const same = (a: Combination, b: Combination): boolean => a.variant === b.variant && a.model === b.model

/** Does a comparison of the family show `winner` better than `loser`? Families are registered: no further test is made. */
export const isShownBetter = (comparisons: readonly Comparison[], winner: Combination, loser: Combination): boolean =>
  comparisons.some(
    ({ baseline, candidate, verdict }) =>
      (verdict === 'better' && same(candidate, winner) && same(baseline, loser)) ||
      (verdict === 'worse' && same(baseline, winner) && same(candidate, loser)),
  )

/**
 * The variant x model with the best mean of the primary metric among those that meet the constraints, when a comparison
 * shows it better than the next; otherwise nobody is best, and those that no comparison shows worse than another of them
 * are named: who loses to the second is not tied with the first, even where the two were never compared.
 */
export const findBest = (standings: readonly Standing[], comparisons: readonly Comparison[], primary: Metric): Best => {
  const sign = higherIsBetter(primary) ? -1 : 1
  const ranked = standings
    .filter((standing) => standing.feasible && standing.mean !== null)
    .map((standing, listed) => ({ standing, listed }))
    .sort((a, b) => sign * ((a.standing.mean ?? 0) - (b.standing.mean ?? 0)) || a.listed - b.listed)
    .map(({ standing }) => standing)
  const plain = ({ variant, model }: Combination): Combination => ({ variant, model })
  const [first, second] = ranked
  if (first === undefined) return { best: null, tiedWith: [] }
  const aboutPrimary = comparisons.filter((comparison) => comparison.metric === primary)
  const wins = second === undefined ? standings.length > 1 : isShownBetter(aboutPrimary, first, second)
  if (wins) return { best: plain(first), tiedWith: [] }
  return {
    best: null,
    tiedWith: ranked
      .filter((one) => one === first || !ranked.some((other) => isShownBetter(aboutPrimary, other, one)))
      .map(plain),
  }
}
