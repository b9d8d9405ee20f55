import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import { evaluatorDemand } from '../../src-core/evaluators/registry.ts'
import { type Prospects, prospects } from '../../src-core/experiment/before-run.ts'
import { type Estimate, estimateRun } from '../../src-core/experiment/estimate.ts'
import { renderMessages } from '../../src-core/template/render.ts'

/** The object of `promptlab plan`; `schema` and `labVersion` are added at the door. */
export type Plan = Estimate & Prospects

/** Calls, tokens, money, minutes and what could be shown. Sends nothing and stores nothing. */
export const planExperiment = (
  snapshot: ExperimentSnapshot,
  { priceOf }: { readonly priceOf: (model: ModelReference) => TokenPrice | null },
): Plan => {
  const estimate = estimateRun(snapshot, {
    priceOf,
    judgeCallsPerCell: judgeCalls(snapshot),
    render: (variant, testCase) => {
      const template = snapshot.variants[variant]?.template
      const inputs = snapshot.cases[testCase]?.inputs
      if (template === undefined || inputs === undefined) return null
      const rendered = renderMessages(template, inputs)
      return 'messages' in rendered ? rendered.messages : null
    },
  })
  return { ...estimate, ...prospects(snapshot) }
}

/**
 * Judge and embedding calls that one cell causes, by the model asked; a case's own evaluators replace the experiment's.
 * The calls of a group that asks several models are shared out evenly, which is close enough for an estimate.
 */
const judgeCalls = ({ cases, evaluators }: ExperimentSnapshot): Record<string, number> => {
  const total: Record<string, number> = {}
  for (const { evaluators: own } of cases) {
    for (const spec of own ?? evaluators) {
      const { models, calls } = evaluatorDemand(spec)
      const share = (calls.judge + calls.embedding) / Math.max(1, models.length) / cases.length
      for (const model of models) total[model] = (total[model] ?? 0) + share
    }
  }
  return total
}
