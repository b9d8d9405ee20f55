import { Worker } from 'node:worker_threads'
import type { RegexVerdict } from '../../src-core/evaluators/evaluator.ts'
import { entryUrl } from '../entries.ts'
import type { RegexAnswers, RegexBatch, RegexRequest, RegexWorkerData } from './regex-protocol.ts'

export type RegexMatcher = {
  match(pattern: string, flags: string, text: string): Promise<RegexVerdict>
  dispose(): Promise<void>
}

type Waiting = RegexRequest & {
  readonly resolve: (verdict: RegexVerdict) => void
  readonly reject: (error: Error) => void
}

const largestBatch = 64
const largestId = 2 ** 31 - 1

/**
 * Matches in a thread that is stopped when one match takes longer than `deadlineMs` (backtracking cannot be interrupted
 * otherwise): that match is 'timed-out', the others start again in a new thread. The thread starts with the first match
 * and does not keep the process alive while nothing is asked.
 */
export const createRegexMatcher = ({ deadlineMs = 250 }: { readonly deadlineMs?: number } = {}): RegexMatcher => {
  const waiting = new Map<number, Waiting>()
  let unsent: Waiting[] = []
  let thread: Thread | null = null
  let nextId = 0
  let scheduled = false
  let disposed = false

  const settle = (id: number, verdict: RegexVerdict): void => {
    waiting.get(id)?.resolve(verdict)
    waiting.delete(id)
  }

  const send = (): void => {
    scheduled = false
    if (disposed || unsent.length === 0 || thread?.busy()) return
    thread ??= startThread()
    const batch = unsent.slice(0, largestBatch)
    unsent = unsent.slice(largestBatch)
    thread.run(batch)
  }

  const startThread = (): Thread =>
    openThread({
      deadlineMs,
      onAnswers: (answers) => {
        for (const [id, verdict] of answers) settle(id, verdict)
        send()
      },
      onEnd: (running, reason) => {
        thread = null
        const current = waiting.get(running)
        if (current !== undefined) {
          settle(running, reason === 'timed-out' ? { kind: 'timed-out' } : { kind: 'invalid', message: reason.message })
        } else if (reason !== 'timed-out') {
          // It ended before it matched anything: it would end again.
          for (const one of waiting.values()) one.reject(reason)
          waiting.clear()
        }
        unsent = [...waiting.values()]
        send()
      },
    })

  return {
    match: (pattern, flags, text) => {
      if (disposed) return Promise.reject(new Error('the regex matcher is disposed'))
      return new Promise((resolve, reject) => {
        nextId = nextId === largestId ? 1 : nextId + 1
        const request = { id: nextId, pattern, flags, text, resolve, reject }
        waiting.set(request.id, request)
        unsent.push(request)
        if (scheduled) return
        scheduled = true
        // One message for all matches asked for in this turn.
        setImmediate(send)
      })
    },
    dispose: async () => {
      disposed = true
      for (const one of waiting.values()) one.reject(new Error('the regex matcher is disposed'))
      waiting.clear()
      await thread?.end()
    },
  }
}

type Thread = {
  readonly busy: () => boolean
  readonly run: (batch: readonly RegexRequest[]) => void
  readonly end: () => Promise<void>
}

type ThreadOptions = {
  readonly deadlineMs: number
  readonly onAnswers: (answers: RegexAnswers['answers']) => void
  /** `running` is the id it was at, 0 for none. Called once, and not after `end`. */
  readonly onEnd: (running: number, reason: 'timed-out' | Error) => void
}

const openThread = ({ deadlineMs, onAnswers, onEnd }: ThreadOptions): Thread => {
  const progress = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(entryUrl('regex-worker'), {
    workerData: { progress } satisfies RegexWorkerData,
    resourceLimits: { maxOldGenerationSizeMb: 128 },
    env: {},
  })
  worker.unref()
  let outstanding = 0
  let ended = false
  let watch: ReturnType<typeof setInterval> | null = null

  const stopWatching = (): void => {
    if (watch !== null) clearInterval(watch)
    watch = null
  }

  const finish = (reason: 'timed-out' | Error, running: number): void => {
    if (ended) return
    ended = true
    stopWatching()
    onEnd(running, reason)
  }

  const startWatching = (): void => {
    let [seen, since] = [0, performance.now()]
    watch = setInterval(() => {
      const running = Atomics.load(progress, 0)
      if (running !== seen) [seen, since] = [running, performance.now()]
      // While the thread starts, or between batches, nothing runs and nothing is late.
      else if (running !== 0 && performance.now() - since >= deadlineMs) {
        finish('timed-out', running)
        void worker.terminate()
      }
    }, deadlineMs / 10)
  }

  worker.on('message', ({ answers }: RegexAnswers) => {
    if (ended) return
    outstanding -= answers.length
    if (outstanding === 0) {
      stopWatching()
      worker.unref()
    }
    onAnswers(answers)
  })
  worker.on('error', (error) =>
    finish(error instanceof Error ? error : new Error(String(error)), Atomics.load(progress, 0)),
  )
  worker.on('exit', (code) => finish(new Error(`the regex thread ended with code ${code}`), Atomics.load(progress, 0)))

  return {
    busy: () => outstanding > 0,
    run: (batch) => {
      outstanding = batch.length
      worker.ref()
      startWatching()
      worker.postMessage({
        requests: batch.map(({ id, pattern, flags, text }) => ({ id, pattern, flags, text })),
      } satisfies RegexBatch)
    },
    end: async () => {
      ended = true
      stopWatching()
      await worker.terminate()
    },
  }
}
