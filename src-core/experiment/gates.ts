import type { Constraint, Gates, Metric } from '../domain/objective.ts'
import type { Comparison, GateResult } from '../domain/report.ts'
import { checkConstraint } from './constraints.ts'
import type { CaseFacts } from './outcome.ts'
import { passRateOf } from './pass-rate.ts'
import type { Side } from './side.ts'
import type { Study } from './study.ts'
import { listed, metricLabel, plural, score } from './wording.ts'

export type GateQuestion = {
  readonly study: Study
  readonly side: Side
  readonly alpha: number
  readonly constraints: readonly Constraint[]
  readonly gates: Gates
  readonly cases: ReadonlyMap<string, CaseFacts>
  readonly comparisons: readonly Comparison[]
  readonly primary: Metric
  readonly baseline: string
}

type Answer = Pick<GateResult, 'name' | 'passed' | 'value' | 'sentence'>

const passRateGate = ({ gates, side, study, alpha }: GateQuestion): Answer[] => {
  const gate = gates.passRate
  if (gate === null) return []
  const name = `passRate ${gate.source}`
  const value = passRateOf(side, study, 1 - alpha).rate
  if (value === null) return [{ name, passed: null, value, sentence: 'the pass rate is unknown, so it is not checked' }]
  const passed = gate.relation === '>=' ? value >= gate.limit : value <= gate.limit
  const edge = gate.relation === '>=' ? 'at least' : 'at most'
  return [{ name, passed, value, sentence: `pass rate ${score(value)}; wanted ${edge} ${score(gate.limit)}` }]
}

/** A dead case hides in any average: it fails when no repetition reaches its minimum. */
const caseMinimumGate = ({ gates, side, study, cases }: GateQuestion): Answer[] => {
  if (!gates.caseMinimum) return []
  const name = 'caseMinimum'
  const guarded = study.caseIds.filter(
    (id, c) => (cases.get(id)?.minimumQuality ?? null) !== null && (side.cells[c] ?? 0) > 0,
  )
  if (guarded.length === 0) {
    return [{ name, passed: null, value: null, sentence: 'no case names a minimum quality, so none is checked' }]
  }
  const dead = study.caseIds.filter((id, c) => {
    const minimum = cases.get(id)?.minimumQuality ?? null
    return minimum !== null && (side.cells[c] ?? 0) > 0 && (side.bestScore[c] ?? 0) < minimum
  })
  const shown = dead.length > 5 ? [...dead.slice(0, 5), `${dead.length - 5} more`] : dead
  const sentence =
    dead.length === 0
      ? `each of ${plural(guarded.length, 'case')} with a minimum reaches it at least once`
      : `${plural(dead.length, 'case')} below the minimum in every repetition: ${listed(shown)}`
  return [{ name, passed: dead.length === 0, value: dead.length, sentence }]
}

const notWorseGate = ({ gates, side, comparisons, primary, baseline }: GateQuestion): Answer[] => {
  if (!gates.notWorseThanBaseline || side.variant === baseline) return []
  const name = 'notWorseThanBaseline'
  const comparison = comparisons.find(
    (one) =>
      one.metric === primary &&
      one.candidate.variant === side.variant &&
      one.candidate.model === side.model &&
      one.baseline.variant === baseline &&
      one.baseline.model === side.model,
  )
  if (comparison === undefined) {
    return [
      { name, passed: null, value: null, sentence: `there is no result of ${baseline} on this model to compare with` },
    ]
  }
  const failed = comparison.verdict === 'worse' || comparison.verdict === 'invalid'
  const found = {
    invalid: `the comparison with ${baseline} is invalid`,
    worse: `${metricLabel(primary)} is worse than that of ${baseline}`,
    better: `${metricLabel(primary)} is better than that of ${baseline}`,
    'cheaper-not-worse': `cheaper than ${baseline} and not worse`,
    equivalent: `equivalent to ${baseline}`,
    'not-enough-data': `not shown worse than ${baseline}`,
  }[comparison.verdict]
  return [{ name, passed: !failed, value: comparison.difference, sentence: found }]
}

/** Every gate of one variant x model. */
export const gatesOf = (question: GateQuestion): GateResult[] => {
  const { side, study, alpha, constraints } = question
  const limits = constraints.map((constraint): Answer => {
    const { passed, value, sentence } = checkConstraint({ side, study, constraint, alpha })
    return { name: `${constraint.metric} ${constraint.source}`, passed, value, sentence }
  })
  return [...limits, ...passRateGate(question), ...caseMinimumGate(question), ...notWorseGate(question)].map(
    (answer) => ({
      name: answer.name,
      variant: side.variant,
      model: side.model,
      passed: answer.passed,
      value: answer.value,
      sentence: answer.sentence,
    }),
  )
}
