import type { EvaluatorSpec } from '../../domain/evaluator.ts'
import type { JsonValue } from '../../domain/json.ts'
import type { EvaluatorEntry } from '../definition.ts'
import { evaluateCell } from '../evaluate.ts'
import type { CellScore, EvaluationInput, EvaluatorServices } from '../evaluator.ts'
import { evaluatorEntriesSchema, toEvaluatorSpecs } from '../schema.ts'

/** Parses entries as a lab file's are. */
export const specsOf = (...entries: readonly EvaluatorEntry[]): EvaluatorSpec[] =>
  toEvaluatorSpecs(evaluatorEntriesSchema.parse(entries))

export type CellOptions = {
  readonly inputs?: Readonly<Record<string, JsonValue>>
  readonly minimumQuality?: number
  readonly costUsd?: number | null
  readonly latencyMs?: number
  readonly inputTokens?: number | null
  readonly outputTokens?: number | null
  readonly opponent?: EvaluationInput['opponent']
  readonly ratings?: Readonly<Record<string, number>>
}

export const cellOf = (output: string, expected: readonly JsonValue[], options: CellOptions = {}): EvaluationInput => ({
  testCase: {
    id: 'case',
    inputs: options.inputs ?? {},
    expected,
    evaluators: null,
    minimumQuality: options.minimumQuality ?? null,
    weight: 1,
    tags: [],
    split: null,
    cluster: null,
  },
  response: {
    output,
    finishReason: 'stop',
    servedModel: null,
    inputTokens: options.inputTokens ?? null,
    outputTokens: options.outputTokens ?? null,
    cachedInputTokens: null,
    latencyMs: options.latencyMs ?? 10,
    firstTokenMs: null,
    batched: false,
  },
  costUsd: options.costUsd ?? null,
  messages: [{ role: 'user', content: 'Say it.' }],
  opponent: options.opponent ?? (async () => null),
  ...(options.ratings === undefined ? {} : { ratings: options.ratings }),
})

const notOffered = async (): Promise<never> => {
  throw new Error('this test offers no such service')
}

/** The effects of a host, as far as a test offers them. */
export const servicesWith = (offered: Partial<EvaluatorServices> = {}): EvaluatorServices => ({
  matchRegex: notOffered,
  runScript: notOffered,
  judge: notOffered,
  embed: notOffered,
  ...offered,
})

export const evaluate = (
  entry: EvaluatorEntry,
  output: string,
  expected: readonly JsonValue[],
  options: CellOptions & { readonly services?: Partial<EvaluatorServices> } = {},
): Promise<CellScore> => evaluateCell(specsOf(entry), cellOf(output, expected, options), servicesWith(options.services))

/** The only score of a cell. */
export const onlyScore = async (...args: Parameters<typeof evaluate>) => {
  const { scores } = await evaluate(...args)
  const [score] = scores
  if (score === undefined || scores.length !== 1) throw new Error('expected one score')
  return score
}
