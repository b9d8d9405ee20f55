import { LabError, toErrorData } from '../../src-core/domain/errors.ts'
import { type Db, patiently } from './database.ts'
import type { Reply, Request } from './protocol.ts'
import { isSystemic, toLabError } from './sqlite-errors.ts'

export type GroupOptions<Mark> = {
  readonly run: (request: Request) => unknown
  readonly onCommit: () => void
  /** A moment in the group, to come back to. */
  readonly mark: () => Mark
  /** Rows written since the mark are gone. */
  readonly onRollback: (mark: Mark) => void
}

/**
 * Commits waiting writes together: one flush of the disk for all. Each stands or falls alone, as if it had a savepoint of
 * its own. Savepoints are set only when a write of the group failed and the group is run again, because each of them costs a
 * copy of every page it touches, and hardly any write fails.
 * A failure of the disk itself fails the whole group: nothing of it is in the file, and every reply says so.
 */
export const groupCommit = <Mark>(db: Db, options: GroupOptions<Mark>) => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT write')
  const release = db.prepare('RELEASE write')
  const back = db.prepare('ROLLBACK TO write')
  const schema = db.prepare<[], number>('PRAGMA user_version').pluck()
  const opened = schema.get()

  /** A newer program may have migrated the file since it was opened; old writes could break what it relies on. */
  const refuseMigrated = () => {
    const found = schema.get()
    if (found === opened) return
    throw new LabError(
      'store-newer',
      `Another version of Prompt Lab has brought the database ${db.name} from schema ${opened} to ${found} while this one had it open. Start that version instead.`,
    )
  }

  const failure = (request: Request, error: unknown): Reply => ({
    id: request.id,
    error: toErrorData(toLabError(error, db.name)),
  })

  const inTransaction = (work: () => Reply[]): Reply[] => {
    patiently(() => begin.run())
    const start = options.mark()
    try {
      refuseMigrated()
      const replies = work()
      commit.run()
      options.onCommit()
      return replies
    } catch (error) {
      // SQLite itself rolls back on a full disk and on some read failures.
      if (db.inTransaction) rollback.run()
      options.onRollback(start)
      throw error
    }
  }

  const runAll = (requests: readonly Request[]): Reply[] =>
    requests.map((request) => ({ id: request.id, value: options.run(request) }))

  const runEach = (requests: readonly Request[]): Reply[] =>
    requests.map((request) => {
      savepoint.run()
      const start = options.mark()
      try {
        const value = options.run(request)
        release.run()
        return { id: request.id, value }
      } catch (error) {
        if (isSystemic(error) || !db.inTransaction) throw error
        back.run()
        release.run()
        options.onRollback(start)
        return failure(request, error)
      }
    })

  /** Replies of the group, in order; by the time it returns they are on the disk. Never throws for a failed write. */
  return (requests: readonly Request[]): readonly Reply[] => {
    try {
      return inTransaction(() => runAll(requests))
    } catch (error) {
      if (isSystemic(error) || requests.length === 1) return requests.map((request) => failure(request, error))
    }
    try {
      return inTransaction(() => runEach(requests))
    } catch (error) {
      return requests.map((request) => failure(request, error))
    }
  }
}
