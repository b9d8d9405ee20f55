import type { AnalysisPlan } from '../domain/objective.ts'
import { nonInferioritySampleSize, pairedMinimumEffect, pairedSampleSize } from '../stats/power.ts'
import type { Compared } from './comparisons.ts'
import type { Finding } from './finding.ts'
import { inUnit, plural } from './wording.ts'

/** The power that plans are made for (the contract's 80 %). */
export const plannedPower = 0.8

export type MoreCases = {
  /** How many cases to add; null where adding cases of the same kind is not the answer. */
  readonly cases: number | null
  readonly reason: string
  readonly sentence: string
}

const added = (unitsWanted: number, { n, spread }: Finding): number =>
  spread === null ? 0 : Math.max(0, Math.ceil(unitsWanted * spread.casesPerUnit - 1e-9) - n)

/**
 * Cases to add for 80 % power at the registered `mde`, at the level the comparison faces within its family (alpha / m).
 * Where the run already has them, cases to show equivalence within `margin` if there is no difference. The spread is
 * the observed one; the effect never is: planning on the observed effect makes every study look almost done.
 */
export const casesForMore = (
  finding: Finding,
  { plan, m }: { readonly plan: AnalysisPlan; readonly m: number },
): MoreCases | null => {
  const { spread, metric } = finding
  if (finding.insufficient !== null) return null
  if (spread === null) {
    const reason = 'all differences are equal, so the number of cases needed is unknown'
    return { cases: null, reason, sentence: '' }
  }
  const alpha = plan.alpha / m
  const effect = inUnit(metric, plan.mde)
  const wanted = plan.mde > 0 ? pairedSampleSize(plan.mde / spread.sd, { alpha, power: plannedPower }) : null
  const forEffect = typeof wanted === 'number' ? added(wanted, finding) : null
  if (forEffect !== null && forEffect > 0) {
    const reason = `80 % power for a difference of ${effect} needs ${finding.n + forEffect} cases`
    return {
      cases: forEffect,
      reason,
      sentence: `${plural(forEffect, 'more case')} would give 80 % power to see a difference of ${effect}.`,
    }
  }
  const margin = inUnit(metric, plan.margin)
  const equal =
    plan.margin > 0
      ? nonInferioritySampleSize(spread.sd, plan.margin, { alpha, power: 1 - (1 - plannedPower) / 2, sides: 1 })
      : null
  const forMargin = equal === null ? 0 : added(equal, finding)
  if (forMargin > 0) {
    const reason = `the cases suffice for a difference of ${effect}; to show equivalence within ${margin} takes ${finding.n + forMargin}`
    return {
      cases: forMargin,
      reason,
      sentence: `A difference of ${effect} would probably have been seen; ${plural(forMargin, 'more case')} could show equivalence within ${margin}.`,
    }
  }
  const reason = 'the cases suffice for both; the difference lies near the margin'
  return { cases: null, reason, sentence: `A difference of ${effect} would probably have been seen.` }
}

/**
 * The smallest difference of the primary metric that every comparison with a known spread would have found with 80 %
 * power at this number of cases (in the metric's unit); null where nothing is compared.
 */
export const detectableDifference = (compared: readonly Compared[], plan: AnalysisPlan): number | null => {
  const primary = compared.filter(({ finding }) => finding.metric === plan.primary)
  let largest: number | null = null
  for (const { finding, kind } of primary) {
    if (finding.spread === null) continue
    const m = primary.filter((other) => other.kind === kind).length
    const effect = pairedMinimumEffect(finding.spread.units, { alpha: plan.alpha / m, power: plannedPower })
    if (typeof effect === 'number') largest = Math.max(largest ?? 0, effect * finding.spread.sd)
  }
  return largest
}
