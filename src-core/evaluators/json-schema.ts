import { type Schema, Validator } from '@cfworker/json-schema'
import { z } from 'zod'
import type { JsonValue } from '../domain/json.ts'
import { type ParameterProblem, defineEvaluator, failed, scored } from './definition.ts'
import { codeFenceShape } from './json.ts'
import { parseJson } from './json-text.ts'
import { unsupportedKeywords } from './json-schema-support.ts'
import { excerpt } from './text.ts'

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

export const jsonSchema = defineEvaluator({
  type: 'json-schema',
  label: 'JSON schema',
  summary: 'The text is JSON that matches a JSON schema (draft 2020-12).',
  version: 1,
  example: {
    type: 'json-schema',
    schema: { type: 'object', required: ['intent'], properties: { intent: { enum: ['book', 'cancel'] } } },
  },
  params: z.object({
    schema: z.union([z.boolean(), z.record(z.string(), z.json())]),
    ...codeFenceShape,
  }),
  check: ({ schema }): ParameterProblem[] =>
    unsupportedKeywords(schema as JsonSchema).map(({ path, message }) => ({ path: ['schema', ...path], message })),
  prepare: ({ schema, allowCodeFence }) => {
    const validate = schemaValidator(schema as JsonSchema)
    return ({ text, value }) => {
      const parsed =
        typeof value === 'string' ? parseJson(text, { codeFence: allowCodeFence }) : { ok: true as const, value }
      if (!parsed.ok) return scored(0, `not JSON: ${parsed.reason}`)
      try {
        const problem = validate(parsed.value)
        return problem === null ? scored(1, 'matches the schema') : scored(0, excerpt(problem, 200).slice(1, -1))
      } catch (error) {
        return failed(`the schema cannot be used: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  },
})
