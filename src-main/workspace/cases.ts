import type { LabStore } from '../store/open-store.ts'
import type { CasesService } from './app-host.ts'

export const createCases = ({ workspace }: LabStore): CasesService => ({
  columns: (project) => workspace.read('columns', project),
  window: (project, query, page) => workspace.read('caseWindow', project, query, page),
  indexOf: (project, query, row) => workspace.read('caseIndex', project, query, row),
  block: (project, query, block) => workspace.read('caseBlock', project, query, block),
  tags: (project) => workspace.study('caseTags', project),
  stats: (project, column, filter) => workspace.study('stats', project, column, filter),
  problems: (project) => workspace.study('caseProblems', project),
  addColumn: (project, { name, type }) => workspace.write('addColumn', project, name, type),
  renameColumn: (project, column, name) => workspace.write('renameColumn', project, column, name),
  deleteColumn: (project, column) => workspace.write('deleteColumn', project, column),
  reorderColumns: (project, order) => workspace.write('reorderColumns', project, order),
  setColumnType: (project, column, type) => workspace.write('setColumnType', project, column, type),
  edit: (project, edits, reason) => workspace.write('editCases', project, edits, reason),
  paste: (project, block) => workspace.write('pasteCells', project, block),
  insert: (project, { before, cells }) => workspace.write('insertCases', project, cells, before),
  remove: (project, rows) => workspace.write('removeCases', project, rows),
  fillDown: (project, fill) => workspace.write('fillDown', project, fill),
  bulkEdit: (project, edit) => workspace.write('bulkEdit', project, edit),
  addTag: (project, edit) => workspace.write('addTag', project, edit),
  setSplit: (project, { rows, split, reason }) =>
    workspace.write('bulkEdit', project, { rows, column: 'split', value: split, reason }),
  findReplace: (project, filter, what) => workspace.write('findReplace', project, filter, what),
  findCount: (project, filter, what) => workspace.study('findCount', project, filter, what),
  importPreview: (project, { name, base64, sheet }) =>
    workspace.study('importPreview', project, { name, bytes: Buffer.from(base64, 'base64'), sheet }),
  importCommit: async (project, { token, mode, columns }) => {
    const { name, ...rows } = await workspace.study('importLines', token, columns)
    return workspace.write('importRows', project, { ...rows, label: `Import of ${name}`, replace: mode === 'replace' })
  },
  exportFile: async (project, format, filter) => ({
    name: `cases.${format}`,
    mime: format === 'csv' ? 'text/csv' : 'application/x-ndjson',
    text: await workspace.study('exportCases', project, format, filter),
  }),
})
