import type { Execution, FinishReason } from '../../../src-core/domain/execution.ts'
import type { ExperimentId } from '../../../src-core/domain/ids.ts'
import type { Message } from '../../../src-core/domain/prompt.ts'
import type { TestCase } from '../../../src-core/domain/test-case.ts'
import type { ExecutionFilter } from '../../../src-core/ports/store.ts'
import { renderMessages } from '../../../src-core/template/render.ts'
import type { Db } from '../database.ts'
import { cellOf, toIso } from '../keys.ts'
import { type ScoreRow, toFailure, toScore } from '../rows.ts'
import type { ExperimentReads, OpenedExperiment } from './experiments.ts'

type Row = {
  readonly execution: number
  readonly cell: number
  readonly prompt_id: number
  readonly model_id: number
  readonly test_case: string
  readonly content: string
  readonly repetition: number
  readonly score: number
  readonly passed: number
  readonly score_set: number
  readonly failure_code: string | null
  readonly failure_message: string | null
  readonly served_model: string | null
  readonly finish_reason: string | null
  readonly output: string | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cached_input_tokens: number | null
  readonly cost_usd: number | null
  readonly latency_ms: number | null
  readonly first_token_ms: number | null
  readonly from_cache: number
  readonly attempts: number
  readonly started_at: number
  readonly trace_id: string | null
  readonly user_feedback: number | null
}

export const executionReads = (db: Db, experiments: ExperimentReads) => {
  const page = db.prepare<
    {
      experiment: number
      after: number
      limit: number
      variant: string | null
      model: string | null
      case: string | null
      failures: number
    },
    Row
  >(
    `SELECT o.execution, o.cell, o.prompt_id, o.model_id, o.test_case, t.content, o.repetition, o.score, o.passed, o.score_set,
       o.failure_code, o.failure_message, o.served_model, o.finish_reason, o.output, o.input_tokens, o.output_tokens,
       o.cached_input_tokens, o.cost_usd, o.latency_ms, o.first_token_ms, o.from_cache, o.attempts, o.started_at,
       o.trace_id, o.user_feedback
     FROM v_outcomes o JOIN test_cases t ON t.id = o.test_case_id
     WHERE o.experiment = @experiment AND o.cell > @after
       AND (@variant IS NULL OR o.variant = @variant) AND (@model IS NULL OR o.model = @model)
       AND (@case IS NULL OR o.test_case = @case) AND (@failures = 0 OR o.passed = 0)
     ORDER BY o.cell LIMIT @limit`,
  )
  const scores = db.prepare<[number, number], ScoreRow>(
    `SELECT n.text AS evaluator, s.score, s.passed, s.failed, s.reason FROM scores s JOIN names n ON n.id = s.evaluator
     WHERE s.execution = ? AND s.score_set = ? ORDER BY s.position`,
  )

  const messagesOf = (opened: OpenedExperiment, row: Row): readonly Message[] => {
    const variant = opened.variantsByRow.get(row.prompt_id)
    if (variant === undefined) return []
    const rendered = renderMessages(variant.template, (JSON.parse(row.content) as TestCase).inputs)
    // A cell whose template lacks a variable has no messages: none were sent.
    return 'messages' in rendered ? rendered.messages : []
  }

  const toExecution = (uid: ExperimentId, opened: OpenedExperiment, row: Row): Execution => {
    const variant = opened.variantsByRow.get(row.prompt_id)
    return {
      experiment: uid,
      cell: cellOf(uid, row.cell),
      variant: variant?.name ?? '',
      version: variant?.version ?? 0,
      model: opened.modelsByRow.get(row.model_id)?.id ?? '',
      servedModel: row.served_model,
      case: row.test_case,
      repetition: row.repetition,
      messages: messagesOf(opened, row),
      output: row.output,
      finishReason: row.finish_reason as FinishReason | null,
      score: row.score,
      passed: row.passed === 1,
      scores: scores.all(row.execution, row.score_set).map(toScore),
      failure: toFailure(row.failure_code, row.failure_message),
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cachedInputTokens: row.cached_input_tokens,
      costUsd: row.cost_usd,
      latencyMs: row.latency_ms,
      firstTokenMs: row.first_token_ms,
      fromCache: row.from_cache === 1,
      attempts: row.attempts,
      startedAt: toIso(row.started_at),
      traceId: row.trace_id,
      userFeedback: row.user_feedback,
    }
  }

  return {
    executions: (
      uid: ExperimentId,
      filter: ExecutionFilter,
      { after, limit }: { readonly after: number; readonly limit: number },
    ): readonly Execution[] => {
      const opened = experiments.openExperiment(uid)
      const rows = page.all({
        experiment: opened.row,
        after,
        limit: Math.max(0, limit),
        variant: filter.variant ?? null,
        model: filter.model ?? null,
        case: filter.case ?? null,
        failures: filter.failures === true ? 1 : 0,
      })
      return rows.map((row) => toExecution(uid, opened, row))
    },
  }
}
