import { LabError } from '../../../src-core/domain/errors.ts'
import type { ExperimentId } from '../../../src-core/domain/ids.ts'
import type { AnnotationChange } from '../../workspace/app-host.ts'
import type { Done } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import type { AnnotationContent } from './changes.ts'
import type { CommandLog } from './command-log.ts'

type AnnotationRow = {
  readonly at: number
  readonly passed: number | null
  readonly excluded: string | null
  readonly comment: string | null
}

const nothing: AnnotationContent = { at: 0, passed: null, excluded: null, comment: null }

export const runWrites = ({ db, directory, now }: WriteContext, log: CommandLog) => {
  const projectOf = db.prepare<[number], number>('SELECT project FROM experiments WHERE id = ?').pluck()
  const cellExists = db.prepare('SELECT 1 FROM cells WHERE experiment = ? AND n = ?')
  const annotation = db.prepare<[number, number], AnnotationRow>(
    'SELECT at, passed, excluded, comment FROM annotations WHERE experiment = ? AND cell = ?',
  )
  const failed = db.prepare<[number], { id: number; cell: number; call: number | null; code: string }>(
    'SELECT id, cell, call, failure_code AS code FROM prompt_executions WHERE experiment = ? AND failure_code IS NOT NULL AND cell IS NOT NULL',
  )
  const dropScores = db.prepare('DELETE FROM scores WHERE execution = ?')
  const dropSuperseded = db.prepare('DELETE FROM superseded_outcomes WHERE execution = ?')
  const dropExecution = db.prepare('DELETE FROM prompt_executions WHERE id = ?')
  const reopenCall = db.prepare(
    "UPDATE calls SET state = 'open', response = NULL, final_attempt = NULL, cost_usd = NULL WHERE id = ?",
  )
  const recount = db.prepare(
    "UPDATE experiments SET results = results - ?, failed = failed - ?, status = 'interrupted' WHERE id = ?",
  )
  const putSummary = db.prepare(
    'INSERT OR REPLACE INTO run_summaries (experiment, results, score_set, summary) SELECT id, results, score_set, ? FROM experiments WHERE id = ?',
  )
  const putValue = db.prepare('INSERT OR REPLACE INTO app_values (name, value) VALUES (?, ?)')

  const toContent = (row: AnnotationRow): AnnotationContent => ({
    at: row.at,
    passed: row.passed === null ? null : row.passed === 1,
    excluded: row.excluded,
    comment: row.comment,
  })
  const labelOf = (change: AnnotationChange, n: number): string => {
    const what = change.rating !== undefined ? 'Rating' : change.excluded !== undefined ? 'Exclusion' : 'Comment'
    return `${what} of ${n === 1 ? 'a cell' : `${n} cells`}`
  }

  return {
    annotate: (uid: ExperimentId, cells: readonly number[], change: AnnotationChange): Done => {
      const experiment = directory.experiment(uid)
      const project = projectOf.get(experiment)
      if (project === undefined) throw new LabError('not-found', `There is no experiment ${uid}.`)
      return log.run(project, { label: labelOf(change, cells.length) }, (tx) => {
        for (const cell of new Set(cells)) {
          if (cellExists.get(experiment, cell) === undefined)
            throw new LabError('not-found', `The experiment ${uid} has no cell ${cell}.`)
          const row = annotation.get(experiment, cell)
          const before = row === undefined ? null : toContent(row)
          const now_ = before ?? nothing
          const next: AnnotationContent = {
            at: now(),
            passed: change.rating === undefined ? now_.passed : (change.rating?.passed ?? null),
            excluded: change.excluded === undefined ? now_.excluded : change.excluded,
            comment: change.comment === undefined ? now_.comment : change.comment,
          }
          if (next.passed === now_.passed && next.excluded === now_.excluded && next.comment === now_.comment) continue
          const empty = next.passed === null && next.excluded === null && next.comment === null
          tx.change(['annotation', experiment, cell, before, empty ? null : next])
        }
        return {}
      }).done
    },

    /**
     * Cells without an answer are wanted again: a resumed run asks for them. Their failed attempts stay in the ledger and in
     * its sums. Answers that could not be scored are scored again without a call.
     */
    reopenFailed: (uid: ExperimentId): number => {
      const experiment = directory.experiment(uid)
      const rows = failed.all(experiment)
      for (const row of rows) {
        dropScores.run(row.id)
        dropSuperseded.run(row.id)
        dropExecution.run(row.id)
        if (row.call !== null && row.code !== 'evaluator') reopenCall.run(row.call)
      }
      if (rows.length > 0) recount.run(rows.length, rows.length, experiment)
      return rows.length
    },

    saveSummary: (uid: ExperimentId, summary: unknown): void => {
      putSummary.run(JSON.stringify(summary), directory.experiment(uid))
    },
    setValue: (name: string, value: unknown): void => {
      putValue.run(name, JSON.stringify(value))
    },
  }
}
