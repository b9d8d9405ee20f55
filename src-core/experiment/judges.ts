import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { ExperimentSnapshot } from '../domain/experiment.ts'
import type { JsonValue } from '../domain/json.ts'
import type { ModelReference } from '../domain/model.ts'

/** Evaluators whose `model` gives an opinion; that of `similarity` only turns texts into vectors. */
const judgingTypes: readonly string[] = ['rubric', 'pairwise']

const judgesIn = (type: string, params: Readonly<Record<string, JsonValue>>): string[] => {
  const own = judgingTypes.includes(type) && typeof params.model === 'string' ? [params.model] : []
  return [...own, ...Object.values(params).flatMap(judgesInValue)]
}

/** Groups (`all-of`, `any-of`) hold evaluators inside their parameters. */
const judgesInValue = (value: JsonValue): string[] => {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(judgesInValue)
  if (typeof value !== 'object' || value === null) return []
  const record = value as Readonly<Record<string, JsonValue>>
  if (typeof record.type !== 'string') return []
  const nested = record.params
  const params = typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? nested : record
  return judgesIn(record.type, params as Readonly<Record<string, JsonValue>>)
}

/** The same weights under another id are the same judge. */
const isSame = (a: ModelReference, b: ModelReference): boolean =>
  a.id === b.id || (a.provider === b.provider && a.model === b.model && a.baseUrl === b.baseUrl)

/** Ids of the experiment's models that also judge its answers. */
export const judgingModels = (snapshot: ExperimentSnapshot | null): ReadonlySet<string> => {
  if (snapshot === null) return new Set()
  const specs: readonly EvaluatorSpec[] = [
    ...snapshot.evaluators,
    ...snapshot.cases.flatMap((testCase) => testCase.evaluators ?? []),
  ]
  const named = new Set(specs.flatMap((spec) => judgesIn(spec.type, spec.params)))
  const judges = snapshot.models.filter((model) => named.has(model.id))
  return new Set(snapshot.models.filter((model) => judges.some((judge) => isSame(judge, model))).map((m) => m.id))
}
