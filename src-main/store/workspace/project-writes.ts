import { LabError } from '../../../src-core/domain/errors.ts'
import type { CaseColumn, CellType, Done } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import { changeApplier } from './apply-change.ts'
import { reservedTypes } from './cell-values.ts'
import type { CellValues, DraftContent } from './changes.ts'
import type { CommandLog } from './command-log.ts'

/** A project as an import brings it; keys of `cases` are column names. */
export type ProjectContent = {
  readonly name: string
  readonly description: string
  readonly columns: readonly { readonly name: string; readonly type: CellType }[]
  readonly prompts: readonly DraftContent[]
  readonly cases: readonly CellValues[]
  readonly setup: Readonly<Record<string, unknown>>
}

const keptInTrashMs = 30 * 24 * 3600 * 1000
const columnOf = (name: string, type: CellType, next: () => number): CaseColumn =>
  Object.hasOwn(reservedTypes, name)
    ? { key: name, name, type: reservedTypes[name as keyof typeof reservedTypes], reserved: true }
    : { key: `v${next()}`, name, type, reserved: false }

export const projectWrites = ({ db, directory, now }: WriteContext, log: CommandLog) => {
  const applier = changeApplier(db)
  const byName = db.prepare<[string], { id: number; known: number }>(
    'SELECT p.id, w.project IS NOT NULL AS known FROM projects p LEFT JOIN workspaces w ON w.project = p.id WHERE p.name = ?',
  )
  const add = db.prepare(
    `INSERT INTO workspaces (project, created_at, updated_at, trashed_at, description, next_column, revision, columns, setup)
     VALUES (?, ?, ?, NULL, ?, ?, 1, ?, ?)`,
  )
  const addPrompt = db.prepare(
    'INSERT INTO workspace_prompts (project, position, updated_at, name, draft) VALUES (?, ?, ?, ?, ?)',
  )
  const setTrashed = db.prepare('UPDATE workspaces SET trashed_at = ? WHERE project = ?')
  const fieldOf = db.prepare<
    [number],
    { name: string; description: string; setup: string; next_column: number; columns: string }
  >(
    'SELECT p.name, w.description, w.setup, w.next_column, w.columns FROM workspaces w JOIN projects p ON p.id = w.project WHERE w.project = ?',
  )
  const fields = (project: number) => {
    const row = fieldOf.get(project)
    if (row === undefined) throw new LabError('not-found', 'There is no such project.')
    return row
  }
  const rowFor = (name: string): number => {
    const known = byName.get(name)
    if (known?.known === 1)
      throw new LabError(
        'usage',
        `There is a project "${name}" already. Names of projects are unique; look into the trash, too.`,
      )
    return known?.id ?? directory.project(name)
  }
  const freeName = (wanted: string): string => {
    for (let n = 1; ; n++) {
      const name = n === 1 ? wanted : `${wanted} ${n}`
      if (byName.get(name)?.known !== 1) return name
    }
  }

  return {
    freeName: (wanted: string): string => freeName(wanted),

    createProject: (content: ProjectContent): number => {
      const project = rowFor(content.name)
      let next = 1
      const all = [
        ...new Map(
          [{ name: 'id', type: 'text' as const }, ...content.columns].map((column) => [column.name, column]),
        ).values(),
      ]
      const made = all.map(({ name, type }) => columnOf(name, type, () => next++))
      const keyOf = new Map(made.map(({ name, key }) => [name, key]))
      add.run(project, now(), now(), content.description, next, JSON.stringify(made), JSON.stringify(content.setup))
      for (const [index, draft] of content.prompts.entries()) {
        addPrompt.run(project, (index + 1) * 1024, now(), draft.name, JSON.stringify(draft))
      }
      for (const [index, cells] of content.cases.entries()) {
        const byKey = Object.fromEntries(Object.entries(cells).map(([name, value]) => [keyOf.get(name) ?? name, value]))
        applier.putCase(project, null, { position: (index + 1) * 1024, cells: { id: `case-${index + 1}`, ...byKey } })
      }
      return project
    },

    duplicateProject: (project: number, name: string): number => {
      const source = fields(project)
      const copy = rowFor(name)
      add.run(copy, now(), now(), source.description, source.next_column, source.columns, source.setup)
      db.prepare(
        `INSERT INTO workspace_prompts (project, position, updated_at, name, draft)
         SELECT ?, position, ?, name, draft FROM workspace_prompts WHERE project = ? ORDER BY position, id`,
      ).run(copy, now(), project)
      db.prepare(
        `INSERT INTO workspace_cases (project, position, case_key, split, cells, search)
         SELECT ?, position, case_key, split, cells, search FROM workspace_cases WHERE project = ? ORDER BY position, id`,
      ).run(copy, project)
      return copy
    },

    renameProject: (project: number, name: string): Done => {
      const before = fields(project).name
      if (before === name) return log.done(project, [])
      if (byName.get(name) !== undefined) throw new LabError('usage', `There is a project "${name}" already.`)
      return log.run(project, { label: `New name "${name}" for the project` }, (tx) => {
        tx.change(['name', before, name])
        return {}
      }).done
    },

    describeProject: (project: number, description: string): Done => {
      const before = fields(project).description
      return log.run(project, { label: 'Description of the project', gesture: 'description' }, (tx) => {
        if (before !== description) tx.change(['field', 'description', before, description])
        return {}
      }).done
    },

    /** Sections as they are in a lab file; null takes one away. */
    saveSetup: (project: number, sections: Readonly<Record<string, unknown>>, gesture: string | null): Done => {
      const before = fields(project).setup
      const next: Record<string, unknown> = { ...(JSON.parse(before) as Record<string, unknown>) }
      for (const [key, value] of Object.entries(sections)) {
        if (value === null || value === undefined) delete next[key]
        else next[key] = value
      }
      const after = JSON.stringify(next)
      const label = `Setup: ${Object.keys(sections).join(', ')}`
      return log.run(
        project,
        { label, gesture: gesture ?? `setup:${Object.keys(sections).sort().join(',')}` },
        (tx) => {
          if (after !== before) tx.change(['field', 'setup', before, after])
          return {}
        },
      ).done
    },

    setTrash: (project: number, trashed: boolean): void => {
      fields(project)
      setTrashed.run(trashed ? now() : null, project)
    },

    /** Drafts, cases and history of projects that have been in the trash for 30 days. Their runs stay: they were paid for. */
    purgeTrash: (): number => {
      const old = db
        .prepare<[number], number>('SELECT project FROM workspaces WHERE trashed_at > 0 AND trashed_at <= ?')
        .pluck()
        .all(now() - keptInTrashMs)
      for (const project of old) {
        for (const table of ['workspace_prompts', 'workspace_cases', 'workspace_commands']) {
          db.prepare(`DELETE FROM ${table} WHERE project = ?`).run(project)
        }
        // Kept as an empty mark, so that a project of old runs is not taken for a new one.
        db.prepare(
          "UPDATE workspaces SET trashed_at = 0, setup = '{}', columns = '[]', description = '' WHERE project = ?",
        ).run(project)
      }
      return old.length
    },
  }
}
