import type { AnalysisPlan, Metric } from '../domain/objective.ts'
import type { Comparison } from '../domain/report.ts'
import { type CompareFacts, compare } from './compare.ts'
import type { Finding } from './finding.ts'
import type { PairAnalysis } from './pair-test.ts'
import type { FamilyKind, Pair } from './pairs.ts'
import { casesForMore } from './planning.ts'
import { reasonOf, sentenceOf } from './sentences.ts'
import type { Sequences } from './sequence.ts'
import type { Study } from './study.ts'
import { decideFamily } from './verdict.ts'

export type ComparisonFacts = {
  readonly study: Study
  readonly plan: AnalysisPlan
  readonly pairs: readonly Pair[]
  readonly judges: ReadonlySet<string>
  readonly analysis: PairAnalysis
  readonly sequences: Sequences | null
  /** Size of each planned family, where a run that is watched must not start with a smaller one; else null. */
  readonly plannedPairs: Readonly<Record<FamilyKind, number>> | null
}

/** A comparison with the numbers it was made of, for planning and recommendations. */
export type Compared = { readonly finding: Finding; readonly comparison: Comparison; readonly kind: FamilyKind }

/** Quality and cost always, latency where anything measured it, and the primary metric first. */
export const comparedMetrics = (study: Study, plan: AnalysisPlan): Metric[] => {
  const latency: Metric[] = study.sides.some((side) => side.latencies.length > 0) ? ['latency'] : []
  return [...new Set<Metric>([plan.primary, 'quality', 'cost', ...latency])]
}

const compareFamily = (pairs: readonly Pair[], metric: Metric, facts: ComparisonFacts): Compared[] => {
  const { study, plan, judges, analysis, sequences } = facts
  const kind = pairs[0]?.kind
  const planned = kind === undefined ? 0 : (facts.plannedPairs?.[kind] ?? 0)
  const members = Math.max(pairs.length, planned)
  const ciLevel = 1 - plan.alpha / members
  const compareBy: CompareFacts = { study, plan, judges, analysis, sequences, ciLevel }
  const findings = pairs.map((pair) => compare(pair, metric, compareBy))
  const decisions = decideFamily(findings, plan.alpha, members)
  const wording = { onlyModel: study.models.length < 2, plan, ciLevel }
  return findings.flatMap((finding, i) => {
    const decision = decisions[i]
    if (decision === undefined) return []
    const { baseline, candidate } = finding.pair
    const more =
      decision.verdict === 'not-enough-data' && metric === plan.primary
        ? casesForMore(finding, { plan, m: decision.m })
        : null
    const comparison: Comparison = {
      metric,
      baseline: { variant: baseline.variant, model: baseline.model },
      candidate: { variant: candidate.variant, model: candidate.model },
      n: finding.n,
      difference: finding.difference,
      ratio: finding.ratio,
      ci: finding.ci,
      ciLevel,
      p: finding.p,
      pAdjusted: decision.pAdjusted,
      margin: metric === plan.primary ? plan.margin : null,
      method: finding.method,
      verdict: decision.verdict,
      reason: reasonOf(finding, decision, { ...wording, more }),
      moreCases: more?.cases ?? null,
      sentence: sentenceOf(finding, decision, { ...wording, more }),
    }
    return [{ finding, comparison, kind: finding.pair.kind }]
  })
}

/** Every comparison of the registered families: by metric, variants before models. */
export const compareAll = (facts: ComparisonFacts): Compared[] => {
  const kinds: readonly FamilyKind[] = ['variants', 'models']
  return comparedMetrics(facts.study, facts.plan).flatMap((metric) =>
    kinds.flatMap((kind) => {
      const pairs = facts.pairs.filter((pair) => pair.kind === kind)
      return pairs.length === 0 ? [] : compareFamily(pairs, metric, facts)
    }),
  )
}
