import { LabError } from '../../../src-core/domain/errors.ts'
import type { Score } from '../../../src-core/domain/evaluator.ts'
import type { ModelResponse } from '../../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../../src-core/domain/experiment.ts'
import type { CellId, ContentHash, ExperimentId } from '../../../src-core/domain/ids.ts'
import type { CellOutcome } from '../../../src-core/ports/store.ts'
import { cellNumber, hashBytes, toMs } from '../keys.ts'
import type { CallRows } from './call-rows.ts'
import { bit, type WriteContext } from './context.ts'

type Rescored = {
  readonly cell: CellId
  readonly score: number
  readonly passed: boolean
  readonly scores: readonly Score[]
}
type ExecutionRow = {
  readonly id: number
  readonly score_set: number
  readonly score: number
  readonly passed: number
  readonly score_count: number
  readonly failure_code: string | null
  readonly failure_message: string | null
}

export const outcomeWrites = (
  { db, directory, now }: WriteContext,
  calls: CallRows,
  addResponse: (response: ModelResponse) => number,
) => {
  const taskCall = db.prepare<[number, number], { id: number; response: number | null }>(
    'SELECT id, response FROM calls WHERE experiment = ? AND cell = ? AND purpose IS NULL',
  )
  const callResponse = db.prepare<[number], { response: number | null }>('SELECT response FROM calls WHERE id = ?')
  const insert = db.prepare(
    `INSERT INTO prompt_executions (experiment, cell, prompt, model, test_case, origin, passed, score, score_count, call, response,
       answered_by, cost_usd, from_cache, attempts, started_at, failure_code, failure_message, trace_id, metadata)
     SELECT experiment, n, prompt, model, test_case, 'experiment', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
     FROM cells WHERE experiment = ? AND n = ? ON CONFLICT DO NOTHING`,
  )
  const execution = db.prepare<[number, number], ExecutionRow>(
    `SELECT id, score_set, score, passed, score_count, failure_code, failure_message
     FROM prompt_executions WHERE experiment = ? AND cell = ?`,
  )
  const addScore = db.prepare(
    'INSERT INTO scores (execution, score_set, position, evaluator, score, passed, failed, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const count = db.prepare('UPDATE experiments SET results = results + ?, failed = failed + ? WHERE id = ?')
  const nextSet = db.prepare<[number], { score_set: number }>(
    'UPDATE experiments SET score_set = score_set + 1 WHERE id = ? RETURNING score_set',
  )
  const addSet = db.prepare('INSERT INTO score_sets (experiment, number, created_at, evaluators) VALUES (?, ?, ?, ?)')
  const supersede = db.prepare(
    `INSERT INTO superseded_outcomes (execution, score_set, score, passed, score_count, failure_code, failure_message)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const replace = db.prepare(
    `UPDATE prompt_executions SET score_set = ?, score = ?, passed = ?, score_count = ?, failure_code = ?, failure_message = ? WHERE id = ?`,
  )
  const cacheScore = db.prepare(
    'INSERT INTO score_cache (key, evaluator, score, passed, failed, reason) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )

  const addScores = (id: number, set: number, scores: readonly Score[]) => {
    for (const [position, score] of scores.entries()) {
      const evaluator = directory.name(score.evaluator)
      addScore.run(id, set, position, evaluator, score.score, bit(score.passed), bit(score.failed), score.reason)
    }
  }

  /** Where the answer stands in the ledger; one that is not there is kept all the same. */
  const answerOf = (experiment: number, n: number, outcome: CellOutcome) => {
    if (outcome.call === null)
      return { call: null, response: outcome.response === null ? null : addResponse(outcome.response) }
    const task = taskCall.get(experiment, n)
    const call = task?.id ?? calls.find(outcome.call).row
    if (outcome.response === null) return { call, response: null }
    const response = task === undefined ? callResponse.get(call)?.response : task.response
    return { call, response: response ?? addResponse(outcome.response) }
  }

  return {
    /** A cell that has an execution keeps its first one: results are single however often a run is resumed. */
    recordOutcomes: (uid: ExperimentId, outcomes: readonly CellOutcome[]): void => {
      const experiment = directory.experiment(uid)
      let results = 0
      let failed = 0
      for (const outcome of outcomes) {
        const n = cellNumber(uid, outcome.cell)
        if (execution.get(experiment, n) !== undefined) continue
        const { call, response } = answerOf(experiment, n, outcome)
        const { changes, lastInsertRowid } = insert.run(
          bit(outcome.passed),
          outcome.score,
          outcome.scores.length,
          call,
          response,
          outcome.answeredBy === null ? null : directory.model(experiment, outcome.answeredBy),
          outcome.costUsd,
          bit(outcome.fromCache),
          outcome.attempts,
          toMs(outcome.startedAt),
          outcome.failure?.code ?? null,
          outcome.failure?.message ?? null,
          outcome.traceId,
          outcome.metadata === null ? null : JSON.stringify(outcome.metadata),
          experiment,
          n,
        )
        if (changes === 0) throw new LabError('internal', `The experiment ${uid} has no cell ${n}.`)
        addScores(Number(lastInsertRowid), 0, outcome.scores)
        results += 1
        if (outcome.failure !== null) failed += 1
      }
      count.run(results, failed, experiment)
    },

    rescore: (uid: ExperimentId, outcomes: readonly Rescored[], evaluators: ExperimentSnapshot['evaluators']): void => {
      const experiment = directory.experiment(uid)
      const set = nextSet.get(experiment)?.score_set
      if (set === undefined) throw new LabError('not-found', `There is no experiment ${uid} in ${db.name}.`)
      addSet.run(experiment, set, now(), JSON.stringify(evaluators))
      let repaired = 0
      for (const outcome of outcomes) {
        const old = execution.get(experiment, cellNumber(uid, outcome.cell))
        if (old === undefined) throw new LabError('internal', `The cell ${outcome.cell} has no result to score.`)
        supersede.run(
          old.id,
          old.score_set,
          old.score,
          old.passed,
          old.score_count,
          old.failure_code,
          old.failure_message,
        )
        // The only failure that new evaluators can undo: the answer was there, the old ones could not score it.
        const undone = old.failure_code === 'evaluator'
        if (undone) repaired += 1
        const failure = undone ? ([null, null] as const) : ([old.failure_code, old.failure_message] as const)
        replace.run(set, outcome.score, bit(outcome.passed), outcome.scores.length, ...failure, old.id)
        addScores(old.id, set, outcome.scores)
      }
      count.run(0, -repaired, experiment)
    },

    saveScores: (scores: readonly { readonly key: ContentHash; readonly score: Score }[]): void => {
      for (const { key, score } of scores) {
        const evaluator = directory.name(score.evaluator)
        cacheScore.run(hashBytes(key), evaluator, score.score, bit(score.passed), bit(score.failed), score.reason)
      }
    },
  }
}
