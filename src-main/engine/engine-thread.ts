import { Worker } from 'node:worker_threads'
import { entryUrl } from '../entries.ts'

/** A run makes short-lived objects only; the default of 3 x 16 MB of young space would stay resident. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

let warm: Worker | null = null

const start = (): Worker => new Worker(entryUrl('engine-worker'), { resourceLimits })

/**
 * Starts the thread of the next run now: it loads its code while the caller reads files and writes the experiment. Does
 * nothing where one waits already. A thread that waits does not keep the process alive.
 */
export const warmEngine = (): void => {
  if (warm !== null) return
  const worker = start()
  worker.unref()
  warm = worker
  // A thread that died while it waited is no thread; the run starts its own and hears of the trouble there.
  const gone = (): void => {
    if (warm === worker) warm = null
  }
  worker.once('error', gone)
  worker.once('exit', gone)
}

/** The warm thread, or a new one. It waits for its start as the first message. */
export const takeEngineThread = (): Worker => {
  const worker = warm ?? start()
  warm = null
  worker.removeAllListeners('error')
  worker.removeAllListeners('exit')
  worker.ref()
  return worker
}
