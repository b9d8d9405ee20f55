import { z } from 'zod'
import type { JsonValue } from '../domain/json.ts'
import { defineEvaluator, failed, type Subject, scored, type Verdict } from './definition.ts'
import { excerpt } from './text.ts'

/** What a script sees, as constants of these names. */
const scriptInput = ({ text, value, expected, input }: Subject): JsonValue => ({
  output: text,
  value,
  expected: expected.length <= 1 ? (expected[0] ?? null) : expected,
  accepted: expected,
  variables: input.testCase.inputs,
  testCase: { id: input.testCase.id, tags: input.testCase.tags, weight: input.testCase.weight },
  messages: input.messages.map(({ role, content }) => ({ role, content })),
  response: {
    finishReason: input.response.finishReason,
    inputTokens: input.response.inputTokens,
    outputTokens: input.response.outputTokens,
    latencyMs: input.response.latencyMs,
    costUsd: input.costUsd,
  },
})

/** A boolean, a number in [0, 1], or `{ score, reason }` with such a score. Anything else is the script's mistake. */
const scriptVerdict = (value: JsonValue): Verdict => {
  if (typeof value === 'boolean') return scored(value ? 1 : 0, `returned ${value}`)
  if (typeof value === 'number')
    return value >= 0 && value <= 1
      ? scored(value, `returned ${value}`)
      : failed(`returned ${value}, not a score in [0, 1]`)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { score, reason } = value as Readonly<Record<string, JsonValue>>
    if (typeof score === 'boolean' || typeof score === 'number') {
      const verdict = scriptVerdict(score)
      return verdict.kind === 'scored' && typeof reason === 'string' && reason !== ''
        ? { ...verdict, reason: reason.slice(0, 1000) }
        : verdict
    }
  }
  return failed(
    `returned ${excerpt(JSON.stringify(value))}: a script returns a boolean, a score in [0, 1] or { score, reason }`,
  )
}

export const javascript = defineEvaluator({
  type: 'javascript',
  label: 'JavaScript',
  summary: 'A script without access to anything returns a boolean, a score or { score, reason }.',
  version: 1,
  needs: ['script'],
  example: { type: 'javascript', code: 'output.split(/\\s+/).length <= 20 && !output.includes(variables.name)' },
  params: z.object({
    code: z
      .string()
      .regex(/\S/, { error: 'the code is empty' })
      .describe(
        'An expression, or statements with return; sees output, value, expected, accepted, variables, testCase, messages, response',
      ),
  }),
  prepare:
    ({ code }) =>
    async (subject) => {
      const verdict = await subject.services.runScript(code, scriptInput(subject))
      if (verdict.kind === 'timed-out') return failed('the script took too long (timed-out)')
      return verdict.kind === 'error' ? failed(`the script failed: ${verdict.message}`) : scriptVerdict(verdict.value)
    },
})
