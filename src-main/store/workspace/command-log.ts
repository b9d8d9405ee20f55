import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { LabError } from '../../../src-core/domain/errors.ts'
import type { Area, Done } from '../../workspace/types.ts'
import type { WriteContext } from '../writes/context.ts'
import { changeApplier } from './apply-change.ts'
import { type Change, inverseOf, merged } from './changes.ts'

/** What a person is told of a command, and how saves of one gesture are found. */
export type CommandHead = {
  readonly label: string
  /** Equal gestures in a row within `gestureMs` are one undo step. */
  readonly gesture?: string | null
  readonly reason?: string | null
}

/** Collects the changes of one command and writes each as it comes. */
export type Recorder = {
  readonly project: number
  change(change: Change): void
  /** A new case; returns its row. */
  addCase(content: Extract<Change, readonly ['case', ...unknown[]]>[3] & object): number
  addPrompt(content: Extract<Change, readonly ['prompt', ...unknown[]]>[3] & object): number
}

type CommandRow = {
  n: number
  at: number
  gesture: string | null
  label: string
  encoding: string
  body: Buffer | string
}

const gestureMs = 5_000
const deflatedFrom = 32_768
/** Of one project. Beyond that the oldest steps are forgotten; what they did stays. */
const keptCommands = 1_000
const keptBytes = 256 * 1024 * 1024

const areaOf = (change: Change): Area => {
  switch (change[0]) {
    case 'name':
      return 'project'
    case 'field':
      return change[1] === 'setup' ? 'setup' : change[1] === 'columns' ? 'columns' : 'project'
    case 'prompt':
      return 'prompts'
    case 'version':
      return 'versions'
    case 'annotation':
      return 'ratings'
    default:
      return 'cases'
  }
}
const touchedBy = (changes: readonly Change[]): readonly Area[] => [...new Set(changes.map(areaOf))]

const packed = (changes: readonly Change[]): readonly ['json' | 'deflate', Buffer] => {
  const text = Buffer.from(JSON.stringify(changes))
  return text.length < deflatedFrom ? ['json', text] : ['deflate', deflateRawSync(text, { level: 1 })]
}
const unpacked = ({ encoding, body }: Pick<CommandRow, 'encoding' | 'body'>): readonly Change[] => {
  const bytes = Buffer.from(body as Buffer)
  return JSON.parse((encoding === 'json' ? bytes : inflateRawSync(bytes)).toString()) as readonly Change[]
}

/** The commands of a project: run with their inverse, undone, redone. All inside the transaction of the group. */
export const commandLog = ({ db, now }: WriteContext) => {
  const applier = changeApplier(db)
  const last = db.prepare<[number], CommandRow>(
    'SELECT n, at, gesture, label, encoding, body FROM workspace_commands WHERE project = ? AND undone = 0 ORDER BY n DESC LIMIT 1',
  )
  const next = db.prepare<[number], CommandRow>(
    'SELECT n, at, gesture, label, encoding, body FROM workspace_commands WHERE project = ? AND undone = 1 ORDER BY n LIMIT 1',
  )
  const labelOf = {
    undo: db
      .prepare<[number], string>(
        'SELECT label FROM workspace_commands WHERE project = ? AND undone = 0 ORDER BY n DESC LIMIT 1',
      )
      .pluck(),
    redo: db
      .prepare<[number], string>(
        'SELECT label FROM workspace_commands WHERE project = ? AND undone = 1 ORDER BY n LIMIT 1',
      )
      .pluck(),
  }
  const highest = db.prepare<[number], number | null>('SELECT max(n) FROM workspace_commands WHERE project = ?').pluck()
  const cutRedo = db.prepare('DELETE FROM workspace_commands WHERE project = ? AND undone = 1')
  const insert = db.prepare(
    'INSERT INTO workspace_commands (project, n, at, undone, gesture, label, reason, touched, encoding, body) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?)',
  )
  const replace = db.prepare('UPDATE workspace_commands SET at = ?, encoding = ?, body = ? WHERE project = ? AND n = ?')
  const setUndone = db.prepare('UPDATE workspace_commands SET undone = ? WHERE project = ? AND n = ?')
  const forgetOld = db.prepare('DELETE FROM workspace_commands WHERE project = ? AND n <= ?')
  const sizes = db.prepare<[number], { n: number; bytes: number }>(
    'SELECT n, length(body) AS bytes FROM workspace_commands WHERE project = ? ORDER BY n DESC',
  )
  const touch = db.prepare('UPDATE workspaces SET updated_at = ?, revision = revision + ? WHERE project = ?')
  const exists = db.prepare('SELECT 1 FROM workspaces WHERE project = ?')
  const newPrompt = db.prepare(
    "INSERT INTO workspace_prompts (project, position, updated_at, name, draft) VALUES (?, ?, ?, '', '{}')",
  )

  const done = (project: number, touched: readonly Area[]): Done => ({
    undo: labelOf.undo.get(project) ?? null,
    redo: labelOf.redo.get(project) ?? null,
    touched,
  })
  const settle = (project: number, changes: readonly Change[]): Done => {
    const touched = touchedBy(changes)
    touch.run(now(), touched.includes('cases') || touched.includes('columns') ? 1 : 0, project)
    return done(project, touched)
  }
  const forget = (project: number, n: number) => {
    // Sizes are looked at now and then only: one step is at most some tens of megabytes.
    if (n % 16 !== 0) return
    let bytes = 0
    for (const [index, row] of sizes.all(project).entries()) {
      bytes += row.bytes
      if (index > 0 && (index >= keptCommands || bytes > keptBytes)) {
        forgetOld.run(project, row.n)
        return
      }
    }
  }
  const store = (project: number, head: CommandHead, changes: readonly Change[]) => {
    cutRedo.run(project)
    const gesture = head.gesture ?? null
    const before = gesture === null ? undefined : last.get(project)
    if (before !== undefined && before.gesture === gesture && now() - before.at <= gestureMs) {
      const [encoding, body] = packed(merged(unpacked(before), changes))
      replace.run(now(), encoding, body, project, before.n)
      return
    }
    const n = (highest.get(project) ?? 0) + 1
    const [encoding, body] = packed(changes)
    insert.run(
      project,
      n,
      now(),
      gesture,
      head.label,
      head.reason ?? null,
      JSON.stringify(touchedBy(changes)),
      encoding,
      body,
    )
    forget(project, n)
  }
  const requireProject = (project: number) => {
    if (exists.get(project) === undefined) throw new LabError('not-found', 'There is no such project.')
  }

  return {
    requireProject,
    done,

    /** Runs a command. Where it changed nothing, nothing is logged. */
    run: <T>(project: number, head: CommandHead, work: (recorder: Recorder) => T): T & { readonly done: Done } => {
      requireProject(project)
      const changes: Change[] = []
      const result = work({
        project,
        change: (change) => {
          applier.apply(project, change)
          changes.push(change)
        },
        addCase: (content) => {
          const id = applier.putCase(project, null, content)
          changes.push(['case', id, null, content])
          return id
        },
        addPrompt: (content) => {
          const id = Number(newPrompt.run(project, content.position, content.updatedAt).lastInsertRowid)
          const change: Change = ['prompt', id, null, content]
          applier.apply(project, change)
          changes.push(change)
          return id
        },
      })
      if (changes.length > 0) store(project, head, changes)
      return { ...result, done: changes.length === 0 ? done(project, []) : settle(project, changes) }
    },

    undo: (project: number): Done & { readonly label: string | null } => {
      requireProject(project)
      const command = last.get(project)
      if (command === undefined) return { ...done(project, []), label: null }
      const changes = unpacked(command)
      for (const change of inverseOf(changes)) applier.apply(project, change)
      setUndone.run(1, project, command.n)
      return { ...settle(project, changes), label: command.label }
    },

    redo: (project: number): Done & { readonly label: string | null } => {
      requireProject(project)
      const command = next.get(project)
      if (command === undefined) return { ...done(project, []), label: null }
      const changes = unpacked(command)
      for (const change of changes) applier.apply(project, change)
      setUndone.run(0, project, command.n)
      return { ...settle(project, changes), label: command.label }
    },
  }
}

export type CommandLog = ReturnType<typeof commandLog>
