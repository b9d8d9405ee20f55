import { LabError } from '../../../src-core/domain/errors.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import { reservedColumns } from '../../../src-core/lab/case-entry.ts'
import type { CaseColumn, CasesChanged, CellType, Done } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import { caseIds, readColumns } from './case-query.ts'
import type { CaseWrites } from './case-writes.ts'
import { converted, isOfType, reservedTypes } from './cell-values.ts'
import type { CommandLog, Recorder } from './command-log.ts'

const everyCase = { filter: {}, sort: null } as const

const isReserved = (name: string): name is keyof typeof reservedTypes => reservedColumns.some((each) => each === name)

export const columnWrites = ({ db }: WriteContext, log: CommandLog, cases: CaseWrites) => {
  const setNext = db.prepare<[number], number>(
    'UPDATE workspaces SET next_column = next_column + 1 WHERE project = ? RETURNING next_column - 1',
  )
  const place = (tx: Recorder, before: readonly CaseColumn[], after: readonly CaseColumn[]) =>
    tx.change(['field', 'columns', JSON.stringify(before), JSON.stringify(after)])
  const find = (columns: readonly CaseColumn[], key: string): CaseColumn => {
    const column = columns.find((each) => each.key === key)
    if (column === undefined) throw new LabError('not-found', 'There is no such column.')
    return column
  }
  const checkName = (name: string, columns: readonly CaseColumn[]) => {
    if (columns.some((each) => each.name === name)) throw new LabError('usage', `There is a column "${name}" already.`)
  }

  /** A column of its own for a name; a reserved name makes the reserved column. */
  const add = (tx: Recorder, name: string, type: CellType): CaseColumn => {
    const columns = readColumns(db, tx.project)
    checkName(name, columns)
    const column: CaseColumn = isReserved(name)
      ? { key: name, name, type: reservedTypes[name], reserved: true }
      : { key: `v${setNext.pluck().get(tx.project)}`, name, type, reserved: false }
    place(tx, columns, [...columns, column])
    return column
  }

  return {
    add,
    /** `column_1`, `column_2`, ...: the first name that is free. */
    addUnnamed: (tx: Recorder): CaseColumn => {
      const names = new Set(readColumns(db, tx.project).map(({ name }) => name))
      let n = names.size
      while (names.has(`column_${n}`)) n += 1
      return add(tx, `column_${n}`, 'text')
    },

    addColumn: (project: number, name: string, type: CellType): Done & { readonly column: CaseColumn } => {
      const { done, column } = log.run(project, { label: `New column "${name}"` }, (tx) => ({
        column: add(tx, name, type),
      }))
      return { ...done, column }
    },

    renameColumn: (project: number, key: string, name: string): Done => {
      const columns = readColumns(db, project)
      const column = find(columns, key)
      if (column.reserved) throw new LabError('usage', `"${column.name}" has a meaning of its own and keeps its name.`)
      if (column.name === name) return log.done(project, [])
      checkName(name, columns)
      if (isReserved(name))
        throw new LabError('usage', `"${name}" has a meaning of its own; add that column and paste into it.`)
      return log.run(project, { label: `New name "${name}" for column "${column.name}"` }, (tx) => {
        place(
          tx,
          columns,
          columns.map((each) => (each.key === key ? { ...each, name } : each)),
        )
        return {}
      }).done
    },

    deleteColumn: (project: number, key: string): Done => {
      const columns = readColumns(db, project)
      const column = find(columns, key)
      if (key === 'id') throw new LabError('usage', 'Every case needs an id; this column stays.')
      return log.run(project, { label: `Deletion of column "${column.name}"` }, (tx) => {
        for (const id of caseIds(db, project, everyCase)) {
          // The holdout's promise is not broken by deleting the whole column in the open: it is one undoable step.
          cases.editRow(tx, id, { [key]: null }, 'the column was deleted')
        }
        place(
          tx,
          columns,
          columns.filter((each) => each.key !== key),
        )
        return {}
      }).done
    },

    reorderColumns: (project: number, order: readonly string[]): Done => {
      const columns = readColumns(db, project)
      const wanted = order.map((key) => find(columns, key))
      const rest = columns.filter((each) => !order.includes(each.key))
      return log.run(project, { label: 'Order of columns' }, (tx) => {
        const next = [...new Set([...wanted, ...rest])]
        if (next.some((column, index) => column !== columns[index])) place(tx, columns, next)
        return {}
      }).done
    },

    setColumnType: (project: number, key: string, type: CellType): CasesChanged & { readonly unconverted: number } => {
      const columns = readColumns(db, project)
      const column = find(columns, key)
      if (column.reserved && key !== 'expected') throw new LabError('usage', `The type of "${column.name}" is fixed.`)
      const { done, ...counts } = log.run(project, { label: `Column "${column.name}" as ${type}` }, (tx) => {
        let rows = 0
        let unconverted = 0
        for (const id of caseIds(db, project, everyCase)) {
          const value: JsonValue | undefined = cases.read(project, id)[key]
          if (value === undefined || isOfType(value, type)) continue
          const next = value === '' ? undefined : converted(value, type)
          if (next === undefined) unconverted += value === '' ? 0 : 1
          else if (cases.editRow(tx, id, { [key]: next }, null)) rows += 1
        }
        place(
          tx,
          columns,
          columns.map((each) => (each.key === key ? { ...each, type } : each)),
        )
        return { rows, firstRow: null, unconverted }
      })
      return { ...done, ...counts }
    },
  }
}

export type ColumnWrites = ReturnType<typeof columnWrites>
