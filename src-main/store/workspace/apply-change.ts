import { LabError } from '../../../src-core/domain/errors.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { Db } from '../database.ts'
import { bit } from '../writes/context.ts'
import { type CaseContent, type CellPatch, type Change, searchText } from './changes.ts'

const keyText = (value: JsonValue | undefined): string | null =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)

const patched = (cells: Readonly<Record<string, JsonValue>>, patch: CellPatch): Record<string, JsonValue> => {
  const next: Record<string, JsonValue> = { ...cells }
  for (const [key, entry] of Object.entries(patch)) {
    if (entry.length === 0) delete next[key]
    else next[key] = entry[0]
  }
  return next
}

/** Writes one change into its table; commands, undo and redo have no other way to the rows. */
export const changeApplier = (db: Db) => {
  const rename = db.prepare('UPDATE projects SET name = ? WHERE id = ?')
  const fields = {
    description: db.prepare('UPDATE workspaces SET description = ? WHERE project = ?'),
    setup: db.prepare('UPDATE workspaces SET setup = ? WHERE project = ?'),
    columns: db.prepare('UPDATE workspaces SET columns = ? WHERE project = ?'),
  }
  const putPrompt = db.prepare(
    `INSERT INTO workspace_prompts (id, project, position, updated_at, name, draft) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at, name = excluded.name, draft = excluded.draft`,
  )
  const dropPrompt = db.prepare('DELETE FROM workspace_prompts WHERE id = ?')
  const putVersion = db.prepare(
    'INSERT OR REPLACE INTO workspace_versions (prompt, name, version, label, committed_at) VALUES (?, ?, ?, ?, ?)',
  )
  const dropVersion = db.prepare('DELETE FROM workspace_versions WHERE prompt = ? AND name = ? AND version = ?')
  const addCase = db.prepare(
    'INSERT INTO workspace_cases (id, project, position, case_key, split, cells, search) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const dropCase = db.prepare('DELETE FROM workspace_cases WHERE id = ?')
  const cellsOf = db.prepare<[number], string>('SELECT cells FROM workspace_cases WHERE id = ?').pluck()
  const setCells = db.prepare('UPDATE workspace_cases SET case_key = ?, split = ?, cells = ?, search = ? WHERE id = ?')
  const place = db.prepare('UPDATE workspace_cases SET position = ? WHERE id = ?')
  const putAnnotation = db.prepare(
    'INSERT OR REPLACE INTO annotations (experiment, cell, at, passed, excluded, comment) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const dropAnnotation = db.prepare('DELETE FROM annotations WHERE experiment = ? AND cell = ?')

  const putCase = (project: number, id: number | null, { position, cells }: CaseContent): number =>
    Number(
      addCase.run(
        id,
        project,
        position,
        keyText(cells.id),
        keyText(cells.split),
        JSON.stringify(cells),
        searchText(cells),
      ).lastInsertRowid,
    )

  const patchCase = (id: number, patch: CellPatch) => {
    const text = cellsOf.get(id)
    if (text === undefined) throw new LabError('not-found', 'The case is not there any more; it was deleted meanwhile.')
    const cells = patched(JSON.parse(text) as Record<string, JsonValue>, patch)
    setCells.run(keyText(cells.id), keyText(cells.split), JSON.stringify(cells), searchText(cells), id)
  }

  return {
    putCase,
    apply: (project: number, change: Change): void => {
      switch (change[0]) {
        case 'name':
          rename.run(change[2], project)
          break
        case 'field':
          fields[change[1]].run(change[3], project)
          break
        case 'prompt': {
          const [, id, , after] = change
          if (after === null) dropPrompt.run(id)
          else
            putPrompt.run(id, project, after.position, after.updatedAt, after.draft.name, JSON.stringify(after.draft))
          break
        }
        case 'version': {
          const [, prompt, name, version, , after] = change
          if (after === null) dropVersion.run(prompt, name, version)
          else putVersion.run(prompt, name, version, after.label, after.at)
          break
        }
        case 'case':
          if (change[3] === null) dropCase.run(change[1])
          else putCase(project, change[1], change[3])
          break
        case 'cells':
          patchCase(change[1], change[3])
          break
        case 'place':
          place.run(change[3], change[1])
          break
        case 'annotation': {
          const [, experiment, cell, , after] = change
          if (after === null) dropAnnotation.run(experiment, cell)
          else
            putAnnotation.run(
              experiment,
              cell,
              after.at,
              after.passed === null ? null : bit(after.passed),
              after.excluded,
              after.comment,
            )
          break
        }
      }
    },
  }
}

export type ChangeApplier = ReturnType<typeof changeApplier>
