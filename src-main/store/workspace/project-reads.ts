import { hash } from 'node:crypto'
import { LabError } from '../../../src-core/domain/errors.ts'
import { canonicalJson, type JsonValue } from '../../../src-core/domain/json.ts'
import type { Activity, PaletteItem } from '../../workspace/host-types.ts'
import type { CommandEntry, History } from '../../workspace/types.ts'
import type { Db } from '../database.ts'
import { toIso } from '../keys.ts'
import { toVariant, type VariantRow } from '../rows.ts'
import { readColumns } from './case-query.ts'
import type { DraftContent } from './changes.ts'

export type ProjectRow = {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly updated_at: number
  readonly trashed_at: number | null
  readonly revision: number
  readonly prompts: number
  readonly cases: number
}

export type PromptRead = { readonly id: number; readonly updatedAt: string; readonly draft: DraftContent }

const likeText = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

export const projectReads = (db: Db) => {
  const projectColumns = `p.id, p.name, w.description, w.updated_at, w.trashed_at, w.revision,
    (SELECT count(*) FROM workspace_prompts x WHERE x.project = p.id) AS prompts,
    (SELECT count(*) FROM workspace_cases x WHERE x.project = p.id) AS cases`
  const list = db.prepare<[number], ProjectRow>(
    `SELECT ${projectColumns} FROM workspaces w JOIN projects p ON p.id = w.project
     WHERE (w.trashed_at IS NOT NULL) = ? AND coalesce(w.trashed_at, 1) > 0 ORDER BY w.updated_at DESC, p.id DESC`,
  )
  const one = db.prepare<[number], ProjectRow>(
    `SELECT ${projectColumns} FROM workspaces w JOIN projects p ON p.id = w.project WHERE p.id = ?`,
  )
  const idOf = db.prepare<[string], number>('SELECT id FROM projects WHERE name = ?').pluck()
  const setup = db.prepare<[number], string>('SELECT setup FROM workspaces WHERE project = ?').pluck()
  const prompts = db.prepare<[number], { id: number; updated_at: number; draft: string }>(
    'SELECT id, updated_at, draft FROM workspace_prompts WHERE project = ? ORDER BY position, id',
  )
  const versions = db.prepare<
    [number],
    VariantRow & { label: string | null; committed_at: number | null; prompt: number | null }
  >(
    `SELECT v.*, w.label, w.committed_at, w.prompt FROM prompt_variants v
     LEFT JOIN workspace_versions w ON w.name = v.name AND w.version = v.version
       AND w.prompt IN (SELECT id FROM workspace_prompts WHERE project = v.project)
     WHERE v.project = ? ORDER BY v.name, v.version`,
  )
  const labels = db.prepare<[number], { prompt: number; name: string; version: number; label: string }>(
    `SELECT w.prompt, w.name, w.version, w.label FROM workspace_versions w JOIN workspace_prompts p ON p.id = w.prompt
     WHERE p.project = ? ORDER BY w.prompt, w.name, w.version`,
  )
  const cells = db
    .prepare<[number], string>('SELECT cells FROM workspace_cases WHERE project = ? ORDER BY position, id')
    .pluck()
  const annotations = db.prepare<
    [number],
    { uid: string; cell: number; passed: number | null; excluded: string | null; comment: string | null }
  >(
    `SELECT x.uid, a.cell, a.passed, a.excluded, a.comment FROM annotations a JOIN experiments x ON x.id = a.experiment
     WHERE x.project = ? ORDER BY x.id, a.cell`,
  )
  const commands = db.prepare<
    [number, number],
    { n: number; at: number; undone: number; label: string; touched: string }
  >('SELECT n, at, undone, label, touched FROM workspace_commands WHERE project = ? ORDER BY n DESC LIMIT ?')
  const undoLabel = db
    .prepare<[number], string>(
      'SELECT label FROM workspace_commands WHERE project = ? AND undone = 0 ORDER BY n DESC LIMIT 1',
    )
    .pluck()
  const redoLabel = db
    .prepare<[number], string>(
      'SELECT label FROM workspace_commands WHERE project = ? AND undone = 1 ORDER BY n LIMIT 1',
    )
    .pluck()
  const recentCommands = db.prepare<[number], { at: number; project: number; name: string; label: string }>(
    `SELECT c.at, c.project, p.name, c.label FROM workspace_commands c JOIN projects p ON p.id = c.project
     WHERE c.undone = 0 ORDER BY c.at DESC LIMIT ?`,
  )
  const recentRuns = db.prepare<
    [number],
    { at: number; project: number; name: string; uid: string; status: string; results: number; cells: number }
  >(
    `SELECT x.started_at AS at, x.project, p.name, x.uid, x.status, x.results, x.cells FROM experiments x JOIN projects p ON p.id = x.project
     ORDER BY x.id DESC LIMIT ?`,
  )
  const summaries = db.prepare<
    [number],
    {
      uid: string
      results: number
      summarised: number | null
      summary: string | null
      score_set: number
      summary_set: number | null
    }
  >(
    `SELECT x.uid, x.results, s.results AS summarised, s.summary, x.score_set, s.score_set AS summary_set
     FROM experiments x LEFT JOIN run_summaries s ON s.experiment = x.id WHERE x.project = ? ORDER BY x.id`,
  )
  const bytesOf = db
    .prepare<{ project: number }, number>(
      `SELECT (SELECT coalesce(sum(length(cells) + length(search)), 0) FROM workspace_cases WHERE project = @project)
        + (SELECT coalesce(sum(length(body)), 0) FROM workspace_commands WHERE project = @project)
        + (SELECT coalesce(sum(length(content)), 0) FROM test_cases WHERE project = @project)
        + (SELECT coalesce(sum(results), 0) * 600 FROM experiments WHERE project = @project)`,
    )
    .pluck()
  const value = db.prepare<[string], string>('SELECT value FROM app_values WHERE name = ?').pluck()
  const orphans = db.prepare<[], { id: number; name: string }>(
    'SELECT p.id, p.name FROM projects p WHERE NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.project = p.id) AND EXISTS (SELECT 1 FROM experiments x WHERE x.project = p.id)',
  )
  const newestOf = db
    .prepare<[number], string>('SELECT uid FROM experiments WHERE project = ? ORDER BY id DESC LIMIT 1')
    .pluck()
  const found = {
    projects: db.prepare<[string, number], { id: number; name: string }>(
      "SELECT p.id, p.name FROM projects p JOIN workspaces w ON w.project = p.id WHERE w.trashed_at IS NULL AND p.name LIKE ? ESCAPE '\\' ORDER BY w.updated_at DESC LIMIT ?",
    ),
    prompts: db.prepare<[string, number], { id: number; name: string; project: number; of: string }>(
      `SELECT x.id, x.name, x.project, p.name AS of FROM workspace_prompts x JOIN projects p ON p.id = x.project JOIN workspaces w ON w.project = p.id
       WHERE w.trashed_at IS NULL AND x.name LIKE ? ESCAPE '\\' LIMIT ?`,
    ),
    experiments: db.prepare<[string, string, number], { uid: string; project: number; of: string; status: string }>(
      `SELECT x.uid, x.project, p.name AS of, x.status FROM experiments x JOIN projects p ON p.id = x.project
       WHERE x.uid LIKE ? ESCAPE '\\' OR p.name LIKE ? ESCAPE '\\' ORDER BY x.id DESC LIMIT ?`,
    ),
    cases: db.prepare<[number, string, number], { id: number; case_key: string }>(
      "SELECT id, case_key FROM workspace_cases WHERE project = ? AND case_key LIKE ? ESCAPE '\\' LIMIT ?",
    ),
  }

  const get = (project: number): ProjectRow => {
    const row = one.get(project)
    if (row === undefined || row.trashed_at === 0) throw new LabError('not-found', 'There is no such project.')
    return row
  }
  const readSetup = (project: number): Readonly<Record<string, JsonValue>> => {
    const text = setup.get(project)
    if (text === undefined) throw new LabError('not-found', 'There is no such project.')
    return JSON.parse(text) as Readonly<Record<string, JsonValue>>
  }
  const readPrompts = (project: number): readonly PromptRead[] =>
    prompts
      .all(project)
      .map((row) => ({ id: row.id, updatedAt: toIso(row.updated_at), draft: JSON.parse(row.draft) as DraftContent }))

  return {
    projectList: (trash: boolean): readonly ProjectRow[] => list.all(trash ? 1 : 0),
    project: get,
    projectId: (name: string): number | null => idOf.get(name) ?? null,
    orphanProjects: (): readonly { readonly name: string; readonly experiment: string }[] =>
      orphans.all().map(({ id, name }) => ({ name, experiment: newestOf.get(id) ?? '' })),
    setup: readSetup,
    prompts: readPrompts,
    versions: (project: number) =>
      versions.all(project).map((row) => ({
        ...toVariant(row),
        prompt: row.prompt,
        label: row.label,
        committedAt: row.committed_at === null ? null : toIso(row.committed_at),
      })),
    runSummaries: (project: number) =>
      summaries.all(project).map((row) => ({
        experiment: row.uid,
        /** Null: none yet, or results or scores came since. */
        summary:
          row.summary !== null && row.summarised === row.results && row.summary_set === row.score_set
            ? (JSON.parse(row.summary) as unknown)
            : null,
      })),
    projectBytes: (project: number): number => bytesOf.get({ project }) ?? 0,
    value: (name: string): unknown => {
      const text = value.get(name)
      return text === undefined ? null : (JSON.parse(text) as unknown)
    },

    history: (project: number, limit: number): History => ({
      undo: undoLabel.get(project) ?? null,
      redo: redoLabel.get(project) ?? null,
      entries: commands.all(project, limit).map(
        (row): CommandEntry => ({
          n: row.n,
          label: row.label,
          at: toIso(row.at),
          undone: row.undone === 1,
          touched: JSON.parse(row.touched) as CommandEntry['touched'],
        }),
      ),
    }),

    /** Of everything that commands can change, and nothing else: times and row positions are not part of it, orders are. */
    stateHash: (project: number): string => {
      const { name, description } = get(project)
      const head = {
        name,
        description,
        setup: readSetup(project),
        columns: readColumns(db, project),
        prompts: readPrompts(project).map(({ id, draft }) => ({ id, draft })),
        labels: labels.all(project),
        annotations: annotations.all(project),
      }
      const lines = [canonicalJson(head)]
      for (const text of cells.iterate(project)) lines.push(canonicalJson(JSON.parse(text)))
      return hash('sha256', lines.join('\n'), 'hex')
    },

    recent: (limit: number): readonly Activity[] =>
      [
        ...recentCommands.all(limit).map(
          (row): Activity => ({
            at: toIso(row.at),
            kind: 'command',
            project: row.project,
            projectName: row.name,
            text: row.label,
            experiment: null,
          }),
        ),
        ...recentRuns.all(limit).map(
          (row): Activity => ({
            at: toIso(row.at),
            kind: 'run',
            project: row.project,
            projectName: row.name,
            text: `Run with ${row.results} of ${row.cells} results`,
            experiment: row.uid,
          }),
        ),
      ]
        .sort((a, b) => (a.at < b.at ? 1 : -1))
        .slice(0, limit),

    search: (text: string, project: number | null, limit: number): readonly PaletteItem[] => {
      const like = likeText(text)
      const items: PaletteItem[] = [
        ...found.projects
          .all(like, limit)
          .map(
            ({ id, name }): PaletteItem => ({ kind: 'project', id: String(id), title: name, detail: '', project: id }),
          ),
        ...found.prompts.all(like, limit).map(
          ({ id, name, project: of, of: title }): PaletteItem => ({
            kind: 'prompt',
            id: String(id),
            title: name,
            detail: title,
            project: of,
          }),
        ),
        ...found.experiments.all(like, like, limit).map(
          ({ uid, of, project: owner, status }): PaletteItem => ({
            kind: 'experiment',
            id: uid,
            title: uid,
            detail: `${of}, ${status}`,
            project: owner,
          }),
        ),
      ]
      if (project !== null && text !== '') {
        for (const { id, case_key } of found.cases.all(project, like, limit))
          items.push({ kind: 'case', id: String(id), title: case_key, detail: '', project })
      }
      const lower = text.toLowerCase()
      const rank = (title: string) =>
        title.toLowerCase() === lower ? 0 : title.toLowerCase().startsWith(lower) ? 1 : 2
      return items.sort((a, b) => rank(a.title) - rank(b.title)).slice(0, limit)
    },
  }
}

export type ProjectReads = ReturnType<typeof projectReads>
