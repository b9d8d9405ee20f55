import type { EvaluatorSpec, Score } from '../../src-core/domain/evaluator.ts'
import type { Failure, FailureCode, FinishReason, ModelResponse } from '../../src-core/domain/execution.ts'
import type { ContentHash } from '../../src-core/domain/ids.ts'
import type { PromptOrigin, PromptTemplate, PromptVariant } from '../../src-core/domain/prompt.ts'

/** Rows as SQLite gives them, and what they mean. The JSON in them was written by this store alone. */
export type VariantRow = {
  readonly id: number
  readonly project: number
  readonly name: string
  readonly version: number
  readonly hash: string
  readonly template: string
  readonly variables: string
  readonly description: string
  readonly tags: string
  readonly active: number
  readonly is_default: number
  readonly parents: string
  readonly created_by: string
}

export const toVariant = (row: VariantRow): PromptVariant => ({
  name: row.name,
  version: row.version,
  hash: row.hash as ContentHash,
  template: JSON.parse(row.template) as PromptTemplate,
  variables: JSON.parse(row.variables) as readonly string[],
  description: row.description,
  tags: JSON.parse(row.tags) as readonly string[],
  active: row.active === 1,
  isDefault: row.is_default === 1,
  parents: JSON.parse(row.parents) as readonly ContentHash[],
  createdBy: row.created_by as PromptOrigin,
})

export type ResponseRow = {
  readonly output: string
  readonly finish_reason: string
  readonly served_model: string | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cached_input_tokens: number | null
  readonly latency_ms: number
  readonly first_token_ms: number | null
  readonly batched: number
}

/** Columns of a ResponseRow, where `r` is responses and `s` the name of its served model. */
export const responseColumns =
  'r.output, r.finish_reason, s.text AS served_model, r.input_tokens, r.output_tokens, r.cached_input_tokens, r.latency_ms, r.first_token_ms, r.batched'

export const toResponse = (row: ResponseRow): ModelResponse => ({
  output: row.output,
  finishReason: row.finish_reason as FinishReason,
  servedModel: row.served_model,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  cachedInputTokens: row.cached_input_tokens,
  latencyMs: row.latency_ms,
  firstTokenMs: row.first_token_ms,
  batched: row.batched === 1,
})

export const toFailure = (code: string | null, message: string | null): Failure | null =>
  code === null ? null : { code: code as FailureCode, message: message ?? '' }

export type ScoreRow = {
  readonly evaluator: string
  readonly score: number
  readonly passed: number
  readonly failed: number
  readonly reason: string
}

export const toScore = (row: ScoreRow): Score => ({
  evaluator: row.evaluator,
  score: row.score,
  passed: row.passed === 1,
  reason: row.reason,
  failed: row.failed === 1,
})

export const toEvaluators = (text: string): readonly EvaluatorSpec[] => JSON.parse(text) as readonly EvaluatorSpec[]
