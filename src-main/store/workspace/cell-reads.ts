import { LabError } from '../../../src-core/domain/errors.ts'
import type { FailureCode, FinishReason } from '../../../src-core/domain/execution.ts'
import { experimentId } from '../../../src-core/domain/ids.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { Message } from '../../../src-core/domain/prompt.ts'
import type { TestCase } from '../../../src-core/domain/test-case.ts'
import { renderMessages } from '../../../src-core/template/render.ts'
import type { CellAttempt, CellDetail } from '../../workspace/experiment-types.ts'
import type { Db } from '../database.ts'
import { toIso } from '../keys.ts'
import type { ExperimentReads } from '../reads/experiments.ts'
import { type ScoreRow, toFailure, toScore } from '../rows.ts'

type Row = {
  readonly n: number
  readonly prompt: number
  readonly model: number
  readonly test_case: number
  readonly repetition: number
  readonly content: string
  readonly position: number
  readonly execution: number | null
  readonly passed: number | null
  readonly score: number | null
  readonly score_set: number | null
  readonly failure_code: string | null
  readonly failure_message: string | null
  readonly cost_usd: number | null
  readonly from_cache: number | null
  readonly started_at: number | null
  readonly output: string | null
  readonly finish_reason: string | null
  readonly served_model: string | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cached_input_tokens: number | null
  readonly latency_ms: number | null
  readonly first_token_ms: number | null
  readonly batched: number | null
  readonly call: number | null
  readonly call_created: number | null
}
type AttemptRow = {
  readonly n: number
  readonly model: string
  readonly state: CellAttempt['state']
  readonly sent_at: number
  readonly ended_at: number | null
  readonly http_status: number | null
  readonly cost_usd: number | null
  readonly max_cost_usd: number | null
  readonly failure_code: string | null
  readonly failure_message: string | null
}

export const cellReads = (db: Db, experiments: ExperimentReads) => {
  const find = db.prepare<[number, number], Row>(
    `SELECT c.n, c.prompt, c.model, c.test_case, c.repetition, t.content, x.position, e.id AS execution, e.passed, e.score, e.score_set,
       e.failure_code, e.failure_message, e.cost_usd, e.from_cache, e.started_at, r.output, r.finish_reason, s.text AS served_model,
       r.input_tokens, r.output_tokens, r.cached_input_tokens, r.latency_ms, r.first_token_ms, r.batched, k.id AS call, k.created_at AS call_created
     FROM cells c JOIN test_cases t ON t.id = c.test_case
     JOIN experiment_cases x ON x.experiment = c.experiment AND x.test_case = c.test_case
     LEFT JOIN prompt_executions e ON e.experiment = c.experiment AND e.cell = c.n
     LEFT JOIN responses r ON r.id = e.response LEFT JOIN names s ON s.id = r.served_model
     LEFT JOIN calls k ON k.experiment = c.experiment AND k.cell = c.n AND k.purpose IS NULL
     WHERE c.experiment = ? AND c.n = ?`,
  )
  const siblings = db.prepare<
    [number, number, number, number],
    { cell: number; repetition: number; passed: number | null; score: number | null }
  >(
    `SELECT c.n AS cell, c.repetition, e.passed, e.score FROM cells c
     LEFT JOIN prompt_executions e ON e.experiment = c.experiment AND e.cell = c.n
     WHERE c.experiment = ? AND c.test_case = ? AND c.prompt = ? AND c.model = ? ORDER BY c.repetition`,
  )
  const scores = db.prepare<[number, number], ScoreRow>(
    `SELECT n.text AS evaluator, s.score, s.passed, s.failed, s.reason FROM scores s JOIN names n ON n.id = s.evaluator
     WHERE s.execution = ? AND s.score_set = ? ORDER BY s.position`,
  )
  const attempts = db.prepare<[number], AttemptRow>(
    `SELECT a.n, m.alias AS model, a.state, a.sent_at, a.ended_at, a.http_status, a.cost_usd, a.max_cost_usd, a.failure_code, a.failure_message
     FROM attempts a JOIN models m ON m.id = a.model WHERE a.call = ? ORDER BY a.n`,
  )
  const judges = db.prepare<
    [number],
    { purpose: string | null; messages: string | null; output: string | null; cost_usd: number | null }
  >(
    `SELECT c.purpose, c.messages, r.output, c.cost_usd FROM calls c LEFT JOIN responses r ON r.id = c.response
     WHERE c.parent = ? AND c.kind = 'judge' ORDER BY c.id`,
  )
  const annotation = db.prepare<
    [number, number],
    { at: number; passed: number | null; excluded: string | null; comment: string | null }
  >('SELECT at, passed, excluded, comment FROM annotations WHERE experiment = ? AND cell = ?')

  const toAttempt = (row: AttemptRow): CellAttempt => ({
    n: row.n,
    model: row.model,
    state: row.state,
    sentAt: toIso(row.sent_at),
    endedAt: row.ended_at === null ? null : toIso(row.ended_at),
    httpStatus: row.http_status,
    costUsd: row.cost_usd,
    maxCostUsd: row.max_cost_usd,
    failure:
      row.failure_code === null ? null : { code: row.failure_code as FailureCode, message: row.failure_message ?? '' },
  })

  return {
    cell: (uid: string, n: number): CellDetail => {
      const opened = experiments.openExperiment(experimentId(uid))
      const row = find.get(opened.row, n)
      if (row === undefined) throw new LabError('not-found', `The experiment ${uid} has no cell ${n}.`)
      const testCase = JSON.parse(row.content) as TestCase
      const variant = opened.variantsByRow.get(row.prompt)
      const model = opened.modelsByRow.get(row.model)
      const rendered = variant === undefined ? { missing: [] } : renderMessages(variant.template, testCase.inputs)
      const mark = annotation.get(opened.row, n)
      const rating = mark?.passed ?? null
      const tries = row.call === null ? [] : attempts.all(row.call).map(toAttempt)
      const sentAt = tries.at(-1)?.sentAt
      const finish = row.finish_reason as FinishReason | null
      return {
        cell: n,
        variant: variant?.name ?? '',
        version: variant?.version ?? 0,
        model: model?.id ?? '',
        case: testCase.id,
        position: row.position,
        repetition: row.repetition,
        repetitions: siblings
          .all(opened.row, row.test_case, row.prompt, row.model)
          .map(({ passed, ...rest }) => ({ ...rest, passed: passed === null ? null : passed === 1 })),
        inputs: testCase.inputs,
        expected: testCase.expected,
        request: {
          messages: 'messages' in rendered ? rendered.messages : [],
          parameters: (model?.parameters ?? {}) as Readonly<Record<string, JsonValue>>,
        },
        recorded: row.execution !== null,
        output: row.output,
        finishReason: finish,
        truncated: finish === 'length' || row.failure_code === 'cut-stream',
        servedModel: row.served_model,
        failure: toFailure(row.failure_code, row.failure_message),
        score: row.score === null ? null : (rating ?? row.score),
        passed: row.passed === null ? null : (rating ?? row.passed) === 1,
        automated: row.score === null ? null : { score: row.score, passed: row.passed === 1 },
        scores: row.execution === null ? [] : scores.all(row.execution, row.score_set ?? 0).map(toScore),
        annotation:
          mark === undefined
            ? null
            : {
                at: toIso(mark.at),
                rating: rating === null ? null : { passed: rating === 1, score: rating },
                excluded: mark.excluded,
                comment: mark.comment,
              },
        tokens: { input: row.input_tokens, output: row.output_tokens, cached: row.cached_input_tokens },
        costUsd: row.cost_usd,
        fromCache: row.from_cache === 1,
        timings: {
          queueMs:
            sentAt === undefined || row.call_created === null
              ? null
              : Math.max(0, Date.parse(sentAt) - row.call_created),
          firstTokenMs: row.first_token_ms,
          generationMs:
            row.latency_ms === null || row.first_token_ms === null ? null : row.latency_ms - row.first_token_ms,
          latencyMs: row.latency_ms,
          batched: row.batched === 1,
        },
        startedAt: row.started_at === null ? null : toIso(row.started_at),
        attempts: tries,
        judges:
          row.call === null
            ? []
            : judges.all(row.call).map(({ purpose, messages, output, cost_usd }) => ({
                purpose: purpose ?? '',
                messages: messages === null ? [] : (JSON.parse(messages) as readonly Message[]),
                output,
                costUsd: cost_usd,
              })),
      }
    },
  }
}
