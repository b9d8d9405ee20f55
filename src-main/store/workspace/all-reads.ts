import type { Db } from '../database.ts'
import type { ExperimentReads } from '../reads/experiments.ts'
import { caseReads } from './case-reads.ts'
import { cellReads } from './cell-reads.ts'
import { matrixReads } from './matrix-reads.ts'
import { projectReads } from './project-reads.ts'
import { runListReads } from './run-list-reads.ts'
import { runTables } from './run-table.ts'
import { studyReads } from './study-reads.ts'
import { transferReads } from './transfer-reads.ts'

/** Every read of the workspace by name; long ones are asked of a thread of their own (see workspace-store.ts). */
export const workspaceReads = (db: Db, experiments: ExperimentReads) => {
  const cases = caseReads(db)
  const projects = projectReads(db)
  return {
    ...projects,
    ...cases,
    ...cellReads(db, experiments),
    ...matrixReads(db, runTables(db, experiments)),
    ...studyReads(db, cases, projects),
    ...transferReads(db, cases, projects),
    ...runListReads(db, experiments),
  }
}

export type WorkspaceReads = ReturnType<typeof workspaceReads>
