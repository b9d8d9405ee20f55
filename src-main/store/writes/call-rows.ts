import { LabError } from '../../../src-core/domain/errors.ts'
import type { CallId } from '../../../src-core/domain/ids.ts'
import type { Call } from '../../../src-core/ports/store.ts'
import { cellNumber } from '../keys.ts'
import type { WriteContext } from './context.ts'

/**
 * A call that this store has begun. `offset` is added to attempt numbers: a resumed run counts from 1 again, and the
 * attempts of the dead one must stay in the ledger. Null until the first attempt shows which it is.
 */
type LiveCall = { readonly row: number; offset: number | null }

/** A moment within a group of writes. */
export type CallMark = { readonly added: number; readonly ended: number }

/**
 * From call ids to rows. Ids stand in memory while their call is open, so that the file needs no index over random texts
 * (each insert would touch a page of its own); only after a restart a call is searched by reading.
 */
export const callRows = ({ db, directory, now }: WriteContext) => {
  const live = new Map<CallId, LiveCall>()
  const added: CallId[] = []
  const ended: CallId[] = []

  const insert = db.prepare(
    `INSERT INTO calls (experiment, kind, state, cell, model, parent, created_at, purpose, uid, messages)
     VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const byCell = db.prepare<[number, number], { id: number }>(
    'SELECT id FROM calls WHERE experiment = ? AND cell = ? AND purpose IS NULL',
  )
  const byTask = db.prepare<{ id: string; experiment: string; n: number }, { id: number }>(
    `SELECT c.id FROM calls c JOIN experiments x ON x.id = c.experiment
     WHERE x.uid = @experiment AND c.cell = @n AND c.purpose IS NULL AND coalesce(c.uid, @id) = @id`,
  )
  const byPurpose = db.prepare<[number, string], { id: number }>(
    'SELECT id FROM calls WHERE experiment = ? AND purpose = ?',
  )
  const byId = db.prepare<[string, string], { id: number }>(
    'SELECT id FROM calls WHERE uid = ? OR (uid IS NULL AND purpose = ?) LIMIT 1',
  )
  const lastAttempt = db.prepare<[number], { n: number | null }>('SELECT max(n) AS n FROM attempts WHERE call = ?')

  const remember = (id: CallId, call: LiveCall): LiveCall => {
    live.set(id, call)
    added.push(id)
    return call
  }

  /** An id that equals its purpose 'task:<experiment>:<n>' is stored as neither. */
  const ofTaskPurpose = (id: CallId): number | undefined =>
    byTask.get({ id, experiment: /^task:(.+):\d+$/s.exec(id)?.[1] ?? '', n: Number(/\d+$/.exec(id)?.[0] ?? -1) })?.id

  const find = (id: CallId): LiveCall => {
    const known = live.get(id)
    if (known !== undefined) return known
    const row = ofTaskPurpose(id) ?? byId.get(id, id)?.id
    if (row === undefined) throw new LabError('internal', `The call "${id}" was never written to the ledger.`)
    return remember(id, { row, offset: 0 })
  }

  return {
    find,

    /** Writes a call unless its purpose is there already; the id given now means that one row. */
    begin: (call: Call): number => {
      const experiment = directory.experiment(call.experiment)
      const cell = call.cell === null ? null : cellNumber(call.experiment, call.cell)
      const purpose =
        cell !== null && call.kind === 'task' && call.purpose === `task:${call.cell}` ? null : call.purpose
      const parent = call.kind === 'task' || cell === null ? null : (byCell.get(experiment, cell)?.id ?? null)
      const { changes, lastInsertRowid } = insert.run(
        experiment,
        call.kind,
        cell,
        directory.model(experiment, call.model),
        parent,
        now(),
        purpose,
        call.id === call.purpose ? null : call.id,
        call.messages === null ? null : JSON.stringify(call.messages),
      )
      if (changes === 1) return remember(call.id, { row: Number(lastInsertRowid), offset: 0 }).row
      const known = live.get(call.id)
      if (known !== undefined) return known.row
      const row =
        purpose === null && cell !== null
          ? byCell.get(experiment, cell)?.id
          : byPurpose.get(experiment, call.purpose)?.id
      if (row === undefined)
        throw new LabError('internal', `The call "${call.purpose}" can be neither written nor found.`)
      return remember(call.id, { row, offset: null }).row
    },

    /** The number under which attempt `n` of a call stands in the ledger. */
    attemptNumber: (call: LiveCall, n: number): number => {
      if (call.offset === null) {
        const last = lastAttempt.get(call.row)?.n ?? 0
        call.offset = n <= last ? last : 0
      }
      return n + call.offset
    },

    end: (id: CallId): void => {
      ended.push(id)
    },

    committed: (): void => {
      for (const id of ended) live.delete(id)
      added.length = 0
      ended.length = 0
    },

    mark: (): CallMark => ({ added: added.length, ended: ended.length }),

    /** Forgets what was remembered since the mark: the rows are gone. */
    rolledBack: (mark: CallMark): void => {
      for (const id of added.splice(mark.added)) live.delete(id)
      ended.length = mark.ended
    },
  }
}

export type CallRows = ReturnType<typeof callRows>
