import { Worker } from 'node:worker_threads'
import { fromErrorData, LabError } from '../../src-core/domain/errors.ts'
import { type EntryName, entryUrl } from '../entries.ts'
import type { FromThread, ReadName, Request, ThreadData, ToThread, WriteName } from './protocol.ts'

type Pending = { readonly resolve: (value: unknown) => void; readonly reject: (error: LabError) => void }

export type Channel = {
  /** Warnings of the opening, once the thread can be asked. Rejects with LabError where the database is refused. */
  readonly ready: Promise<readonly string[]>
  call(name: WriteName | ReadName | 'workspace', args: readonly unknown[]): Promise<unknown>
  /** After all that was asked before. Idempotent. */
  close(): Promise<void>
}

const closedSentence = 'The database was closed before this could be done.'

/**
 * One thread of the store, asked in batches: all requests of one turn of the event loop are one message, and so are the
 * replies of one group. The thread keeps the process alive only while something is asked of it, so that a program that
 * forgets to close still ends.
 */
export const openChannel = (entry: EntryName, data: ThreadData, nowMs: () => number): Channel => {
  // A write makes short-lived objects only; the default of 3 x 16 MB of young space would stay resident.
  const worker = new Worker(entryUrl(entry), { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: 8 } })
  const pending = new Map<number, Pending>()
  let outbox: Request[] = []
  let lastId = 0
  let gone: LabError | null = null
  let closing: Promise<void> | null = null
  const opened = Promise.withResolvers<readonly string[]>()
  const closed = Promise.withResolvers<void>()
  // Whoever never asks `ready` or `close` hears of it from the next call.
  opened.promise.catch(() => undefined)
  closed.promise.catch(() => undefined)

  const settle = (id: number, settled: (waiting: Pending) => void) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (waiting !== undefined) settled(waiting)
    if (pending.size === 0 && closing === null) worker.unref()
  }
  const lose = (error: LabError) => {
    gone ??= error
    opened.reject(gone)
    for (const waiting of pending.values()) waiting.reject(gone)
    pending.clear()
    closed.resolve()
  }

  worker.on('message', (message: FromThread) => {
    if (message.kind === 'ready') {
      opened.resolve(message.warnings)
      if (pending.size === 0 && closing === null) worker.unref()
    } else if (message.kind === 'refused') {
      lose(fromErrorData(message.error))
    } else if (message.kind === 'closed') {
      if (message.error === null) closed.resolve()
      else closed.reject(fromErrorData(message.error))
    } else {
      for (const id of message.done) settle(id, ({ resolve }) => resolve(undefined))
      for (const reply of message.replies) {
        settle(reply.id, ({ resolve, reject }) =>
          'error' in reply ? reject(fromErrorData(reply.error)) : resolve(reply.value),
        )
      }
    }
  })
  worker.on('error', (cause) =>
    lose(
      new LabError(
        'internal',
        `A thread of the database ended: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      ),
    ),
  )
  worker.on('exit', () => lose(new LabError('store', closedSentence)))

  const send = (message: ToThread) => worker.postMessage(message)
  const flush = () => {
    const requests = outbox
    outbox = []
    if (requests.length > 0 && gone === null) send({ kind: 'requests', nowMs: nowMs(), requests })
  }

  return {
    ready: opened.promise,
    call: (name, args) => {
      if (gone !== null) return Promise.reject(gone)
      if (closing !== null) return Promise.reject(new LabError('store', closedSentence))
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const id = ++lastId
      if (pending.size === 0) worker.ref()
      pending.set(id, { resolve, reject })
      if (outbox.push({ id, name, args }) === 1) setImmediate(flush)
      return promise
    },
    close: () => {
      closing ??= (async () => {
        worker.ref()
        flush()
        if (gone === null) send({ kind: 'close' })
        try {
          await closed.promise
        } finally {
          await worker.terminate()
        }
      })()
      return closing
    },
  }
}
