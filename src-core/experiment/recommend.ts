import type { AnalysisPlan } from '../domain/objective.ts'
import { higherIsBetter } from '../domain/objective.ts'
import type { Combination, Comparison, GateResult, Recommendation, ReportRow } from '../domain/report.ts'
import type { Best } from './best.ts'
import type { Compared } from './comparisons.ts'
import { combination, inUnit, metricLabel, plural, timesAs } from './wording.ts'

export type RecommendFacts = {
  readonly plan: AnalysisPlan
  readonly rows: readonly ReportRow[]
  readonly compared: readonly Compared[]
  readonly gates: readonly GateResult[]
  readonly best: Best
  /** The variant that comparisons are made against, on the first model. */
  readonly reference: Combination | null
  readonly exploratory: boolean
}

const same = (a: Combination, b: Combination): boolean => a.variant === b.variant && a.model === b.model

const passesGates = (gates: readonly GateResult[], who: Combination): boolean =>
  gates.every((gate) => gate.passed !== false || !same(gate, who))

const isLeading = ({ best: { best, tiedWith } }: RecommendFacts, who: Combination): boolean =>
  [...(best === null ? tiedWith : [best])].some((one) => same(one, who))

const rowOf = ({ rows }: RecommendFacts, who: Combination): ReportRow | undefined => rows.find((row) => same(row, who))

/** Winners of the primary metric that pass their gates. */
const winners = ({ plan, compared, gates }: RecommendFacts, verdict: Comparison['verdict']): Comparison[] =>
  compared
    .map(({ comparison }) => comparison)
    .filter((one) => one.metric === plan.primary && one.verdict === verdict && passesGates(gates, one.candidate))

/** Dollars where they tell the rows apart; else tokens, which are comparable on one model (a local one costs nothing). */
const costMeasure = (rows: readonly ReportRow[]): ((row: ReportRow) => number | null) => {
  const usd = (row: ReportRow) => row.costUsd
  const tokens = (row: ReportRow) =>
    row.inputTokens === null || row.outputTokens === null ? null : row.inputTokens + row.outputTokens
  const oneModel = new Set(rows.map((row) => row.model)).size === 1
  const dollarsTell = new Set(rows.map(usd)).size > 1 && rows.every((row) => usd(row) !== null)
  return dollarsTell || !oneModel ? usd : tokens
}

type Choice = { readonly winner: Comparison; readonly why: string }

/**
 * One of several winners: among those that nothing is shown better than, the cheapest where every cost is known (their
 * order by mean is chance, as far as anybody can tell), else the one with the largest gain.
 */
const chosen = (facts: RecommendFacts, verdict: Comparison['verdict']): Choice | null => {
  const found = winners(facts, verdict)
  const leading = found.filter((one) => isLeading(facts, one.candidate))
  const field = leading.length > 0 ? leading : found
  const sign = higherIsBetter(facts.plan.primary) ? -1 : 1
  const gain = (one: Comparison): number => sign * (one.difference ?? 0)
  const cost = costMeasure(field.flatMap((one) => rowOf(facts, one.candidate) ?? []))
  const costOfOne = (one: Comparison): number | null => {
    const row = rowOf(facts, one.candidate)
    return row === undefined ? null : cost(row)
  }
  const costsDiffer = new Set(field.map(costOfOne)).size > 1 && field.every((one) => costOfOne(one) !== null)
  const ranked = [...field].sort(
    (a, b) => (costsDiffer ? (costOfOne(a) ?? 0) - (costOfOne(b) ?? 0) : 0) || gain(a) - gain(b),
  )
  const [winner] = ranked
  if (winner === undefined) return null
  const others = new Set(field.map((one) => `${one.candidate.variant}\u0000${one.candidate.model}`)).size
  const why = costsDiffer && others > 1 ? ` It is the cheapest of ${others} between which no difference is shown.` : ''
  return { winner, why }
}

const costOf = (facts: RecommendFacts, winner: Comparison): string => {
  const cost = facts.compared
    .map(({ comparison }) => comparison)
    .find(
      (one) => one.metric === 'cost' && same(one.candidate, winner.candidate) && same(one.baseline, winner.baseline),
    )
  if (cost === undefined || cost.ratio === null || (cost.verdict !== 'worse' && cost.verdict !== 'better')) return ''
  return ` It costs ${timesAs('cost', cost.ratio)}.`
}

const deploy = (facts: RecommendFacts, { winner, why }: Choice, onlyModel: boolean): Recommendation => {
  const { plan, exploratory } = facts
  const [name, before] = [combination(winner.candidate, onlyModel), combination(winner.baseline, onlyModel)]
  const gain =
    winner.verdict === 'better'
      ? `its ${metricLabel(plan.primary)} is shown better than that of ${before}`
      : `it is cheaper than ${before} and not worse by more than ${inUnit(plan.primary, plan.margin)}`
  const caution = exploratory ? ' The analysis is exploratory: confirm on fresh cases first.' : ''
  const price = winner.verdict === 'better' && plan.primary !== 'cost' ? costOf(facts, winner) : ''
  return { action: 'deploy', sentence: `Deploy ${name}: ${gain}.${why}${price}${caution}`, moreCases: null }
}

const gather = (facts: RecommendFacts): Recommendation | null => {
  const { plan, compared } = facts
  const primary = compared.map(({ comparison }) => comparison).filter((one) => one.metric === plan.primary)
  const invalid = primary.filter((one) => one.verdict === 'invalid')
  if (primary.length > 0 && invalid.length === primary.length) {
    const first = invalid[0] as Comparison
    return { action: 'gather', sentence: `Repeat the run: no comparison is valid (${first.reason}).`, moreCases: null }
  }
  const open = primary.filter((one) => one.verdict === 'not-enough-data' && one.moreCases !== null)
  const most = Math.max(0, ...open.map((one) => one.moreCases ?? 0))
  if (most === 0) return null
  const effect = inUnit(plan.primary, plan.mde)
  return {
    action: 'gather',
    sentence: `Gather ${plural(most, 'more case')}: these are too few to settle a difference of ${effect} in ${metricLabel(plan.primary)}.`,
    moreCases: most,
  }
}

const keepOrEvolve = (facts: RecommendFacts, onlyModel: boolean): Recommendation => {
  const { reference, gates, compared, plan } = facts
  const name = reference === null ? 'what you have' : combination(reference, onlyModel)
  const judged = gates.filter((gate) => reference !== null && gate.variant === reference.variant)
  const failing = (judged.length > 0 ? judged : gates).filter((gate) => gate.passed === false)
  if (failing.length > 0) {
    const why = `no variant is shown better and passes every gate (${failing[0]?.name})`
    return { action: 'evolve', sentence: `Evolve a better prompt: ${why}.`, moreCases: null }
  }
  const primary = compared.map(({ comparison }) => comparison).filter((one) => one.metric === plan.primary)
  if (primary.length === 0) {
    return { action: 'keep', sentence: `Keep ${name}: there is nothing to compare it with yet.`, moreCases: null }
  }
  const worse = primary.every((one) => one.verdict === 'worse')
  const why = worse ? 'every alternative is shown worse' : 'no alternative is shown better'
  return { action: 'keep', sentence: `Keep ${name}: ${why}.`, moreCases: null }
}

/** What to do next, in one plain sentence. */
export const recommend = (facts: RecommendFacts): Recommendation => {
  const { rows } = facts
  const onlyModel = new Set(rows.map((row) => row.model)).size < 2
  if (rows.length === 0) {
    return { action: 'gather', sentence: 'Run the experiment: there are no results yet.', moreCases: null }
  }
  if (rows.every((row) => row.n > 0 && row.failed >= row.n && row.mean === 0 && row.latencyMs.p50 === null)) {
    return {
      action: 'gather',
      sentence: 'Repeat the run: every cell failed, so nothing was measured.',
      moreCases: null,
    }
  }
  const winner = chosen(facts, 'better') ?? chosen(facts, 'cheaper-not-worse')
  if (winner !== null) return deploy(facts, winner, onlyModel)
  return gather(facts) ?? keepOrEvolve(facts, onlyModel)
}
