import { parentPort, workerData } from 'node:worker_threads'
import type { RegexVerdict } from '../../src-core/evaluators/evaluator.ts'
import type { RegexAnswers, RegexBatch, RegexWorkerData } from './regex-protocol.ts'

/** Thread entry: matches untrusted patterns against untrusted text until the host stops it. */
const port = parentPort
if (port === null) throw new Error('the regex worker is a thread of the lab')

const { progress } = workerData as RegexWorkerData

const largestCache = 256
const compiled = new Map<string, RegExp>()

const compile = (pattern: string, flags: string): RegExp => {
  const key = `${flags}/${pattern}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  const made = new RegExp(pattern, flags)
  if (compiled.size >= largestCache) compiled.clear()
  compiled.set(key, made)
  return made
}

const match = (pattern: string, flags: string, text: string): RegexVerdict => {
  try {
    const regex = compile(pattern, flags)
    // With g or y an expression remembers where it stopped; every match here is the first one.
    regex.lastIndex = 0
    const found = regex.exec(text)
    return found === null
      ? { kind: 'no-match' }
      : { kind: 'match', text: found[0], groups: found.slice(1).map((group) => group ?? null) }
  } catch (error) {
    return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) }
  }
}

/** Answers leave this often at the latest, so that little is matched again when the host has to stop the thread. */
const flushMs = 20

port.on('message', ({ requests }: RegexBatch) => {
  let answers: [number, RegexVerdict][] = []
  let flushed = performance.now()
  const flush = (): void => {
    port.postMessage({ answers } satisfies RegexAnswers)
    answers = []
    flushed = performance.now()
  }
  for (const { id, pattern, flags, text } of requests) {
    Atomics.store(progress, 0, id)
    answers.push([id, match(pattern, flags, text)])
    if (performance.now() - flushed > flushMs) flush()
  }
  Atomics.store(progress, 0, 0)
  if (answers.length > 0) flush()
})
