import { parentPort } from 'node:worker_threads'
import { createCellRunner } from './cell-runner.ts'
import { outboxToHost, type ToWorker, type WorkerStart } from './channel.ts'

/** Entry of the engine's thread: everything of a run that is computation, nothing that is an effect. */
const port = parentPort
if (port === null) throw new Error('the engine runs in a worker thread')

/** The thread may be started ahead of its run, so that loading code and making the run ready go on at the same time. */
port.once('message', (start: WorkerStart) => {
  const outbox = outboxToHost(port)
  const runner = createCellRunner(start, {
    call: (group) => outbox.add((message) => message.calls.push(group)),
    scored: (cell) => outbox.add((message) => message.scored.push(cell)),
    ask: (ask) => outbox.add((message) => message.asks.push(ask)),
    done: () =>
      outbox.add((message) => {
        message.done = true
      }),
  })
  port.on('message', (message: ToWorker) => runner.receive(message))
  runner.begin()
})
