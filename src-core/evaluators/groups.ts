import { z } from 'zod'
import type { EvaluatorSpec } from '../domain/evaluator.ts'
import {
  type EvaluatorDefinition,
  type EvaluatorEntry,
  failed,
  type MemberOutcome,
  scored,
  type Verdict,
} from './definition.ts'

/** Each finds its verdict among the members' outcomes; null while it is open. */
type Rule = {
  readonly type: string
  readonly label: string
  readonly summary: string
  /** The outcome that decides at once. */
  readonly deciding: 'passed' | 'not-passed'
}

const membersOf = (spec: EvaluatorSpec): readonly EvaluatorSpec[] =>
  spec.params.evaluators as unknown as readonly EvaluatorSpec[]

/**
 * Binary: a group passes by its members' own thresholds. Members are asked in the order given and only until the verdict is
 * certain, so that a cheap member spares the call of a judge. A member that fails or waits leaves the verdict open.
 */
const group = (
  { type, label, summary, deciding }: Rule,
  demandOf: (spec: EvaluatorSpec) => ReturnType<EvaluatorDefinition['demand']>,
): EvaluatorDefinition => ({
  type,
  label,
  summary,
  version: 1,
  needs: [],
  example: { type, evaluators: [{ type: 'json' }, { type: 'length', max: 500 }] },
  entryShape: (entry) => ({ evaluators: z.lazy(() => z.array(entry()).min(1)) }),
  check: () => [],
  toParams: (parameters, nested) => ({ evaluators: (parameters.evaluators as readonly EvaluatorEntry[]).map(nested) }),
  threshold: () => 1,
  demand: (spec) => {
    const members = membersOf(spec).map(demandOf)
    const sum = (kind: 'judge' | 'embedding') => members.reduce((total, member) => total + member.calls[kind], 0)
    return {
      models: members.flatMap((member) => member.models),
      calls: { judge: sum('judge'), embedding: sum('embedding') },
    }
  },
  prepare: (spec) => {
    const members = membersOf(spec)
    const names = (list: readonly EvaluatorSpec[]) => list.map(({ name }) => name).join(', ')
    return async ({ member }): Promise<Verdict> => {
      const open: { readonly spec: EvaluatorSpec; readonly outcome: MemberOutcome }[] = []
      for (const one of members) {
        const outcome = await member(one)
        if (outcome === deciding)
          return deciding === 'passed' ? scored(1, `${one.name} passed`) : scored(0, `${one.name} did not pass`)
        if (outcome === 'failed' || outcome === 'pending') open.push({ spec: one, outcome })
      }
      const broken = open.filter(({ outcome }) => outcome === 'failed').map((one) => one.spec)
      if (broken.length > 0) return failed(`could not be evaluated: ${names(broken)}`)
      if (open.length > 0) return { kind: 'pending', reason: `pending: ${names(open.map((one) => one.spec))}` }
      return deciding === 'passed'
        ? scored(0, `none passed: ${names(members)}`)
        : scored(1, `all passed: ${names(members)}`)
    }
  },
})

export const groups = (
  demandOf: (spec: EvaluatorSpec) => ReturnType<EvaluatorDefinition['demand']>,
): EvaluatorDefinition[] => [
  group(
    { type: 'all-of', label: 'All of', summary: 'Every evaluator of the group passes.', deciding: 'not-passed' },
    demandOf,
  ),
  group(
    { type: 'any-of', label: 'Any of', summary: 'At least one evaluator of the group passes.', deciding: 'passed' },
    demandOf,
  ),
]
