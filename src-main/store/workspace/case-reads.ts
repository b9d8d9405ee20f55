import { LabError } from '../../../src-core/domain/errors.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { CaseColumn, CaseFilter, CaseProblemPlace, CaseQuery, CaseRow, CaseWindow } from '../../workspace/types.ts'
import type { Db } from '../database.ts'
import { caseIds, readColumns, registerCaseFunctions } from './case-query.ts'
import { isOfType } from './cell-values.ts'
import type { CellValues } from './changes.ts'

/** Orders that are remembered: scrolling asks for the same one again and again. Eight bytes a case. */
const keptOrders = 6
const maxProblems = 500
const splits: readonly JsonValue[] = ['train', 'race', 'holdout']

export const caseReads = (db: Db) => {
  registerCaseFunctions(db)
  // A filter reads every row; 64 MB hold the rows of a hundred thousand cases, so that the next key finds them in memory.
  db.pragma('cache_size = -65536')
  const revisionOf = db.prepare<[number], number>('SELECT revision FROM workspaces WHERE project = ?').pluck()
  const countOf = db.prepare<[number], number>('SELECT count(*) FROM workspace_cases WHERE project = ?').pluck()
  const cellsOf = db.prepare<[number], string>('SELECT cells FROM workspace_cases WHERE id = ?').pluck()
  const newestRun = db
    .prepare<[number], number>('SELECT id FROM experiments WHERE project = ? AND results > 0 ORDER BY id DESC LIMIT 1')
    .pluck()
  // CROSS JOIN keeps the order: without statistics SQLite would begin with all results of the run.
  const lastRate = db
    .prepare<{ project: number; experiment: number; key: string }, number | null>(
      `SELECT avg(e.passed) FROM test_cases t
       CROSS JOIN cells c ON c.experiment = @experiment AND c.test_case = t.id
       CROSS JOIN prompt_executions e ON e.experiment = @experiment AND e.cell = c.n
       WHERE t.project = @project AND t.case_key = @key`,
    )
    .pluck()
  const tagCounts = db.prepare<[number], { tag: string; count: number }>(
    `SELECT j.value AS tag, count(*) AS count FROM workspace_cases c, json_each(c.cells, '$.tags') j
     WHERE c.project = ? AND j.type = 'text' GROUP BY j.value ORDER BY count DESC, tag LIMIT 1000`,
  )
  const splitCounts = db.prepare<[number], { split: string | null; count: number }>(
    'SELECT split, count(*) AS count FROM workspace_cases WHERE project = ? GROUP BY split',
  )
  const duplicates = db.prepare<[number], { id: number; case_key: string }>(
    `SELECT id, case_key FROM workspace_cases c WHERE project = ? AND EXISTS
       (SELECT 1 FROM workspace_cases o WHERE o.project = c.project AND o.case_key = c.case_key AND o.id <> c.id) ORDER BY position, id`,
  )

  const revision = (project: number): number => {
    const found = revisionOf.get(project)
    if (found === undefined) throw new LabError('not-found', 'There is no such project.')
    return found
  }
  const orders = new Map<string, readonly number[]>()
  const order = (project: number, query: CaseQuery): readonly number[] => {
    const key = JSON.stringify([project, revision(project), query])
    const known = orders.get(key)
    if (known !== undefined) return known
    const ids = caseIds(db, project, query)
    const oldest = orders.size >= keptOrders ? orders.keys().next().value : undefined
    if (oldest !== undefined) orders.delete(oldest)
    orders.set(key, ids)
    return ids
  }
  const counts = new Map<number, { readonly revision: number; readonly count: number }>()
  const count = (project: number): number => {
    const known = counts.get(project)
    const now = revision(project)
    if (known?.revision === now) return known.count
    const counted = countOf.get(project) ?? 0
    counts.set(project, { revision: now, count: counted })
    return counted
  }
  const read = (id: number): CellValues => JSON.parse(cellsOf.get(id) ?? '{}') as CellValues

  const problemsOf = (
    cells: CellValues,
    columns: readonly CaseColumn[],
  ): readonly { readonly column: string; readonly message: string }[] =>
    columns.flatMap(({ key, name, type }) => {
      const value = cells[key]
      if (key === 'id' && (value === undefined || value === null || value === ''))
        return [{ column: key, message: 'The case has no id.' }]
      if (value === undefined) return []
      if (key === 'split' && !splits.includes(value))
        return [{ column: key, message: `"${String(value)}" is no split: train, race or holdout.` }]
      if (key === 'weight' && !(typeof value === 'number' && value > 0))
        return [{ column: key, message: 'A weight is a number above 0.' }]
      if (key === 'minimumQuality' && !(typeof value === 'number' && value >= 0 && value <= 1))
        return [{ column: key, message: 'A minimum quality is a number from 0 to 1.' }]
      if ((type === 'number' || type === 'boolean') && value !== '' && !isOfType(value, type))
        return [
          {
            column: key,
            message: `"${name}" is ${type === 'number' ? 'a number' : 'true or false'} here, not "${String(value).slice(0, 40)}".`,
          },
        ]
      return []
    })

  return {
    columns: (project: number) => readColumns(db, project),
    case: (id: number): CellValues | null => {
      const text = cellsOf.get(id)
      return text === undefined ? null : (JSON.parse(text) as CellValues)
    },
    firstCase: (project: number): number | null => order(project, { filter: {}, sort: null })[0] ?? null,

    caseWindow: (
      project: number,
      query: CaseQuery,
      { offset, limit }: { readonly offset: number; readonly limit: number },
    ): CaseWindow => {
      const ids = order(project, query)
      const experiment = newestRun.get(project)
      const rows = ids.slice(offset, offset + limit).map((id, index): CaseRow => {
        const cells = read(id)
        const key = typeof cells.id === 'string' ? cells.id : JSON.stringify(cells.id ?? null)
        const rate = experiment === undefined ? null : (lastRate.get({ project, experiment, key }) ?? null)
        return { id, index: offset + index, cells, lastPassRate: rate }
      })
      return { rows, total: ids.length, all: count(project), revision: revision(project) }
    },
    caseIndex: (project: number, query: CaseQuery, row: number): number | null => {
      const index = order(project, query).indexOf(row)
      return index === -1 ? null : index
    },
    caseBlock: (
      project: number,
      query: CaseQuery,
      {
        offset,
        limit,
        columns,
      }: { readonly offset: number; readonly limit: number; readonly columns: readonly string[] },
    ): readonly (readonly (JsonValue | null)[])[] => {
      if (limit * columns.length > 1_000_000)
        throw new LabError('usage', 'That is more than a million cells; export the cases instead.')
      return order(project, query)
        .slice(offset, offset + limit)
        .map((id) => {
          const cells = read(id)
          return columns.map((key) => cells[key] ?? null)
        })
    },
    caseTags: (project: number) => ({ tags: tagCounts.all(project), splits: splitCounts.all(project) }),

    caseProblems: (project: number): readonly CaseProblemPlace[] => {
      const columns = readColumns(db, project)
      const ids = order(project, { filter: {}, sort: null })
      const found: CaseProblemPlace[] = []
      const twice = new Map(duplicates.all(project).map((row) => [row.id, row.case_key]))
      for (const [index, id] of ids.entries()) {
        if (found.length >= maxProblems) break
        const key = twice.get(id)
        if (key !== undefined) found.push({ case: id, index, column: 'id', message: `The id "${key}" is used twice.` })
        for (const problem of problemsOf(read(id), columns)) found.push({ case: id, index, ...problem })
      }
      return found.slice(0, maxProblems)
    },

    /** Whole cases of a filter, for counting replacements, exports and snapshots. */
    allCases: (project: number, filter: CaseFilter): readonly { readonly id: number; readonly cells: CellValues }[] =>
      order(project, { filter, sort: null }).map((id) => ({ id, cells: read(id) })),
  }
}

export type CaseReads = ReturnType<typeof caseReads>
