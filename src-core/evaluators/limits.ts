import { z } from 'zod'
import { defineEvaluator, failed, type ParameterProblem, passedIf } from './definition.ts'
import { plain, unspaced } from './text.ts'

const units = ['chars', 'words', 'lines', 'sentences'] as const

const unspacedLetter = new RegExp(`[${unspaced}]`, 'gu')

/** Code points; runs without white space (letters of scripts without spaces one by one); lines that are not blank; ends of sentences. */
const counters: Readonly<Record<(typeof units)[number], (text: string) => number>> = {
  chars: (text) => {
    let count = 0
    for (const _ of text) count += 1
    return count
  },
  words: (text) =>
    text
      .replace(unspacedLetter, ' $& ')
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
  lines: (text) => text.split('\n').filter((line) => line.trim() !== '').length,
  sentences: (text) =>
    text.split(/[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？]+|\n{2,}/u).filter((part) => /[\p{L}\p{N}]/u.test(part)).length,
}

export const length = defineEvaluator({
  type: 'length',
  label: 'Length',
  summary: 'The text has at least min and at most max characters, words, lines or sentences.',
  version: 1,
  example: { type: 'length', max: 50, unit: 'words' },
  params: z.object({
    min: z.int().min(0).optional(),
    max: z.int().min(0).optional(),
    unit: z.enum(units).default('chars'),
  }),
  check: ({ min, max }): ParameterProblem[] => {
    if (min === undefined && max === undefined) return [{ path: ['max'], message: 'length needs min or max' }]
    return min !== undefined && max !== undefined && min > max
      ? [{ path: ['max'], message: 'max is less than min' }]
      : []
  },
  prepare:
    ({ min = 0, max = Number.POSITIVE_INFINITY, unit }) =>
    ({ text }) => {
      const count = counters[unit](plain(text))
      const limits = `${min} to ${max === Number.POSITIVE_INFINITY ? 'any number of' : max} ${unit}`
      return passedIf(count >= min && count <= max, `${count} ${unit}`, `${count} ${unit}, wanted ${limits}`)
    },
})

const atMost = (value: number | null, limit: number, say: (value: number) => string, unknown: string) =>
  value === null ? failed(unknown) : passedIf(value <= limit, say(value), `${say(value)} is more than ${say(limit)}`)

export const latency = defineEvaluator({
  type: 'latency',
  label: 'Latency',
  summary: 'The answer took at most so many milliseconds.',
  version: 1,
  example: { type: 'latency', maxMs: 2000 },
  params: z.object({ maxMs: z.number().positive() }),
  prepare:
    ({ maxMs }) =>
    ({ input }) =>
      atMost(input.response.latencyMs, maxMs, (ms) => `${Math.round(ms * 10) / 10} ms`, ''),
})

export const cost = defineEvaluator({
  type: 'cost',
  label: 'Cost',
  summary: 'The answer cost at most so many US dollars; an unknown price is a failure to evaluate.',
  version: 1,
  example: { type: 'cost', maxUsd: 0.001 },
  params: z.object({ maxUsd: z.number().min(0) }),
  prepare:
    ({ maxUsd }) =>
    ({ input }) =>
      atMost(input.costUsd, maxUsd, (usd) => `$${usd}`, 'the cost is unknown'),
})

export const tokens = defineEvaluator({
  type: 'tokens',
  label: 'Tokens',
  summary: 'The answer has at most so many tokens; with of: input or total, those are counted.',
  version: 1,
  example: { type: 'tokens', max: 200 },
  params: z.object({ max: z.int().min(0), of: z.enum(['output', 'input', 'total']).default('output') }),
  prepare:
    ({ max, of }) =>
    ({ input: { response } }) => {
      const { inputTokens, outputTokens } = response
      const total = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens
      const count = { output: outputTokens, input: inputTokens, total }[of]
      return atMost(count, max, (n) => `${n} ${of} tokens`, `the number of ${of} tokens is unknown`)
    },
})
