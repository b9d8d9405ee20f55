import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { LabError } from '../domain/errors.ts'
import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { JsonValue } from '../domain/json.ts'
import type { EvaluatorDefinition, EvaluatorEntry } from './definition.ts'
import { isPlace, placeRule } from './place.ts'
import { definitionOf, evaluatorDefinitions } from './registry.ts'

export type { EvaluatorEntry } from './definition.ts'

const place = z.string().refine(isPlace, { error: placeRule })

const commonShape = {
  name: z.string().min(1).optional().describe('Unique name in reports; the type unless given'),
  weight: z.number().positive().optional().describe("Share in the cell's weighted mean; 1 unless given"),
  threshold: z.number().min(0).max(1).optional().describe('Passes when the score is at least this'),
  negate: z.boolean().optional().describe('The score becomes 1 - score'),
  field: place.optional().describe('Where to look: output, a JSON path of it ($.a.b[0]) or a variable ({name})'),
  fields: z
    .union([place, z.array(place).min(1)])
    .optional()
    .describe('The same as field; of several, all must pass'),
}

const entryOf = (definition: EvaluatorDefinition) =>
  z
    .strictObject({
      type: z.literal(definition.type),
      ...commonShape,
      ...definition.entryShape(() => evaluatorEntrySchema),
    })
    .superRefine((entry, context) => {
      if (entry.field !== undefined && entry.fields !== undefined)
        context.addIssue({ code: 'custom', path: ['fields'], message: 'give field or fields, not both' })
      for (const problem of definition.check(parametersOf(entry)))
        context.addIssue({ code: 'custom', path: [...problem.path], message: problem.message })
    })
    .describe(definition.summary)

const unknownType = (input: unknown): string => {
  const types = evaluatorDefinitions.map((definition) => definition.type)
  const given = typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined
  if (typeof given !== 'string') return `an evaluator needs a type: one of ${types.join(', ')}`
  const nearest = types.reduce((best, type) => (distance(type, given) < distance(best, given) ? type : best))
  const hint = distance(nearest, given) <= Math.max(2, given.length / 3) ? `did you mean "${nearest}"? ` : ''
  return `unknown evaluator "${given}": ${hint}Known are ${types.join(', ')}`
}

const [firstEntry, ...otherEntries] = evaluatorDefinitions.map(entryOf)
if (firstEntry === undefined) throw new Error('the registry of evaluators is empty')

/** One evaluator as a lab file says it. Unknown types and parameters are problems; defaults are filled in. */
export const evaluatorEntrySchema: z.ZodType<EvaluatorEntry> = z.discriminatedUnion(
  'type',
  [firstEntry, ...otherEntries],
  {
    error: (issue) => (issue.code === 'invalid_union' ? unknownType(issue.input) : undefined),
  },
)

/** A lab's or a case's list of evaluators: names given by hand are unique. */
export const evaluatorEntriesSchema: z.ZodType<EvaluatorEntry[]> = z
  .array(evaluatorEntrySchema)
  .superRefine((entries, context) => {
    const seen = new Set<string>()
    for (const [index, { name }] of entries.entries()) {
      if (name === undefined) continue
      if (seen.has(name))
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `two evaluators are named "${name}"` })
      seen.add(name)
    }
  })

const common = new Set(['type', ...Object.keys(commonShape)])

const parametersOf = (entry: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(entry).filter(([key, value]) => !common.has(key) && value !== undefined))

/**
 * A parsed entry with its defaults. `index` is its place in the list (0-based) and names a second evaluator of a type:
 * `equals`, `equals-3`. The names used are added to `taken`. Throws LabError 'lab-file' for a name given twice.
 */
const toEvaluatorSpec = (entry: EvaluatorEntry, index: number, taken: Set<string>): EvaluatorSpec => {
  const { field, fields } = entry
  const places = fields === undefined ? [field ?? 'output'] : typeof fields === 'string' ? [fields] : fields
  if (places.length > 1) {
    const { fields: _, negate: __, threshold: ___, weight: ____, ...rest } = entry
    const { negate, threshold } = entry
    const members = places.map((where) => ({ ...rest, name: undefined, field: where, negate, threshold }))
    return toEvaluatorSpec(
      { type: 'all-of', name: entry.name, weight: entry.weight, evaluators: members },
      index,
      taken,
    )
  }
  const definition = definitionOf(entry.type)
  const name = nameOf(entry, index, taken)
  taken.add(name)
  const parameters = parametersOf(entry)
  const params = definition.toParams(parameters, (member, position) =>
    toEvaluatorSpec(
      member.name === undefined ? { ...member, name: freeName(`${name}/${member.type}`, position, taken) } : member,
      position,
      taken,
    ),
  )
  return {
    type: entry.type,
    name,
    weight: entry.weight ?? 1,
    threshold: entry.threshold ?? definition.threshold(parameters),
    negate: entry.negate ?? false,
    field: places[0] ?? 'output',
    params: withoutUndefined(params),
  }
}

/** All of a list. */
export const toEvaluatorSpecs = (entries: readonly EvaluatorEntry[]): EvaluatorSpec[] => {
  // Names given by hand are reserved first, so that a default name never takes one that stands further down.
  const taken = new Set<string>()
  const given = new Set(entries.flatMap((entry) => (entry.name === undefined ? [] : [entry.name])))
  return entries.map((entry, index) =>
    entry.name === undefined
      ? toEvaluatorSpec({ ...entry, name: freeName(entry.type, index, new Set([...taken, ...given])) }, index, taken)
      : toEvaluatorSpec(entry, index, taken),
  )
}

const nameOf = (entry: EvaluatorEntry, index: number, taken: ReadonlySet<string>): string => {
  if (entry.name === undefined) return freeName(entry.type, index, taken)
  if (taken.has(entry.name)) throw new LabError('lab-file', `two evaluators are named "${entry.name}"`)
  return entry.name
}

const freeName = (wanted: string, index: number, taken: ReadonlySet<string>): string => {
  if (!taken.has(wanted)) return wanted
  let number = index + 1
  while (taken.has(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}

const withoutUndefined = (params: Readonly<Record<string, unknown>>): Record<string, JsonValue> =>
  JSON.parse(JSON.stringify(params)) as Record<string, JsonValue>
