import { parentPort, workerData } from 'node:worker_threads'
import { toErrorData } from '../../src-core/domain/errors.ts'
import { type Db, openForReading } from './database.ts'
import { type FromThread, type Reply, type Request, repliesOf, type ThreadData, type ToThread } from './protocol.ts'
import { readHandlers } from './reads/all.ts'
import { toLabError } from './sqlite-errors.ts'

const port = parentPort
if (port === null) throw new Error('reader-thread.ts is the entry of a worker thread')
const data = workerData as ThreadData
const say = (message: FromThread) => port.postMessage(message)

let nowMs = data.nowMs
let opened: { readonly db: Db; readonly run: (request: Request) => unknown } | null = null
/** Opened at the first question: when the thread starts, the writer may not have made the schema yet. */
const reader = () => {
  if (opened === null) {
    const db = openForReading(data.path)
    opened = { db, run: readHandlers(db, () => nowMs).run }
  }
  return opened
}

const answer = async (request: Request): Promise<Reply> => {
  try {
    return { id: request.id, value: await reader().run(request) }
  } catch (error) {
    return { id: request.id, error: toErrorData(toLabError(error, data.path)) }
  }
}

/** In order, one at a time: the connection is one, and a long read would make short ones wait in any case. */
let queue: Promise<void> = Promise.resolve()

port.on('message', (message: ToThread) => {
  queue = queue.then(async () => {
    if (message.kind === 'close') {
      opened?.db.close()
      say({ kind: 'closed', error: null })
      port.close()
      return
    }
    nowMs = message.nowMs
    const replies: Reply[] = []
    for (const request of message.requests) replies.push(await answer(request))
    say(repliesOf(replies))
  })
})
say({ kind: 'ready', warnings: [] })
