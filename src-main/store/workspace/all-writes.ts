import { LabError } from '../../../src-core/domain/errors.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { PromptVariant } from '../../../src-core/domain/prompt.ts'
import type { PasteBlock } from '../../workspace/app-host.ts'
import type { CasesChanged } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import { readColumns, registerCaseFunctions } from './case-query.ts'
import { caseWrites } from './case-writes.ts'
import { reservedTypes } from './cell-values.ts'
import type { CellValues } from './changes.ts'
import { columnWrites } from './column-writes.ts'
import { commandLog } from './command-log.ts'
import { importWrites } from './import-writes.ts'
import { projectWrites } from './project-writes.ts'
import { promptWrites } from './prompt-writes.ts'
import { runWrites } from './run-writes.ts'

/** Every write of the workspace by name; the host asks by these names (see workspace-store.ts). */
export const workspaceWrites = (
  context: WriteContext,
  register: (project: string, variant: Omit<PromptVariant, 'version'>) => PromptVariant,
) => {
  registerCaseFunctions(context.db)
  const log = commandLog(context)
  const cases = caseWrites(context, log)
  const columns = columnWrites(context, log, cases)
  const projects = projectWrites(context, log)
  const prompts = promptWrites(context, log, register)
  const runs = runWrites(context, log)
  const imports = importWrites(context, log, cases, columns)
  const checkKeys = (project: number, keys: Iterable<string>) => {
    const known = new Set(readColumns(context.db, project).map(({ key }) => key))
    for (const key of keys)
      if (!known.has(key) && !Object.hasOwn(reservedTypes, key))
        throw new LabError('not-found', 'There is no such column.')
  }

  return {
    undo: log.undo,
    redo: log.redo,
    freeName: projects.freeName,
    createProject: projects.createProject,
    duplicateProject: projects.duplicateProject,
    renameProject: projects.renameProject,
    describeProject: projects.describeProject,
    saveSetup: projects.saveSetup,
    setTrash: projects.setTrash,
    purgeTrash: projects.purgeTrash,
    createPrompt: prompts.createPrompt,
    saveDraft: prompts.saveDraft,
    removePrompt: prompts.removePrompt,
    reorderPrompts: prompts.reorderPrompts,
    commitVersion: prompts.commitVersion,
    addColumn: columns.addColumn,
    renameColumn: columns.renameColumn,
    deleteColumn: columns.deleteColumn,
    reorderColumns: columns.reorderColumns,
    setColumnType: columns.setColumnType,
    editCases: (
      project: number,
      edits: readonly { readonly case: number; readonly column: string; readonly value: JsonValue | null }[],
      reason: string | null,
    ): CasesChanged => {
      checkKeys(project, new Set(edits.map(({ column }) => column)))
      const byCase = new Map<number, Record<string, JsonValue | null>>()
      for (const { case: id, column, value } of edits) byCase.set(id, { ...byCase.get(id), [column]: value })
      return cases.edit(
        project,
        [...byCase].map(([id, values]) => ({ case: id, values })),
        reason,
      )
    },
    insertCases: (project: number, rows: readonly CellValues[], before: number | null): CasesChanged => {
      checkKeys(project, new Set(rows.flatMap((row) => Object.keys(row))))
      return cases.insert(project, rows, before)
    },
    removeCases: cases.removeCases,
    fillDown: cases.fillDown,
    bulkEdit: cases.bulkEdit,
    addTag: cases.addTag,
    findReplace: cases.findReplace,
    pasteCells: (project: number, block: PasteBlock): CasesChanged & { readonly added: number } => {
      checkKeys(
        project,
        block.columns.filter((key) => key !== null),
      )
      return cases.paste(project, block, columns.addUnnamed)
    },
    importRows: imports.importRows,
    annotate: runs.annotate,
    reopenFailed: runs.reopenFailed,
    saveSummary: runs.saveSummary,
    setValue: runs.setValue,
  }
}

export type WorkspaceWrites = ReturnType<typeof workspaceWrites>
