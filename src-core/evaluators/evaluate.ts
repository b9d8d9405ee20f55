import type { EvaluatorSpec, Score } from '../domain/evaluator.ts'
import type { Judgement, MemberOutcome, Verdict } from './definition.ts'
import type { CellScore, EvaluateCell, EvaluationInput, EvaluatorServices } from './evaluator.ts'
import { acceptedAnswers } from './expected.ts'
import { textOf } from './json-text.ts'
import { pick } from './place.ts'
import { definitionOf } from './registry.ts'

export { evaluatorVersion } from './registry.ts'

/** Specs live as long as their snapshot: what does not depend on the cell is worked out once. */
const prepared = new WeakMap<EvaluatorSpec, Judgement>()

const judgementOf = (spec: EvaluatorSpec): Judgement => {
  const known = prepared.get(spec)
  if (known !== undefined) return known
  const judgement = definitionOf(spec.type).prepare(spec)
  prepared.set(spec, judgement)
  return judgement
}

type Outcome = { readonly score: Score; readonly pending: boolean }

/** Room for the last bits of a mean: 0.1 x 3 / 0.3 passes at 1. */
const epsilon = 1e-12

const outcomeOf = (spec: EvaluatorSpec, verdict: Verdict): Outcome => {
  const { name: evaluator, threshold, negate } = spec
  if (verdict.kind !== 'scored') {
    const score = { evaluator, score: 0, passed: false, reason: verdict.reason, failed: verdict.kind !== 'absent' }
    return { score, pending: verdict.kind === 'pending' }
  }
  if (!(verdict.score >= -epsilon && verdict.score <= 1 + epsilon))
    return outcomeOf(spec, { kind: 'failed', reason: `the evaluator gave ${verdict.score}, not a score in [0, 1]` })
  const clamped = Math.max(0, Math.min(1, verdict.score))
  const score = negate ? 1 - clamped : clamped
  const reason = negate ? `not wanted: ${verdict.reason}` : verdict.reason
  return { score: { evaluator, score, passed: score >= threshold - epsilon, reason, failed: false }, pending: false }
}

const verdictOn = (
  spec: EvaluatorSpec,
  input: EvaluationInput,
  services: EvaluatorServices,
): Verdict | Promise<Verdict> => {
  const picked = pick(spec.field, input)
  if (!picked.ok) return { kind: picked.kind, reason: picked.reason }
  return judgementOf(spec)({
    text: textOf(picked.value),
    value: picked.value,
    expected: acceptedAnswers({ spec, input }),
    spec,
    input,
    services,
    member: async (member) => memberOutcome(await evaluateOne(member, input, services)),
  })
}

const memberOutcome = ({ score, pending }: Outcome): MemberOutcome =>
  pending ? 'pending' : score.failed ? 'failed' : score.passed ? 'passed' : 'not-passed'

const couldNot = (error: unknown): Verdict => ({
  kind: 'failed',
  reason: `could not be evaluated: ${error instanceof Error ? error.message : String(error)}`,
})

/** Never throws: whatever goes wrong is a failure to evaluate this one answer, with its reason. */
const evaluateOne = (
  spec: EvaluatorSpec,
  input: EvaluationInput,
  services: EvaluatorServices,
): Outcome | Promise<Outcome> => {
  try {
    const verdict = verdictOn(spec, input, services)
    if (!(verdict instanceof Promise)) return outcomeOf(spec, verdict)
    return verdict.catch(couldNot).then((settled) => outcomeOf(spec, settled))
  } catch (error) {
    return outcomeOf(spec, couldNot(error))
  }
}

/**
 * All evaluators of a cell, side by side; `scores` stand in the order of `specs`.
 *
 * The cell's score is the weighted mean. A failure to evaluate counts 0 in it; a rating that a person still owes is left out
 * while any other evaluator has spoken. Passed: the score reaches the case's minimum quality where that is given, else every
 * evaluator passes. Without evaluators nothing is claimed: score 0, not passed.
 */
export const evaluateCell: EvaluateCell = async (specs, input, services) => {
  const running = specs.map((spec) => evaluateOne(spec, input, services))
  const outcomes = running.some((one) => one instanceof Promise) ? await Promise.all(running) : (running as Outcome[])
  return combine(specs, outcomes, input.testCase.minimumQuality)
}

const combine = (
  specs: readonly EvaluatorSpec[],
  outcomes: readonly Outcome[],
  minimumQuality: number | null,
): CellScore => {
  const spoken = outcomes.flatMap(({ score, pending }, i) =>
    pending ? [] : [{ score, weight: (specs[i] as EvaluatorSpec).weight }],
  )
  const weights = spoken.reduce((sum, { weight }) => sum + weight, 0)
  const mean = weights > 0 ? spoken.reduce((sum, { score, weight }) => sum + weight * score.score, 0) / weights : 0
  const score = Math.max(0, Math.min(1, mean))
  const all = spoken.length > 0 && spoken.every((one) => one.score.passed)
  const passed = spoken.length > 0 && minimumQuality !== null ? score >= minimumQuality - epsilon : all
  return { score, passed, scores: outcomes.map((outcome) => outcome.score) }
}
