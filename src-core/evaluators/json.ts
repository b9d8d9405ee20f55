import { z } from 'zod'
import { defineEvaluator, passedIf } from './definition.ts'
import { parseJson } from './json-text.ts'

/** Strict unless allowed: a program that reads the output does not strip fences by itself. */
export const codeFenceShape = {
  allowCodeFence: z.boolean().default(false).describe('The JSON may stand in one Markdown code fence'),
}

export const json = defineEvaluator({
  type: 'json',
  label: 'JSON',
  summary: 'The text is valid JSON and nothing else.',
  version: 1,
  example: { type: 'json', allowCodeFence: true },
  params: z.object(codeFenceShape),
  prepare:
    ({ allowCodeFence }) =>
    ({ text }) => {
      const parsed = parseJson(text, { codeFence: allowCodeFence })
      return passedIf(parsed.ok, 'valid JSON', parsed.ok ? '' : `not JSON: ${parsed.reason}`)
    },
})
