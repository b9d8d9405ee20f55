import { LabError } from '../../../src-core/domain/errors.ts'
import type { CaseColumn, CaseFilter, CaseQuery } from '../../workspace/types.ts'
import type { Db } from '../database.ts'

/** Keys stand inside SQL texts as JSON paths; nothing else may look like one. */
const columnPath = (key: string): string => {
  if (!/^[A-Za-z][A-Za-z0-9]{0,39}$/.test(key)) throw new LabError('usage', 'There is no such column.')
  return `'$.${key}'`
}

type Condition = { readonly sql: string; readonly args: readonly (string | number)[] }

const conditions = (filter: CaseFilter): readonly Condition[] => {
  const found: Condition[] = []
  if (filter.text !== undefined && filter.text !== '') {
    const text = filter.text.toLowerCase()
    // `search` is in lower case by JavaScript's rules, so that letters beyond ASCII are found as well.
    found.push({ sql: 'instr(search, ?) > 0', args: [text] })
    if (filter.column !== undefined) {
      found.push({ sql: `instr(lab_lower(json_extract(cells, ${columnPath(filter.column)})), ?) > 0`, args: [text] })
    }
  }
  if (filter.tag !== undefined && filter.tag !== '') {
    // A cheap look at the text first: reading JSON costs twenty times as much.
    found.push({ sql: 'instr(search, ?) > 0', args: [filter.tag.toLowerCase()] })
    found.push({ sql: "EXISTS (SELECT 1 FROM json_each(cells, '$.tags') WHERE value = ?)", args: [filter.tag] })
  }
  if (filter.split === 'none') found.push({ sql: 'split IS NULL', args: [] })
  else if (filter.split !== undefined) found.push({ sql: 'split = ?', args: [filter.split] })
  return found
}

/** A function that the conditions use; once a connection. */
export const registerCaseFunctions = (db: Db): void => {
  db.function('lab_lower', { deterministic: true }, (value: unknown) =>
    value === null ? '' : String(value).toLowerCase(),
  )
}

/** Rows of the cases that a filter keeps, in the order of the grid or sorted by a column; equal values keep the grid's order. */
export const caseIds = (db: Db, project: number, { filter, sort }: CaseQuery): readonly number[] => {
  const where = conditions(filter)
  const order =
    sort === null
      ? 'position, id'
      : `json_extract(cells, ${columnPath(sort.column)}) ${sort.direction === 'descending' ? 'DESC' : 'ASC'} NULLS LAST, position, id`
  const sql = `SELECT id FROM workspace_cases WHERE ${['project = ?', ...where.map(({ sql: text }) => text)].join(' AND ')} ORDER BY ${order}`
  return db
    .prepare<unknown[], number>(sql)
    .pluck()
    .all(project, ...where.flatMap(({ args }) => args))
}

export const readColumns = (db: Db, project: number): readonly CaseColumn[] => {
  const text = db.prepare<[number], string>('SELECT columns FROM workspaces WHERE project = ?').pluck().get(project)
  if (text === undefined) throw new LabError('not-found', 'There is no such project.')
  return JSON.parse(text) as readonly CaseColumn[]
}
