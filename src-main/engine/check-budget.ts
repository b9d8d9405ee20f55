import { LabError } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import { evaluatorDemand } from '../../src-core/evaluators/registry.ts'
import { missingBounds } from '../../src-core/experiment/budget.ts'
import type { ModelIdentity } from '../../src-core/ports/provider.ts'

type Facts = {
  readonly identities: Readonly<Record<string, ModelIdentity>>
  readonly priceOf: (model: ModelReference) => TokenPrice | null
}

/** Every model that may be called: columns, their fallbacks, and those that evaluators name. */
const callable = (snapshot: ExperimentSnapshot): readonly ModelReference[] => {
  const evaluators = [...snapshot.evaluators, ...snapshot.cases.flatMap((testCase) => testCase.evaluators ?? [])]
  const named = new Set(evaluators.flatMap((spec) => evaluatorDemand(spec).models))
  for (const model of snapshot.models) {
    if (!model.experiment && !named.has(model.id)) continue
    named.add(model.id)
    for (const fallback of model.fallback) named.add(fallback)
  }
  return snapshot.models.filter((model) => named.has(model.id))
}

/** Refuses a budget that could not be kept. Throws LabError 'lab-file', one problem a model; ask before anything is stored. */
export const assertBudgetCanBeKept = (snapshot: ExperimentSnapshot, { identities, priceOf }: Facts): void => {
  const sentences = missingBounds(
    snapshot.budget,
    callable(snapshot).map((model) => ({
      id: model.id,
      priceKnown: priceOf(model) !== null,
      maxTokens: model.parameters.maxTokens,
      contextLength: identities[model.id]?.contextLength ?? null,
    })),
  )
  if (sentences.length === 0) return
  const problems = sentences.map((message) => ({ message, file: null, line: null, column: null }))
  throw new LabError('lab-file', sentences.join('\n'), { problems })
}
