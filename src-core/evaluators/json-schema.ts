import { format, type Schema, Validator } from '@cfworker/json-schema'
import { z } from 'zod'
import type { JsonValue } from '../domain/json.ts'
import { defineEvaluator, failed, type ParameterProblem, scored, type Verdict } from './definition.ts'
import type { EvaluatorServices } from './evaluator.ts'
import { codeFenceShape } from './json.ts'
import { patternsOf, schemaProblems, textsOf } from './json-schema-support.ts'
import { parseJson } from './json-text.ts'

const longestFormatted = 4096

// The library's patterns for formats take seconds to minutes on long text (measured: 20,000 characters); its table of
// formats is the only place to say so. A text longer than this is of no format.
for (const [name, check] of Object.entries(format))
  format[name] = (text) => text.length <= longestFormatted && check(text)

type JsonSchema = boolean | { readonly [key: string]: JsonValue }

/** Draft 2020-12. Throws Error for a reference that leads nowhere. */
export const schemaValidator = (schema: JsonSchema): ((value: JsonValue) => string | null) => {
  const validator = new Validator(schema as Schema | boolean, '2020-12')
  return (value) => {
    const result = validator.validate(value)
    // The first errors say "a subschema had errors"; the last one names the place and the keyword.
    const error = result.errors.at(-1)
    return result.valid ? null : `${error?.instanceLocation ?? '#'}: ${error?.error ?? 'does not match the schema'}`
  }
}

/** More would keep the matching thread busy for seconds on one answer. */
const mostMatches = 5000

/**
 * The validator matches patterns in this thread, where nothing stops one that backtracks for ever. So every pattern is first
 * held against every text of the value where there is a deadline. Null: none of them is slow.
 */
const slowPattern = async (
  patterns: ReadonlySet<string>,
  value: JsonValue,
  { matchRegex }: EvaluatorServices,
): Promise<string | null> => {
  const texts = [...textsOf(value)]
  if (texts.length * patterns.size > mostMatches) return 'the output has too many texts for the patterns of the schema'
  for (const pattern of patterns) {
    const verdicts = await Promise.all(texts.map((text) => matchRegex(pattern, 'u', text)))
    if (verdicts.some(({ kind }) => kind === 'timed-out'))
      return `the pattern ${pattern} took too long on this output (timed-out)`
  }
  return null
}

export const jsonSchema = defineEvaluator({
  type: 'json-schema',
  label: 'JSON schema',
  summary: 'The text is JSON that matches a JSON schema (draft 2020-12; formats are checked).',
  version: 1,
  needs: ['regex'],
  example: {
    type: 'json-schema',
    schema: { type: 'object', required: ['intent'], properties: { intent: { enum: ['book', 'cancel'] } } },
  },
  params: z.object({
    schema: z.union([z.boolean(), z.record(z.string(), z.json())]),
    ...codeFenceShape,
  }),
  check: ({ schema }): ParameterProblem[] =>
    schemaProblems(schema as JsonSchema).map(({ path, message }) => ({ path: ['schema', ...path], message })),
  prepare: ({ schema, allowCodeFence }) => {
    const validate = schemaValidator(schema as JsonSchema)
    const patterns = patternsOf(schema as JsonSchema)
    const judge = (value: JsonValue): Verdict => {
      try {
        const problem = validate(value)
        return problem === null ? scored(1, 'matches the schema') : scored(0, problem.slice(0, 300))
      } catch (error) {
        return failed(`the schema cannot be used: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    return ({ text, value, services }) => {
      const parsed =
        typeof value === 'string' ? parseJson(text, { codeFence: allowCodeFence }) : { ok: true as const, value }
      if (!parsed.ok) return scored(0, `not JSON: ${parsed.reason}`)
      if (patterns.size === 0) return judge(parsed.value)
      return slowPattern(patterns, parsed.value, services).then((slow) =>
        slow === null ? judge(parsed.value) : failed(slow),
      )
    }
  },
})
