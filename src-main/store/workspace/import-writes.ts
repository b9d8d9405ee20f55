import type { CasesChanged, CellType } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import { caseIds, readColumns } from './case-query.ts'
import type { CaseWrites } from './case-writes.ts'
import type { CellValues } from './changes.ts'
import type { ColumnWrites } from './column-writes.ts'
import type { CommandLog } from './command-log.ts'

export type ImportedRows = {
  readonly label: string
  readonly replace: boolean
  /** Columns by name, in order; those the grid lacks are made. */
  readonly columns: readonly { readonly name: string; readonly type: CellType }[]
  /** Values by column name, one JSON object a line: one text travels between threads faster than its rows. */
  readonly lines: string
}

export const importWrites = ({ db }: WriteContext, log: CommandLog, cases: CaseWrites, columns: ColumnWrites) => {
  const whole = db.prepare<[number], { position: number; cells: string }>(
    'SELECT position, cells FROM workspace_cases WHERE id = ?',
  )
  return {
    importRows: (project: number, { label, replace, columns: wanted, lines }: ImportedRows): CasesChanged => {
      const { done, ...counts } = log.run(project, { label }, (tx) => {
        if (replace) {
          for (const id of caseIds(db, project, { filter: {}, sort: null })) {
            const row = whole.get(id)
            if (row !== undefined)
              tx.change(['case', id, { position: row.position, cells: JSON.parse(row.cells) as CellValues }, null])
          }
        }
        const known = new Set(readColumns(db, project).map(({ name }) => name))
        for (const { name, type } of wanted) if (!known.has(name)) columns.add(tx, name, type)
        const keyOf = new Map(readColumns(db, project).map(({ name, key }) => [name, key]))
        const added = cases.addRows(
          tx,
          lines
            .split('\n')
            .filter((line) => line !== '')
            .map((line) =>
              Object.fromEntries(
                Object.entries(JSON.parse(line) as CellValues).flatMap(([name, value]) => {
                  const key = keyOf.get(name)
                  return key === undefined ? [] : [[key, value] as const]
                }),
              ),
            ),
          null,
        )
        return { rows: added.length, firstRow: added[0] ?? null }
      })
      return { ...done, ...counts }
    },
  }
}
