import { higherIsBetter } from '../domain/objective.ts'
import type { Verdict } from '../domain/report.ts'
import { holm } from '../stats/multiplicity.ts'
import type { Finding } from './finding.ts'

export type Decision = {
  readonly verdict: Verdict
  /** Holm-adjusted over the family; null where there is no p. */
  readonly pAdjusted: number | null
  /** Adjusted p of the claim that the verdict rests on, which for the last two claims is not `pAdjusted`. */
  readonly pClaim: number | null
  /** Comparisons in the family. */
  readonly m: number
}

/**
 * Holm over the whole registered family: a comparison without a p stays a member that rejects nothing, so that a gap in
 * the data cannot make the others look better.
 */
const adjust = (ps: readonly (number | null)[], members: number): (number | null)[] => {
  const absent = Array.from({ length: Math.max(0, members - ps.length) }, () => 1)
  const adjusted = holm([...ps.map((p) => p ?? 1), ...absent])
  return ps.map((p, i) => (p === null ? null : (adjusted[i] ?? 1)))
}

/** Is the candidate on the good side of the baseline? */
const isImprovement = (finding: Finding): boolean => {
  const effect = finding.ratio === null ? (finding.difference ?? 0) : Math.log(finding.ratio)
  return higherIsBetter(finding.metric) ? effect > 0 : effect < 0
}

/**
 * Decides one family (all comparisons of one kind and metric). First that applies, by the contract's order. `members` is
 * the size of the family, which may be larger than what a running experiment can compare so far.
 */
export const decideFamily = (findings: readonly Finding[], alpha: number, members = findings.length): Decision[] => {
  const differs = adjust(
    findings.map((finding) => finding.p),
    members,
  )
  const cheaper = adjust(
    findings.map((finding) => finding.pCheaper),
    members,
  )
  const equivalent = adjust(
    findings.map((finding) => finding.pEquivalent),
    members,
  )
  const holds = (p: number | null | undefined): p is number => p !== null && p !== undefined && p <= alpha
  return findings.map((finding, i): Decision => {
    const pAdjusted = differs[i] ?? null
    const decision = (verdict: Verdict, pClaim: number | null): Decision => ({
      verdict,
      pAdjusted,
      pClaim,
      m: members,
    })
    if (finding.invalid !== null) return decision('invalid', null)
    if (holds(pAdjusted)) return decision(isImprovement(finding) ? 'better' : 'worse', pAdjusted)
    if (holds(cheaper[i])) return decision('cheaper-not-worse', cheaper[i])
    if (holds(equivalent[i])) return decision('equivalent', equivalent[i])
    return decision('not-enough-data', pAdjusted)
  })
}
