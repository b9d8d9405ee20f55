import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import type { CellScore } from '../../src-core/evaluators/evaluator.ts'

it('evaluates inside a thread with its real services, and lets the thread end', async () => {
  const worker = new Worker(new URL('./test/services-thread.ts', import.meta.url))
  const exit = once(worker, 'exit')
  const [cell] = (await once(worker, 'message')) as [CellScore]
  expect(cell.scores.map(({ evaluator, score, failed, reason }) => ({ evaluator, score, failed, reason }))).toEqual([
    { evaluator: 'regex', score: 1, failed: false, reason: 'group 1 caught "42"' },
    { evaluator: 'slow', score: 0, failed: true, reason: 'the pattern took too long on this text (timed-out)' },
    { evaluator: 'javascript', score: 0, failed: true, reason: 'returned 5.2, not a score in [0, 1]' },
    { evaluator: 'json-schema', score: 1, failed: false, reason: 'matches the schema' },
    { evaluator: 'rubric', score: 0, failed: true, reason: 'the judge gave no answer: no model here' },
  ])
  expect(await exit).toEqual([0])
})
