import { expect, test } from 'vitest'
import { createBatcher } from './batcher.ts'
import type { GenerationRequest } from './protocol.ts'
import { scriptedDecoder } from './test/scripted-decoder.ts'

const request = (rest: Partial<GenerationRequest> = {}): GenerationRequest => ({
  messages: [],
  affinity: null,
  temperature: 0,
  topP: null,
  seed: 0,
  maxTokens: 8,
  stop: [],
  grammar: null,
  deterministic: false,
  exclusive: false,
  ...rest,
})

/** Tokens are numbers, and the text of a token is its number and a blank. */
const vocabulary = {
  text: (tokens: readonly number[]) => tokens.map((token) => `${token} `).join(''),
  count: (text: string) => text.split(' ').length - 1,
}

const setUp = (options: Partial<Parameters<typeof scriptedDecoder>[0]> & { largest?: number } = {}) => {
  const rooms: number[] = []
  const made = scriptedDecoder({ sequences: 4, room: 1000, answer: (prompt) => [prompt.at(-1) ?? 0, 7, 7], ...options })
  const batcher = createBatcher({
    vocabulary,
    now: () => performance.now(),
    contexts: {
      largestRoom: () => options.largest ?? 1000,
      withRoom: async (room) => {
        rooms.push(room)
        return made.decoder
      },
    },
  })
  const calls: string[] = []
  const ask = (prompt: readonly number[], rest: Partial<GenerationRequest> = {}, signal = { aborted: false }) =>
    batcher.generate(prompt, request(rest), { signal, onFirstToken: () => calls.push('first') })
  return { ...made, ask, rooms, calls }
}

const beginning = (seed: number, length = 100) => Array.from({ length }, (_, i) => seed * 1000 + i)

test('answers, counts tokens and tells of the first', async () => {
  const { ask, calls } = setUp()
  const result = await ask([1, 2, 3])
  expect(result).toMatchObject({
    output: '3 7 7 ',
    finishReason: 'stop',
    inputTokens: 3,
    cachedInputTokens: 0,
    outputTokens: 3,
    batched: false,
  })
  expect(result.firstTokenMs).toBeLessThanOrEqual(result.latencyMs)
  expect(calls).toEqual(['first'])
})

test('each variant keeps its beginning while cases are interleaved', async () => {
  const { ask, log } = setUp()
  let sent = 0
  for (let i = 0; i < 50; i++) {
    for (const variant of i % 2 === 0 ? [1, 2] : [2, 1]) {
      const prompt = [...beginning(variant), 50_000 + i, 60_000, 60_001]
      sent += prompt.length
      const result = await ask(prompt, { affinity: String(variant) })
      expect(result.output).toBe('60001 7 7 ')
      if (i > 0) expect(result.cachedInputTokens).toBe(100)
    }
  }
  expect(log.evaluated / sent).toBeLessThan(0.06)
})

test('reuse starts at a multiple of four and never takes tokens of an answer', async () => {
  const { ask } = setUp({ sequences: 1, answer: () => [8, 8, 8, 8, 8, 8, 8, 8] })
  await ask(beginning(1, 10), { affinity: 'a' })
  const result = await ask([...beginning(1, 10), 8, 8, 8, 8, 8, 8, 5], { affinity: 'a' })
  expect(result.cachedInputTokens).toBe(8)
})

test('the same prompt again still evaluates its end', async () => {
  const { ask } = setUp()
  await ask(beginning(1), { affinity: 'a' })
  expect((await ask(beginning(1), { affinity: 'a' })).cachedInputTokens).toBe(96)
})

test('answers are decoded in one batch, in the order of the sequences and without gaps', async () => {
  const { ask, log } = setUp()
  const results = await Promise.all([1, 2, 3, 4].map((each) => ask([each, each], { affinity: String(each) })))
  expect(results.map((result) => result.output)).toEqual(['1 7 7 ', '2 7 7 ', '3 7 7 ', '4 7 7 '])
  expect(results.every((result) => result.batched)).toBe(true)
  expect(log.batches.slice(0, 4).map((batch) => batch.length)).toEqual([1, 1, 1, 1])
  expect(log.batches.slice(4)).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [0, 1, 2, 3],
  ])
})

test('a gap splits a batch, and a group that is too small is decoded one by one', async () => {
  const { ask, log } = setUp({ answer: (prompt) => Array.from({ length: prompt.at(-1) ?? 0 }, () => 7) })
  // The sequences 0, 2 and 3 go on after 1 has ended.
  await Promise.all([8, 1, 8, 8].map((length, i) => ask([length], { affinity: String(i) })))
  expect(log.batches.slice(5, 7)).toEqual([[0], [2, 3]])
})

test('where a shared pass does not pay, answers are decoded one by one', async () => {
  const { ask, log } = setUp({ batchFrom: null })
  await Promise.all([1, 2, 3].map((each) => ask([each])))
  expect(log.batches.every((batch) => batch.length === 1)).toBe(true)
})

test('more requests than sequences wait, and their waiting is not latency', async () => {
  const { ask } = setUp({ sequences: 1 })
  const results = await Promise.all([1, 2, 3].map((each) => ask([each])))
  expect(results.map((result) => result.batched)).toEqual([false, false, false])
})

test('an exclusive request runs alone', async () => {
  const { ask, log } = setUp()
  const results = await Promise.all([ask([1]), ask([2], { exclusive: true }), ask([3])])
  expect(results[1]?.batched).toBe(false)
  expect(log.batches.every((batch) => batch.length === 1)).toBe(true)
})

test('deterministic requests use the first sequence, reuse nothing and share no pass', async () => {
  const { ask, log } = setUp()
  const results = await Promise.all([1, 2, 3].map(() => ask(beginning(1), { affinity: 'a', deterministic: true })))
  expect(results.map((result) => result.cachedInputTokens)).toEqual([0, 0, 0])
  expect(log.keeps).toEqual([0, 0, 0].map((length) => ({ sequence: 0, length })))
  expect(log.batches.every((batch) => batch.length === 1)).toBe(true)
})

test('a cancelled request frees its sequence, running or waiting', async () => {
  const { ask } = setUp({ sequences: 1, answer: () => Array.from({ length: 500 }, () => 7) })
  const [running, waiting] = [{ aborted: false }, { aborted: false }]
  const first = ask([1], { maxTokens: 500 }, running)
  const second = ask([2], {}, waiting)
  waiting.aborted = true
  running.aborted = true
  expect(await Promise.allSettled([first, second])).toMatchObject([
    { reason: { code: 'cancelled' } },
    { reason: { code: 'cancelled' } },
  ])
  expect((await ask([3], { maxTokens: 2 })).outputTokens).toBe(2)
})

test('a prompt that cannot fit is context-length; an answer is cut at the end of the context', async () => {
  const { ask } = setUp({ room: 20, largest: 20, answer: () => Array.from({ length: 99 }, () => 7) })
  await expect(ask(beginning(1, 21))).rejects.toMatchObject({ code: 'context-length' })
  const result = await ask(beginning(1, 18), { maxTokens: null })
  // The last token of an answer needs no place in the cache.
  expect(result).toMatchObject({ finishReason: 'length', outputTokens: 3 })
})

test('asks for a larger context only when a prompt needs it', async () => {
  const { ask, rooms } = setUp({ room: 1000, largest: 1000 })
  await ask(beginning(1, 10), { maxTokens: 5 })
  await ask(beginning(1, 400), { maxTokens: 5 })
  expect(rooms).toEqual([15])
})

test('a long prompt lets others answer between its parts', async () => {
  const { ask, log } = setUp({ answer: () => [7, 7, 7, 7, 7, 7] })
  const short = ask([1])
  const long = ask(beginning(2, 900), { maxTokens: 1 })
  await Promise.all([short, long])
  expect(log.batches.slice(0, 6)).toEqual([[0], [1], [0], [1], [0], [1]])
})

test('maxTokens, stop texts and labels end an answer', async () => {
  const { ask } = setUp({ answer: () => [1, 2, 3, 4, 5] })
  expect(await ask([9], { maxTokens: 2 })).toMatchObject({ output: '1 2 ', finishReason: 'length', outputTokens: 2 })
  expect(await ask([9], { stop: ['3'] })).toMatchObject({ output: '1 2 ', finishReason: 'stop', outputTokens: 3 })
  const labels = { kind: 'labels', labels: ['1 2 3 4 ', '1 5 '] } as const
  expect(await ask([9], { grammar: labels })).toMatchObject({
    output: '1 2 3 4 ',
    finishReason: 'stop',
    outputTokens: 4,
  })
})
