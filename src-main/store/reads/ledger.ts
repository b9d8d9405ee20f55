import { LabError } from '../../../src-core/domain/errors.ts'
import type { Score } from '../../../src-core/domain/evaluator.ts'
import { type ContentHash, callId, type ExperimentId } from '../../../src-core/domain/ids.ts'
import type { AnsweredCell, CachedResponse, LedgerTotals, RunState } from '../../../src-core/ports/store.ts'
import type { Db } from '../database.ts'
import { cellOf, hashBytes, toIso } from '../keys.ts'
import { type ResponseRow, responseColumns, type ScoreRow, toFailure, toResponse, toScore } from '../rows.ts'

type AnsweredRow = Partial<ResponseRow> & {
  readonly cell: number
  readonly purpose: string | null
  readonly uid: string | null
  readonly response: number | null
  readonly state: string
  readonly cost_usd: number | null
  readonly answered_by: string | null
  readonly failure_code: string | null
  readonly failure_message: string | null
  readonly attempts: number
  readonly started_at: number
}

type LedgerRow = {
  readonly calls: number
  readonly attempts: number
  readonly unknown: number
  readonly cached: number
  readonly spent_usd: number | null
  readonly unconfirmed_usd: number | null
  readonly input_tokens: number
  readonly output_tokens: number
}

export const ledgerReads = (db: Db) => {
  const find = db.prepare<[string], { id: number }>('SELECT id FROM experiments WHERE uid = ?')
  const recorded = db
    .prepare<[number], number>(
      'SELECT cell FROM prompt_executions WHERE experiment = ? AND cell IS NOT NULL ORDER BY cell',
    )
    .pluck()
  const answered = db.prepare<[number], AnsweredRow>(
    `SELECT c.cell, c.purpose, c.uid, c.response, c.state, c.cost_usd, m.alias AS answered_by,
       a.failure_code, a.failure_message,
       (SELECT count(*) FROM attempts n WHERE n.call = c.id) AS attempts,
       coalesce((SELECT min(n.sent_at) FROM attempts n WHERE n.call = c.id), c.created_at) AS started_at,
       ${responseColumns}
     FROM calls c
     LEFT JOIN attempts a ON a.call = c.id AND a.n = c.final_attempt
     LEFT JOIN models m ON m.id = coalesce(a.model, c.model)
     LEFT JOIN responses r ON r.id = c.response
     LEFT JOIN names s ON s.id = r.served_model
     WHERE c.experiment = ? AND c.kind = 'task' AND c.cell IS NOT NULL AND c.state <> 'open'
       AND NOT EXISTS (SELECT 1 FROM prompt_executions e WHERE e.experiment = c.experiment AND e.cell = c.cell)
     ORDER BY c.cell`,
  )
  const judged = db.prepare<[number], { purpose: string; uid: string | null; output: string; cost_usd: number | null }>(
    `SELECT c.purpose, c.uid, r.output, c.cost_usd FROM calls c JOIN responses r ON r.id = c.response
     WHERE c.experiment = ? AND c.kind IN ('judge', 'embedding') AND c.state IN ('done', 'cached') ORDER BY c.id`,
  )
  const attempted = db.prepare<[number], { purpose: string | null; cell: number | null; attempts: number }>(
    `SELECT c.purpose, c.cell, max(a.n) AS attempts FROM calls c JOIN attempts a ON a.call = c.id
     WHERE c.experiment = ? AND c.state = 'open' GROUP BY c.id ORDER BY c.id`,
  )
  const totals = db.prepare<[number], LedgerRow>('SELECT * FROM v_ledger WHERE experiment = ?')
  const response = db.prepare<[Buffer], ResponseRow & { readonly cost_usd: number | null }>(
    `SELECT k.cost_usd, ${responseColumns} FROM response_cache k JOIN responses r ON r.id = k.response
     LEFT JOIN names s ON s.id = r.served_model WHERE k.key = ?`,
  )
  const score = db.prepare<[Buffer], ScoreRow>(
    'SELECT n.text AS evaluator, k.score, k.passed, k.failed, k.reason FROM score_cache k JOIN names n ON n.id = k.evaluator WHERE k.key = ?',
  )

  const rowOf = (uid: ExperimentId): number => {
    const row = find.get(uid)
    if (row === undefined) throw new LabError('not-found', `There is no experiment ${uid} in ${db.name}.`)
    return row.id
  }

  const toAnswered = (uid: ExperimentId, row: AnsweredRow): AnsweredCell => {
    const cell = cellOf(uid, row.cell)
    return {
      cell,
      call: callId(row.uid ?? row.purpose ?? `task:${cell}`),
      response: row.response === null ? null : toResponse(row as ResponseRow),
      failure:
        row.response === null || row.state === 'failed' ? toFailure(row.failure_code, row.failure_message) : null,
      answeredBy: row.response === null ? null : row.answered_by,
      costUsd: row.cost_usd,
      fromCache: row.state === 'cached',
      attempts: row.attempts,
      startedAt: toIso(row.started_at),
    }
  }

  /** One transaction, so that a run's state is of one moment. */
  const readState = db.transaction((uid: ExperimentId): RunState => {
    const experiment = rowOf(uid)
    return {
      recorded: recorded.all(experiment),
      answered: answered.all(experiment).map((row) => toAnswered(uid, row)),
      judged: judged.all(experiment).map((row) => ({
        purpose: row.purpose,
        call: callId(row.uid ?? row.purpose),
        output: row.output,
        costUsd: row.cost_usd,
      })),
      attempted: attempted.all(experiment).map(({ purpose, cell, attempts }) => ({
        purpose: purpose ?? `task:${cellOf(uid, cell ?? 0)}`,
        attempts,
      })),
    }
  })

  const runState = (uid: ExperimentId): RunState => readState(uid)

  const ledger = (uid: ExperimentId): LedgerTotals => {
    const row = totals.get(rowOf(uid))
    if (row === undefined) throw new LabError('not-found', `There is no experiment ${uid} in ${db.name}.`)
    return {
      calls: row.calls,
      attempts: row.attempts,
      unknown: row.unknown,
      cached: row.cached,
      spentUsd: row.spent_usd,
      unconfirmedUsd: row.unconfirmed_usd,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
    }
  }

  const cachedResponses = (keys: readonly ContentHash[]): ReadonlyMap<ContentHash, CachedResponse> => {
    const found = new Map<ContentHash, CachedResponse>()
    for (const key of keys) {
      const row = response.get(hashBytes(key))
      if (row !== undefined) found.set(key, { response: toResponse(row), costUsd: row.cost_usd })
    }
    return found
  }

  const cachedScores = (keys: readonly ContentHash[]): ReadonlyMap<ContentHash, Score> => {
    const found = new Map<ContentHash, Score>()
    for (const key of keys) {
      const row = score.get(hashBytes(key))
      if (row !== undefined) found.set(key, toScore(row))
    }
    return found
  }

  return { runState, ledger, cachedResponses, cachedScores }
}
