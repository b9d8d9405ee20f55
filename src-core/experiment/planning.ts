import type { AnalysisPlan } from '../domain/objective.ts'
import { normalQuantile } from '../stats/distributions.ts'
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

const beyond = (casesWanted: number, n: number): number => Math.max(0, Math.ceil(casesWanted - 1e-9) - n)

const added = (unitsWanted: number, { n, spread }: Finding): number =>
  spread === null ? 0 : beyond(unitsWanted * spread.casesPerUnit, n)

/** Units below which an exact test cannot reach `alpha`: its smallest two-sided p is 2 / 2^units (statistics.md 4.2). */
export const unitsToReach = (alpha: number): number => Math.ceil(1 - Math.log2(alpha) - 1e-9)

/** Is the comparison decided by a test of signs, whose p has a floor? Ratios have a t test, sequential plans none of both. */
const hasFloor = ({ ratio }: Finding, plan: AnalysisPlan): boolean => plan.design === 'fixed' && ratio === null

const outOfReach = (finding: Finding, plan: AnalysisPlan, alpha: number): boolean =>
  hasFloor(finding, plan) && finding.units < unitsToReach(alpha)

/** Cases at which the score test calls equal answers equivalent: z^2 (1 - margin) / margin. */
const casesIfIdentical = (margin: number, alpha: number): number =>
  margin >= 1 ? 0 : (normalQuantile(1 - alpha) ** 2 * (1 - margin)) / margin

const moreWithoutSpread = (finding: Finding, plan: AnalysisPlan, alpha: number): MoreCases => {
  const { n, units, metric, counted, difference } = finding
  const margin = inUnit(metric, plan.margin)
  const floor = outOfReach(finding, plan, alpha) ? beyond((unitsToReach(alpha) * n) / units, n) : 0
  const identical = counted && difference === 0 && plan.margin > 0
  const equal = identical ? beyond(casesIfIdentical(plan.margin, alpha), n) : 0
  if (equal > 0 && equal >= floor) {
    const reason = `no case differs, but to show equivalence within ${margin} takes ${n + equal} cases even so`
    const sentence = `No case differs; ${plural(equal, 'more case')} like these would show equivalence within ${margin}.`
    return { cases: equal, reason, sentence }
  }
  if (floor > 0) return moreToReach(floor, finding, alpha)
  const reason = 'all differences are equal, so the number of cases needed is unknown'
  return { cases: null, reason, sentence: '' }
}

const moreToReach = (cases: number, { n, units }: Finding, alpha: number): MoreCases => ({
  cases,
  reason: `${plural(units, 'independent case')} can never show a difference at ${Number(alpha.toPrecision(2))}; it takes at least ${n + cases} cases`,
  sentence: `So few cases can never show a difference; it takes at least ${plural(cases, 'more case')}.`,
})

/**
 * Cases to add for 80 % power at the registered `mde`, at the level the comparison faces within its family (alpha / m).
 * Where the run already has them, cases to show equivalence within `margin` if there is no difference. The spread is
 * the observed one; the effect never is: planning on the observed effect makes every study look almost done. Of an exact
 * test never fewer than its p needs to reach that level. The numbers are those of a fixed design, which a sequential
 * plan exceeds, so of its comparisons nothing is said to have been seen.
 */
export const casesForMore = (
  finding: Finding,
  { plan, m }: { readonly plan: AnalysisPlan; readonly m: number },
): MoreCases | null => {
  const { spread, metric, n } = finding
  if (finding.insufficient !== null) return null
  const alpha = plan.alpha / m
  if (spread === null) return n === 0 ? null : moreWithoutSpread(finding, plan, alpha)
  const fixed = plan.design === 'fixed'
  const effect = inUnit(metric, plan.mde)
  const wanted = plan.mde > 0 ? pairedSampleSize(plan.mde / spread.sd, { alpha, power: plannedPower }) : null
  const forEffect = typeof wanted === 'number' ? added(wanted, finding) : 0
  const floor = outOfReach(finding, plan, alpha) ? added(unitsToReach(alpha), finding) : 0
  if (floor > forEffect) return moreToReach(floor, finding, alpha)
  if (forEffect > 0) {
    const power = fixed ? '80 % power' : 'a fixed design 80 % power'
    return {
      cases: forEffect,
      reason: `${power} for a difference of ${effect} needs ${n + forEffect} cases${fixed ? '' : ', a sequential one more'}`,
      sentence: `${plural(forEffect, 'more case')} would give ${power} to see a difference of ${effect}${fixed ? '' : '; a sequential one takes more'}.`,
    }
  }
  const margin = inUnit(metric, plan.margin)
  const equal =
    plan.margin > 0
      ? nonInferioritySampleSize(spread.sd, plan.margin, { alpha, power: 1 - (1 - plannedPower) / 2, sides: 1 })
      : null
  const forMargin = equal === null ? 0 : added(equal, finding)
  const seen = fixed ? `A difference of ${effect} would probably have been seen` : ''
  if (forMargin > 0) {
    const enough = fixed ? `the cases suffice for a difference of ${effect}` : 'by the numbers of a fixed design'
    const could = `${plural(forMargin, 'more case')} could show equivalence within ${margin}`
    return {
      cases: forMargin,
      reason: `${enough}${fixed ? ';' : ','} to show equivalence within ${margin} takes ${n + forMargin}`,
      sentence: fixed ? `${seen}; ${could}.` : `${could} in a fixed design; a sequential one takes more.`,
    }
  }
  return fixed
    ? { cases: null, reason: 'the cases suffice for both; the difference lies near the margin', sentence: `${seen}.` }
    : { cases: null, reason: 'the cases would suffice in a fixed design; a sequential one takes more', sentence: '' }
}

/**
 * The smallest difference of the primary metric that every comparison with a known spread would have found with 80 %
 * power at this number of cases (in the metric's unit); null where nothing is compared or a comparison is out of reach.
 */
export const detectableDifference = (compared: readonly Compared[], plan: AnalysisPlan): number | null => {
  const primary = compared.filter(({ finding }) => finding.metric === plan.primary)
  let largest: number | null = null
  for (const { finding, kind } of primary) {
    if (finding.units === 0) continue
    const m = primary.filter((other) => other.kind === kind).length
    const alpha = plan.alpha / m
    if (outOfReach(finding, plan, alpha)) return null
    if (finding.spread === null) continue
    const effect = pairedMinimumEffect(finding.spread.units, { alpha, power: plannedPower })
    if (typeof effect === 'number') largest = Math.max(largest ?? 0, effect * finding.spread.sd)
  }
  return largest
}
