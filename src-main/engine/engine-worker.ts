import { parentPort, workerData } from 'node:worker_threads'
import { createCellRunner } from './cell-runner.ts'
import { outboxToHost, type ToWorker, type WorkerStart } from './channel.ts'

/** Entry of the engine's thread: everything of a run that is computation, nothing that is an effect. */
const port = parentPort
if (port === null) throw new Error('the engine runs in a worker thread')

const outbox = outboxToHost(port)
const runner = createCellRunner(workerData as WorkerStart, {
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
