import { LabError } from '../../../src-core/domain/errors.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { FindReplace, PasteBlock, RowSelection } from '../../workspace/app-host.ts'
import type { CaseColumn, CaseFilter, CaseQuery, CasesChanged } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import { caseIds, readColumns } from './case-query.ts'
import { fromText, reservedTypes } from './cell-values.ts'
import type { CellPatch, CellValues } from './changes.ts'
import type { CommandLog, Recorder } from './command-log.ts'
import { placesFor } from './places.ts'
import { replacedIn } from './replace-text.ts'

export type Edit = { readonly case: number; readonly values: Readonly<Record<string, JsonValue | null>> }

const entry = (value: JsonValue | undefined): readonly [] | readonly [JsonValue] => (value === undefined ? [] : [value])
const same = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
const plural = (n: number, word: string): string => (n === 1 ? `1 ${word}` : `${n.toLocaleString('en')} ${word}s`)

export const caseWrites = ({ db }: WriteContext, log: CommandLog) => {
  const cellsOf = db
    .prepare<[number, number], string>('SELECT cells FROM workspace_cases WHERE id = ? AND project = ?')
    .pluck()
  const whole = db.prepare<[number, number], { position: number; cells: string }>(
    'SELECT position, cells FROM workspace_cases WHERE id = ? AND project = ?',
  )
  const keyTaken = db.prepare('SELECT 1 FROM workspace_cases WHERE project = ? AND case_key = ?')
  const lastId = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'workspace_cases'").pluck()

  const read = (project: number, id: number): CellValues => {
    const text = cellsOf.get(id, project)
    if (text === undefined) throw new LabError('not-found', 'The case is not there any more; it was deleted meanwhile.')
    return JSON.parse(text) as CellValues
  }
  const idsOf = (project: number, rows: RowSelection): readonly number[] =>
    'ids' in rows ? rows.ids : caseIds(db, project, { filter: rows.filter, sort: null })

  /** Writes the values that differ; returns whether any did. Null takes a value away. */
  const editRow = (
    tx: Recorder,
    id: number,
    values: Readonly<Record<string, JsonValue | null | undefined>>,
    reason: string | null,
  ): boolean => {
    const now = read(tx.project, id)
    const before: Record<string, readonly [] | readonly [JsonValue]> = {}
    const after: Record<string, readonly [] | readonly [JsonValue]> = {}
    for (const [key, value] of Object.entries(values)) {
      const wanted = value === null ? undefined : value
      if (same(now[key], wanted)) continue
      if (key === 'split' && now.split === 'holdout' && reason === null) {
        throw new LabError(
          'usage',
          'A case of the holdout moves only with a reason: results on it were promised to be unseen.',
        )
      }
      before[key] = entry(now[key])
      after[key] = entry(wanted)
    }
    if (Object.keys(after).length === 0) return false
    tx.change(['cells', id, before as CellPatch, after as CellPatch])
    return true
  }

  /** An id for a case that has none: its row's number, unless a person gave that to another. */
  const withId = (project: number, cells: CellValues, taken: Set<string>): CellValues => {
    if (cells.id !== undefined && cells.id !== null && cells.id !== '') return cells
    let n = (lastId.get() ?? 0) + 1
    while (taken.has(`case-${n}`) || keyTaken.get(project, `case-${n}`) !== undefined) n += 1
    taken.add(`case-${n}`)
    return { id: `case-${n}`, ...Object.fromEntries(Object.entries(cells).filter(([key]) => key !== 'id')) }
  }

  const addRows = (tx: Recorder, rows: readonly CellValues[], before: number | null): readonly number[] => {
    const positions = placesFor(db, tx, { count: rows.length, before })
    const taken = new Set<string>()
    return rows.map((cells, index) =>
      tx.addCase({ position: positions[index] ?? 0, cells: withId(tx.project, cells, taken) }),
    )
  }

  /** A split or a tag makes its column where there was none. */
  const ensureColumn = (tx: Recorder, key: string) => {
    const columns = readColumns(db, tx.project)
    if (!Object.hasOwn(reservedTypes, key) || columns.some((column) => column.key === key)) return
    const column: CaseColumn = {
      key,
      name: key,
      type: reservedTypes[key as keyof typeof reservedTypes],
      reserved: true,
    }
    tx.change(['field', 'columns', JSON.stringify(columns), JSON.stringify([...columns, column])])
  }

  const over = (
    project: number,
    what: {
      readonly label: (rows: number) => string
      readonly ids: readonly number[]
      readonly reason: string | null
      readonly columns?: readonly string[]
    },
    values: (id: number) => Readonly<Record<string, JsonValue | null | undefined>>,
  ): CasesChanged => {
    const { done, ...counts } = log.run(project, { label: what.label(what.ids.length), reason: what.reason }, (tx) => {
      const changed = what.ids.filter((id) => editRow(tx, id, values(id), what.reason))
      if (changed.length > 0) for (const key of what.columns ?? []) ensureColumn(tx, key)
      return { rows: changed.length, firstRow: changed[0] ?? null }
    })
    return { ...done, ...counts }
  }

  return {
    addRows,
    editRow,
    read,
    idsOf,

    edit: (project: number, edits: readonly Edit[], reason: string | null): CasesChanged => {
      const byCase = new Map(edits.map(({ case: id, values }) => [id, values]))
      const columns = [...new Set(edits.flatMap(({ values }) => Object.keys(values)))]
      return over(
        project,
        { ids: [...byCase.keys()], reason, columns, label: (n) => `Edit of ${plural(n, 'case')}` },
        (id) => byCase.get(id) ?? {},
      )
    },

    insert: (project: number, rows: readonly CellValues[], before: number | null): CasesChanged => {
      const { done, ...counts } = log.run(project, { label: `New ${plural(rows.length, 'case')}` }, (tx) => {
        const added = addRows(tx, rows, before)
        return { rows: added.length, firstRow: added[0] ?? null }
      })
      return { ...done, ...counts }
    },

    removeCases: (project: number, rows: RowSelection): CasesChanged => {
      const ids = idsOf(project, rows)
      const { done, ...counts } = log.run(project, { label: `Deletion of ${plural(ids.length, 'case')}` }, (tx) => {
        let removed = 0
        for (const id of ids) {
          const row = whole.get(id, project)
          if (row === undefined) continue
          tx.change(['case', id, { position: row.position, cells: JSON.parse(row.cells) as CellValues }, null])
          removed += 1
        }
        return { rows: removed, firstRow: null }
      })
      return { ...done, ...counts }
    },

    fillDown: (
      project: number,
      {
        query,
        offset,
        limit,
        columns,
        reason,
      }: {
        readonly query: CaseQuery
        readonly offset: number
        readonly limit: number
        readonly columns: readonly string[]
        readonly reason: string | null
      },
    ): CasesChanged => {
      const [first, ...rest] = caseIds(db, project, query).slice(offset, offset + limit)
      if (first === undefined) throw new LabError('usage', 'There is no case to fill down from.')
      const source = read(project, first)
      const values = Object.fromEntries(columns.map((key) => [key, source[key] ?? null]))
      if (columns.includes('id')) throw new LabError('usage', 'Ids are unique; they cannot be filled down.')
      return over(project, { ids: rest, reason, label: (n) => `Fill down over ${plural(n, 'case')}` }, () => values)
    },

    bulkEdit: (
      project: number,
      {
        rows,
        column,
        value,
        reason,
      }: {
        readonly rows: RowSelection
        readonly column: string
        readonly value: JsonValue | null
        readonly reason: string | null
      },
    ): CasesChanged => {
      if (column === 'id') throw new LabError('usage', 'Ids are unique; they cannot be set for several cases at once.')
      const columnName = Object.hasOwn(reservedTypes, column)
        ? column
        : readColumns(db, project).find(({ key }) => key === column)?.name
      if (columnName === undefined) throw new LabError('not-found', 'There is no such column.')
      const label = (n: number) =>
        column === 'split' ? `Split of ${plural(n, 'case')}` : `"${columnName}" of ${plural(n, 'case')}`
      return over(project, { ids: idsOf(project, rows), reason, label, columns: [column] }, () => ({ [column]: value }))
    },

    addTag: (
      project: number,
      { rows, tag, remove }: { readonly rows: RowSelection; readonly tag: string; readonly remove: boolean },
    ): CasesChanged =>
      over(
        project,
        {
          ids: idsOf(project, rows),
          reason: null,
          columns: ['tags'],
          label: (n) => `Tag "${tag}" ${remove ? 'off' : 'on'} ${plural(n, 'case')}`,
        },
        (id) => {
          const { tags } = read(project, id)
          const now = Array.isArray(tags) ? tags : typeof tags === 'string' && tags !== '' ? [tags] : []
          const without = now.filter((each: JsonValue) => each !== tag)
          const next: readonly JsonValue[] = remove ? without : now.includes(tag) ? now : [...now, tag]
          return { tags: next.length === 0 ? null : next }
        },
      ),

    findReplace: (
      project: number,
      filter: CaseFilter,
      what: FindReplace,
    ): CasesChanged & { readonly replacements: number } => {
      let replacements = 0
      const known = readColumns(db, project)
      const ids = caseIds(db, project, { filter, sort: null })
      const changed = over(
        project,
        { ids, reason: null, label: () => `Replacement of "${what.find.slice(0, 40)}"` },
        (id) => {
          const result = replacedIn(read(project, id), what, known)
          replacements += result.replacements
          return result.values
        },
      )
      return { ...changed, replacements }
    },

    /** Texts as copied from a spreadsheet, over the rows of a query from `offset` on; rows beyond its end are new cases. */
    paste: (
      project: number,
      block: PasteBlock,
      newColumn: (tx: Recorder) => CaseColumn,
    ): CasesChanged & { readonly added: number } => {
      const { query, offset, cells, reason } = block
      const { done, ...counts } = log.run(
        project,
        { label: `Paste of ${plural(cells.length, 'row')}`, reason },
        (tx) => {
          const ids = caseIds(db, project, query).slice(offset, offset + cells.length)
          for (const key of block.columns) if (key !== null) ensureColumn(tx, key)
          const known = new Map(readColumns(db, project).map((column) => [column.key, column]))
          const columns = block.columns.map((key) => (key === null ? undefined : known.get(key)) ?? newColumn(tx))
          const valuesOf = (texts: readonly string[]) =>
            columns.flatMap((column, index) => {
              const text = texts[index]
              return text === undefined ? [] : [[column.key, fromText(text, column)] as const]
            })
          let changed = 0
          for (const [index, id] of ids.entries()) {
            if (editRow(tx, id, Object.fromEntries(valuesOf(cells[index] ?? [])), reason)) changed += 1
          }
          const rows = cells
            .slice(ids.length)
            .map(
              (texts) => Object.fromEntries(valuesOf(texts).filter(([, value]) => value !== undefined)) as CellValues,
            )
          const added = addRows(tx, rows, null)
          return { rows: changed + added.length, firstRow: ids[0] ?? added[0] ?? null, added: added.length }
        },
      )
      return { ...done, ...counts }
    },
  }
}

export type CaseWrites = ReturnType<typeof caseWrites>
