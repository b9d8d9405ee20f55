import { LabError } from '../domain/errors.ts'
import type { EvaluatorSpec } from '../domain/evaluator.ts'
import { contains, containsAll, containsAny, startsWith } from './contains.ts'
import type { CallDemand, EvaluatorDefinition, EvaluatorEntry, Need } from './definition.ts'
import { equals } from './equals.ts'
import { groups } from './groups.ts'
import { human } from './human.ts'
import { javascript } from './javascript.ts'
import { json } from './json.ts'
import { jsonFields } from './json-fields.ts'
import { jsonSchema } from './json-schema.ts'
import { bleu, levenshtein, rougeL, similarity, tokenF1 } from './likeness.ts'
import { cost, latency, length, tokens } from './limits.ts'
import { number } from './number.ts'
import { oneOf } from './one-of.ts'
import { pairwise } from './pairwise.ts'
import { regex } from './regex.ts'
import { rubric } from './rubric.ts'
import { set } from './set.ts'

/** Every evaluator, in the order of the documentation. Adding one is a file and a line here. */
export const evaluatorDefinitions: readonly EvaluatorDefinition[] = [
  equals,
  contains,
  containsAny,
  containsAll,
  startsWith,
  regex,
  oneOf,
  number,
  set,
  json,
  jsonSchema,
  jsonFields,
  levenshtein,
  tokenF1,
  rougeL,
  bleu,
  similarity,
  length,
  latency,
  cost,
  tokens,
  javascript,
  rubric,
  pairwise,
  human,
  ...groups((spec) => evaluatorDemand(spec)),
]

const byType = new Map(evaluatorDefinitions.map((definition) => [definition.type, definition]))

/** Throws LabError 'lab-file' for an unknown type. */
export const definitionOf = (type: string): EvaluatorDefinition => {
  const definition = byType.get(type)
  if (definition === undefined) throw new LabError('lab-file', `unknown evaluator "${type}"`)
  return definition
}

/** Part of the score cache's key, and of the report's reproduction block. */
export const evaluatorVersion = (type: string): number => definitionOf(type).version

/** Ids of the models an evaluator asks (members of a group included), and its calls per cell at most. */
export const evaluatorDemand = (
  spec: EvaluatorSpec,
): { readonly models: readonly string[]; readonly calls: CallDemand } => definitionOf(spec.type).demand(spec)

export type EvaluatorDoc = {
  readonly type: string
  readonly label: string
  readonly summary: string
  readonly version: number
  readonly needs: readonly Need[]
  readonly example: EvaluatorEntry
}

/** What docs/evaluators.md and the forms say. */
export const evaluatorDocs = (): readonly EvaluatorDoc[] =>
  evaluatorDefinitions.map(({ type, label, summary, version, needs, example }) => ({
    type,
    label,
    summary,
    version,
    needs,
    example,
  }))
