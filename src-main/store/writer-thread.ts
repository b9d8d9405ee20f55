import { parentPort, workerData } from 'node:worker_threads'
import { toErrorData } from '../../src-core/domain/errors.ts'
import type { Db } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { migrations } from './migrations/all.ts'
import { openDatabase } from './open-database.ts'
import { type FromThread, type Request, repliesOf, type ThreadData, type ToThread } from './protocol.ts'
import { toLabError } from './sqlite-errors.ts'
import { writeHandlers } from './writes/all.ts'

const port = parentPort
if (port === null) throw new Error('writer-thread.ts is the entry of a worker thread')
const data = workerData as ThreadData
const say = (message: FromThread) => port.postMessage(message)

/** Pages of the log go into the file when no write came for so long: the next run starts with a short log. */
const idleMs = 500

const serve = (db: Db) => {
  let nowMs = data.nowMs
  let waiting: Request[] = []
  let scheduled = false
  let idle: NodeJS.Timeout | null = null
  const writes = writeHandlers(db, () => nowMs)
  const commit = groupCommit(db, {
    run: writes.run,
    onCommit: writes.committed,
    mark: writes.mark,
    onRollback: writes.rolledBack,
  })

  const checkpoint = () => {
    // A checkpoint that finds no space fails alone: the pages stay in the log, and the next write meets the same disk.
    try {
      db.pragma('wal_checkpoint(PASSIVE)')
    } catch (error) {
      process.emitWarning(toLabError(error, db.name).message)
    }
  }
  const drain = () => {
    scheduled = false
    const group = waiting
    waiting = []
    if (group.length > 0) say(repliesOf(commit(group)))
    if (idle === null) idle = setTimeout(checkpoint, idleMs)
    else idle.refresh()
  }
  const close = () => {
    drain()
    if (idle !== null) clearTimeout(idle)
    // Not TRUNCATE, which waits for readers of other processes; the last to close removes the log anyway.
    checkpoint()
    let error: unknown = null
    try {
      db.close()
    } catch (thrown) {
      error = thrown
    }
    say({ kind: 'closed', error: error === null ? null : toErrorData(toLabError(error, db.name)) })
    port.close()
  }

  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') return close()
    nowMs = message.nowMs
    waiting.push(...message.requests)
    if (scheduled) return
    scheduled = true
    // After all messages that are waiting in the port have been taken.
    setImmediate(drain)
  })
}

try {
  const { db, warnings } = openDatabase(data, migrations)
  serve(db)
  say({ kind: 'ready', warnings })
} catch (error) {
  say({ kind: 'refused', error: toErrorData(toLabError(error, data.path)) })
}
