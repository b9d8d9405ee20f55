import type { Db } from '../database.ts'
import { groupCommit } from '../group-commit.ts'
import { migrations } from '../migrations/all.ts'
import { openDatabase } from '../open-database.ts'
import type { Handlers, ReadName, Reply, Request, WriteName } from '../protocol.ts'
import { readHandlers } from '../reads/all.ts'
import { writeHandlers } from '../writes/all.ts'

export const dataOf = (path: string, maxPages: number | null = null) => ({
  path,
  labVersion: '0.1.0',
  nowMs: 0,
  maxPages,
})

export type Direct = {
  readonly db: Db
  request(name: WriteName | ReadName, args: readonly unknown[]): Request
  /** One group; its replies in order. */
  group(requests: readonly Request[]): readonly Reply[]
  write<K extends WriteName>(name: K, ...args: Parameters<Handlers<WriteName>[K]>): unknown
  read<K extends ReadName>(name: K, ...args: Parameters<Handlers<ReadName>[K]>): ReturnType<Handlers<ReadName>[K]>
  [Symbol.dispose](): void
}

/** The threads' insides on one connection, for tests that need thousands of steps or a look at the file. */
export const openDirect = (path: string, maxPages: number | null = null): Direct => {
  const { db } = openDatabase(dataOf(path, maxPages), migrations)
  const writes = writeHandlers(db, () => 0)
  const commit = groupCommit(db, {
    run: writes.run,
    onCommit: writes.committed,
    mark: writes.mark,
    onRollback: writes.rolledBack,
  })
  const reads = readHandlers(db, () => 0)
  let id = 0
  const request = (name: WriteName | ReadName, args: readonly unknown[]) => ({ id: ++id, name, args })
  return {
    db,
    request,
    group: commit,
    write: <K extends WriteName>(name: K, ...args: Parameters<Handlers<WriteName>[K]>): unknown => {
      const [reply] = commit([request(name, args)])
      if (reply === undefined || 'error' in reply) throw new Error(reply?.error.message)
      return reply.value
    },
    read: <K extends ReadName>(name: K, ...args: Parameters<Handlers<ReadName>[K]>) =>
      reads.run(request(name, args)) as ReturnType<Handlers<ReadName>[K]>,
    [Symbol.dispose]: () => {
      db.close()
    },
  }
}
