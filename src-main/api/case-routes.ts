import { z } from 'zod'
import type { AppHost } from '../workspace/app-host.ts'
import {
  caseFilter,
  caseQuery,
  cellType,
  cellValue,
  columnKey,
  columnKeys,
  inProject,
  name,
  ofProject,
  page,
  reason,
  rowId,
  rowSelection,
} from './inputs.ts'
import { procedure, router } from './trpc.ts'

const query = caseQuery.default({ filter: {}, sort: null })
const split = z.enum(['train', 'race', 'holdout']).nullable()
const block = { query, offset: page.offset, limit: z.int().min(1).max(100_000), columns: columnKeys }
/** Checked by a loop: the schema library would take a tenth of a second over the cells of a large paste. */
const isBlock = (value: unknown): value is readonly (readonly string[])[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= 100_000 &&
  value.every(
    (row) =>
      Array.isArray(row) &&
      row.length <= 500 &&
      row.every((cell) => typeof cell === 'string' && cell.length <= 1_000_000),
  )
const pastedCells = z.custom<readonly (readonly string[])[]>(
  isBlock,
  'expected rows of texts: at most 100,000 rows of 500 cells',
)
const search = {
  filter: caseFilter.default({}),
  what: z.strictObject({
    find: z.string().min(1).max(10_000),
    replace: z.string().max(10_000).default(''),
    column: columnKey.nullable().default(null),
    matchCase: z.boolean().default(false),
    wholeCell: z.boolean().default(false),
  }),
}

const readRoutes = ({ cases }: AppHost) => ({
  columns: procedure.input(ofProject).query(({ input }) => cases.columns(input.project)),
  window: procedure
    .input(z.strictObject({ ...inProject, query, ...page }))
    .query(({ input: { project, query, ...window } }) => cases.window(project, query, window)),
  indexOf: procedure
    .input(z.strictObject({ ...inProject, query, row: rowId }))
    .query(({ input }) => cases.indexOf(input.project, input.query, input.row)),
  block: procedure
    .input(z.strictObject({ ...inProject, ...block }))
    .query(({ input: { project, query, ...rest } }) => cases.block(project, query, rest)),
  tags: procedure.input(ofProject).query(({ input }) => cases.tags(input.project)),
  stats: procedure
    .input(z.strictObject({ ...inProject, column: columnKey, filter: caseFilter.default({}) }))
    .query(({ input }) => cases.stats(input.project, input.column, input.filter)),
  problems: procedure.input(ofProject).query(({ input }) => cases.problems(input.project)),
  findCount: procedure
    .input(z.strictObject({ ...inProject, ...search }))
    .query(({ input }) => cases.findCount(input.project, input.filter, input.what)),
  exportFile: procedure
    .input(z.strictObject({ ...inProject, format: z.enum(['csv', 'jsonl']), filter: caseFilter.default({}) }))
    .query(({ input }) => cases.exportFile(input.project, input.format, input.filter)),
})

const columnRoutes = ({ cases }: AppHost) => ({
  addColumn: procedure
    .input(z.strictObject({ ...inProject, name, type: cellType.default('text') }))
    .mutation(({ input: { project, ...column } }) => cases.addColumn(project, column)),
  renameColumn: procedure
    .input(z.strictObject({ ...inProject, column: columnKey, name }))
    .mutation(({ input }) => cases.renameColumn(input.project, input.column, input.name)),
  deleteColumn: procedure
    .input(z.strictObject({ ...inProject, column: columnKey }))
    .mutation(({ input }) => cases.deleteColumn(input.project, input.column)),
  reorderColumns: procedure
    .input(z.strictObject({ ...inProject, order: columnKeys }))
    .mutation(({ input }) => cases.reorderColumns(input.project, input.order)),
  setColumnType: procedure
    .input(z.strictObject({ ...inProject, column: columnKey, type: cellType }))
    .mutation(({ input }) => cases.setColumnType(input.project, input.column, input.type)),
})

const editRoutes = ({ cases }: AppHost) => ({
  edit: procedure
    .input(
      z.strictObject({
        ...inProject,
        edits: z
          .array(z.strictObject({ case: rowId, column: columnKey, value: cellValue }))
          .min(1)
          .max(10_000),
        reason,
      }),
    )
    .mutation(({ input }) => cases.edit(input.project, input.edits, input.reason)),
  paste: procedure
    .input(
      z.strictObject({
        ...inProject,
        query,
        offset: page.offset,
        columns: z.array(columnKey.nullable()).min(1).max(500),
        cells: pastedCells,
        reason,
      }),
    )
    .mutation(({ input: { project, ...pasted } }) => cases.paste(project, pasted)),
  insert: procedure
    .input(
      z.strictObject({
        ...inProject,
        before: rowId.nullable().default(null),
        cells: z.array(z.record(columnKey, cellValue)).min(1).max(10_000),
      }),
    )
    .mutation(({ input: { project, ...rows } }) => cases.insert(project, rows)),
  remove: procedure
    .input(z.strictObject({ ...inProject, rows: rowSelection }))
    .mutation(({ input }) => cases.remove(input.project, input.rows)),
  fillDown: procedure
    .input(z.strictObject({ ...inProject, ...block, reason }))
    .mutation(({ input: { project, ...fill } }) => cases.fillDown(project, fill)),
  bulkEdit: procedure
    .input(z.strictObject({ ...inProject, rows: rowSelection, column: columnKey, value: cellValue, reason }))
    .mutation(({ input: { project, ...edit } }) => cases.bulkEdit(project, edit)),
  addTag: procedure
    .input(
      z.strictObject({
        ...inProject,
        rows: rowSelection,
        tag: z.string().trim().min(1).max(200),
        remove: z.boolean().default(false),
      }),
    )
    .mutation(({ input: { project, ...edit } }) => cases.addTag(project, edit)),
  setSplit: procedure
    .input(z.strictObject({ ...inProject, rows: rowSelection, split, reason }))
    .mutation(({ input: { project, ...edit } }) => cases.setSplit(project, edit)),
  findReplace: procedure
    .input(z.strictObject({ ...inProject, ...search }))
    .mutation(({ input }) => cases.findReplace(input.project, input.filter, input.what)),
})

const importRoutes = ({ cases }: AppHost) => ({
  /** The file's bytes in base64: at most about 150 MB of file. */
  importPreview: procedure
    .input(
      z.strictObject({
        ...inProject,
        name: z.string().min(1).max(500),
        base64: z.string().max(200_000_000),
        sheet: z
          .union([z.string().min(1).max(200), z.int().positive()])
          .nullable()
          .default(null),
      }),
    )
    .mutation(({ input: { project, ...file } }) => cases.importPreview(project, file)),
  importCommit: procedure
    .input(
      z.strictObject({
        ...inProject,
        token: z.string().min(1).max(100),
        mode: z.enum(['append', 'replace']).default('append'),
        /** File column to grid column: a new name, a reserved name, or null to leave it out. Absent: as it is. */
        columns: z.record(z.string().max(1_000), name.nullable()).default({}),
      }),
    )
    .mutation(({ input: { project, ...request } }) => cases.importCommit(project, request)),
})

export const caseRoutes = (host: AppHost) =>
  router({ ...readRoutes(host), ...columnRoutes(host), ...editRoutes(host), ...importRoutes(host) })
