import { z } from 'zod'
import type { JsonValue } from '../domain/json.ts'
import { defineEvaluator, failed, type ParameterProblem, type Subject, scored } from './definition.ts'
import { expectedShape } from './expected.ts'
import { textOf } from './json-text.ts'
import { askJudge, type DataBlock, judgeMessages, type Reading } from './judge.ts'
import { foldCase } from './text.ts'

/** Criteria that need no description. */
export const builtInCriteria: Readonly<Record<string, string>> = {
  accuracy:
    'Everything the answer states is true and, where a reference is given, agrees with it in substance; wording may differ. Missing or wrong substance costs points.',
  relevance:
    'The answer addresses exactly what the request asks, completely and without anything that was not asked for.',
}

const criterionSchema = z.union([
  z.string().min(1),
  z.object({
    name: z.string().min(1),
    description: z.string().min(1).optional(),
    weight: z.number().positive().default(1),
  }),
])

type Criterion = { readonly name: string; readonly description: string; readonly weight: number }
type Scale = { readonly min: number; readonly max: number }

const criteriaOf = (listed: readonly z.output<typeof criterionSchema>[]): Criterion[] =>
  listed.map((one) => {
    const { name, description, weight } =
      typeof one === 'string' ? { name: one, description: undefined, weight: 1 } : one
    return { name, weight, description: description ?? builtInCriteria[name] ?? '' }
  })

const scaleOf = (scale: number | readonly [number, number]): Scale =>
  typeof scale === 'number' ? { min: 1, max: scale } : { min: scale[0], max: scale[1] }

export const rubric = defineEvaluator({
  type: 'rubric',
  label: 'Rubric',
  summary: 'Another model judges the answer by criteria on a scale; the score is their weighted mean on [0, 1].',
  version: 1,
  needs: ['judge'],
  example: {
    type: 'rubric',
    model: 'qwen-1.5b',
    criteria: ['accuracy', { name: 'tone', description: 'Friendly, and never blames the customer.', weight: 0.5 }],
    scale: 5,
  },
  params: z.object({
    ...expectedShape,
    model: z.string().min(1).describe('Id of the judging model of the lab; of another family than the judged ones'),
    criteria: z.array(criterionSchema).min(1).default(['accuracy', 'relevance']),
    scale: z
      .union([z.int().min(2).max(100), z.tuple([z.int(), z.int()])])
      .default(5)
      .describe('1 to this, or [least, greatest]'),
    show: z
      .enum(['prompt', 'inputs'])
      .default('prompt')
      .describe(
        "What the judge sees of the request: the rendered prompt, or the case's variables alone (blind to the variant)",
      ),
  }),
  threshold: 0.5,
  check: ({ criteria, scale }): ParameterProblem[] => {
    const problems: ParameterProblem[] = []
    const names = criteria.map((one) => foldCase(typeof one === 'string' ? one : one.name))
    for (const [index, { name, description }] of criteriaOf(criteria).entries()) {
      if (description === '')
        problems.push({
          path: ['criteria', index],
          message: `criterion "${name}" needs a description; built in are ${Object.keys(builtInCriteria).join(', ')}`,
        })
      if (names.indexOf(foldCase(name)) !== index)
        problems.push({ path: ['criteria', index], message: `criterion "${name}" is given twice` })
    }
    const { min, max } = scaleOf(scale)
    if (min >= max) problems.push({ path: ['scale'], message: 'the scale must rise' })
    return problems
  },
  demand: ({ model }) => ({ models: [model], calls: { judge: 2, embedding: 0 } }),
  prepare: ({ model, criteria: listed, scale: given, show }) => {
    const criteria = criteriaOf(listed)
    const scale = scaleOf(given)
    const [question, responseFormat] = [questionFor(criteria, scale), formatFor(criteria, scale)]
    return async (subject) => {
      const messages = judgeMessages(blocksFor(subject, show), question)
      const answer = await askJudge(subject, {
        model,
        messages,
        responseFormat,
        read: (value) => readScores(value, criteria, scale),
        first: 1,
      })
      if (!answer.ok) return failed(answer.reason)
      const total = criteria.reduce((sum, { weight }) => sum + weight, 0)
      const sum = criteria.reduce(
        (mean, { weight }, i) =>
          mean + (weight * ((answer.value.scores[i] as number) - scale.min)) / (scale.max - scale.min),
        0,
      )
      const said = criteria.map(({ name }, i) => `${name} ${answer.value.scores[i]}`).join(', ')
      return scored(sum / total, answer.value.reason === '' ? said : `${said}: ${answer.value.reason}`)
    }
  },
})

export const requestBlocks = ({ input }: Subject, show: 'prompt' | 'inputs'): DataBlock[] => [
  {
    tag: 'request',
    content:
      show === 'prompt'
        ? input.messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n')
        : Object.entries(input.testCase.inputs)
            .map(([name, value]) => `${name}: ${textOf(value)}`)
            .join('\n'),
  },
]

export const referenceBlock = ({ expected }: Subject): DataBlock[] =>
  expected.length === 0 ? [] : [{ tag: 'reference', content: expected.map(textOf).join('\n(or)\n') }]

const blocksFor = (subject: Subject, show: 'prompt' | 'inputs'): DataBlock[] => [
  ...requestBlocks(subject, show),
  ...referenceBlock(subject),
  { tag: 'answer', content: subject.text },
]

const questionFor = (criteria: readonly Criterion[], { min, max }: Scale): string =>
  [
    `Judge the answer by each criterion with a whole number from ${min} (not at all) to ${max} (fully):`,
    ...criteria.map(({ name, description }) => `- ${name}: ${description}`),
    'Give the reason first, in one sentence, then the score. The form:',
    JSON.stringify(
      Object.fromEntries(criteria.map(({ name }) => [name, { reason: '...', score: `${min} to ${max}` }])),
    ),
  ].join('\n')

const formatFor = (criteria: readonly Criterion[], { min, max }: Scale): JsonValue => ({
  type: 'object',
  additionalProperties: false,
  required: criteria.map(({ name }) => name),
  properties: Object.fromEntries(
    criteria.map(({ name }) => [
      name,
      {
        type: 'object',
        additionalProperties: false,
        required: ['reason', 'score'],
        properties: { reason: { type: 'string' }, score: { type: 'integer', minimum: min, maximum: max } },
      },
    ]),
  ),
})

type Scores = { readonly scores: readonly number[]; readonly reason: string }

/** Also understands a bare number per criterion, numbers as text ("4", "4/5"), and `{ score }` alone for one criterion. */
const readScores = (value: JsonValue, criteria: readonly Criterion[], { min, max }: Scale): Reading<Scores> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, reason: 'it is no JSON object' }
  const members = new Map(Object.entries(value).map(([name, member]) => [foldCase(name), member as JsonValue]))
  const scores: number[] = []
  const reasons: string[] = []
  for (const { name } of criteria) {
    const member = members.get(foldCase(name)) ?? (criteria.length === 1 && members.has('score') ? value : undefined)
    if (member === undefined) return { ok: false, reason: `criterion "${name}" is missing` }
    const { score, reason } = isRecord(member) ? member : { score: member, reason: undefined }
    const number =
      typeof score === 'string'
        ? Number(score.match(/^\s*(-?\d+(?:\.\d+)?)\s*(?:\/\s*\d+)?\s*$/)?.[1] ?? Number.NaN)
        : score
    if (typeof number !== 'number' || !Number.isFinite(number))
      return { ok: false, reason: `the score of "${name}" is no number` }
    if (number < min || number > max)
      return { ok: false, reason: `the score of "${name}" is not between ${min} and ${max}` }
    scores.push(number)
    if (typeof reason === 'string' && reason.trim() !== '') reasons.push(reason.trim())
  }
  return { ok: true, value: { scores, reason: reasons.join(' ').slice(0, 1000) } }
}

const isRecord = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
