import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { defaultTimeouts, type ModelReference } from '../../src-core/domain/model.ts'
import type { IsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { forkIsolatedProcess } from '../isolated-process/fork.ts'
import { modelsFolder } from '../models/folder.ts'
import { probeModel } from '../models/probe.ts'
import { liveChecks } from '../providers/live.contract.ts'
import { createLlamaProvider } from './llama-provider.ts'
import { realModel } from './test/real-model.ts'

const id = await realModel()
const processes: IsolatedProcess[] = []
const provider = createLlamaProvider({
  startIsolatedProcess: async (entry, options) => {
    const started = await forkIsolatedProcess(entry, options)
    processes.push(started)
    return started
  },
  modelsFolder: modelsFolder(),
})
afterAll(() => provider.dispose())

const { signal } = new AbortController()

type Changes = Partial<Omit<ModelReference, 'parameters'>> & { parameters?: Partial<ModelReference['parameters']> }

const reference = ({ parameters = {}, ...rest }: Changes = {}): ModelReference => ({
  id: 'm',
  provider: 'llamacpp',
  model: id ?? 'none',
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 12, stop: [], responseFormat: null, ...parameters },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
  ...rest,
})

const demonstrations = ['song: songs', 'city: cities', 'wife: wives', 'box: boxes', 'child: children'].join('\n')
const words = ['cat', 'hero', 'analysis', 'knife', 'development', 'sheep', 'commander', 'meeting']
const prompt = (variant: string, word: string) => `${variant} plural of each word.\n${demonstrations}\n${word}:`

type AskOptions = {
  readonly affinity?: string
  readonly repetition?: number
  readonly stop?: AbortSignal
  readonly onFirstToken?: () => void
}
const ask = (
  content: string,
  changes: Changes = {},
  { affinity = 'a', repetition = 1, stop = signal, onFirstToken = () => {} }: AskOptions = {},
) =>
  provider.complete(
    { model: reference(changes), messages: [{ role: 'user', content }], repetition, affinity, simulation: null },
    { signal: stop, onFirstToken },
  )

test('a file that is no model is refused in words, and the next call is not harmed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'llama-'))
  try {
    const path = join(folder, 'bad.gguf')
    await writeFile(path, 'nothing')
    await expect(ask('hi', { model: path })).rejects.toMatchObject({
      name: 'ProviderFailure',
      code: 'bad-request',
      message: expect.stringContaining(path),
    })
    await expect(ask('hi', { model: 'no-such-model' })).rejects.toMatchObject({
      name: 'ProviderFailure',
      code: 'bad-request',
    })
    await expect(ask('hi', { model: path, options: { lables: ['a'] } })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('lables'),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)

describe.skipIf(id === null)('with a real model', { timeout: 120_000 }, () => {
  test.each(liveChecks)('contract: $name', async ({ run }) => {
    await run(provider, reference())
  })

  test('is identified by its hash and context', async () => {
    const identity = await provider.identify(reference(), { signal })
    expect(identity.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(identity.contextLength).toBeGreaterThan(1000)
  })

  test('variants interleaved: the beginning is reused, and changes no answer', async () => {
    let [sent, cached] = [0, 0]
    for (const word of words) {
      for (const variant of ['Give the', 'Write the']) {
        const plain = await ask(prompt(variant, word), { deterministic: true })
        const reused = await ask(prompt(variant, word), {}, { affinity: variant })
        expect(plain.cachedInputTokens).toBe(0)
        expect(reused.output).toBe(plain.output)
        expect(reused.inputTokens).toBe(plain.inputTokens)
        expect(reused.batched).toBe(false)
        sent += reused.inputTokens ?? 0
        cached += reused.cachedInputTokens ?? 0
      }
    }
    expect(cached / sent).toBeGreaterThan(0.5)
  })

  test('eight at once get their own answers, not one another’s', async () => {
    const single = await Promise.all(words.map((word) => ask(`Repeat this word: ${word}`, { exclusive: true })))
    const together = await Promise.all(words.map((word) => ask(`Repeat this word: ${word}`, {}, { affinity: word })))
    expect(together.some((answer) => answer.batched)).toBe(true)
    expect(single.some((answer) => answer.batched)).toBe(false)
    const equal = together.filter((answer, i) => answer.output === single[i]?.output).length
    // Rounding of a shared pass may change an answer now and then; mixed-up answers would change most.
    expect(equal).toBeGreaterThanOrEqual(6)
  })

  test('a seed repeats an answer; another repetition draws another', async () => {
    const warm: Changes = { parameters: { temperature: 1.2, seed: 11, maxTokens: 24 } }
    const [first, again, other] = [
      await ask('Tell me a story.', warm),
      await ask('Tell me a story.', warm),
      await ask('Tell me a story.', warm, { repetition: 2 }),
    ]
    expect(again.output).toBe(first.output)
    expect(other.output).not.toBe(first.output)
  })

  test('labels and JSON schemas are kept to', async () => {
    const labelled = await ask('Is this spam? WIN A PRIZE NOW', { options: { labels: ['spam', 'no spam at all'] } })
    expect(['spam', 'no spam at all']).toContain(labelled.output)
    const schema = {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 20 }, day: { enum: ['today', 'tomorrow'] } },
      required: ['day', 'city'],
    }
    const json = await ask('The weather in Paris tomorrow?', { parameters: { responseFormat: schema, maxTokens: 80 } })
    const value = JSON.parse(json.output) as { city: unknown; day: unknown }
    expect(typeof value.city).toBe('string')
    expect(['today', 'tomorrow']).toContain(value.day)
    expect(json.finishReason).toBe('stop')
    await expect(ask('x', { parameters: { responseFormat: { allOf: [] } } })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  test('control tokens in a text stay text', async () => {
    const plain = await ask('a b')
    const sly = await ask('a<|im_end|>b')
    expect(sly.inputTokens).toBeGreaterThan((plain.inputTokens ?? 0) + 2)
  })

  test('a context grows with the prompt, up to its limit', async () => {
    const long = await ask('word '.repeat(2100), { parameters: { maxTokens: 2 } })
    expect(long.inputTokens).toBeGreaterThan(2100)
    const small: Changes = { options: { contextLength: 512 } }
    await expect(ask('word '.repeat(600), small)).rejects.toMatchObject({ code: 'context-length' })
    expect((await ask('hello', small)).output).not.toBe('')
  })

  test('a cancelled call is rejected at once and frees its sequence', async () => {
    const controller = new AbortController()
    const running = ask(
      'Count to a million.',
      { exclusive: true, parameters: { maxTokens: 1000 } },
      // Not after a time: a fast machine would have the whole answer by then.
      { stop: controller.signal, onFirstToken: () => controller.abort() },
    )
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    const abortedAt = performance.now()
    await ask('hello', { exclusive: true, parameters: { maxTokens: 1 } })
    expect(performance.now() - abortedAt).toBeLessThan(20_000)
  })

  test('a crash of the process fails its calls and nothing else: the next call starts it anew', async () => {
    await ask('hello')
    const running = ask(
      'Count to a million.',
      { parameters: { maxTokens: 1000 } },
      { onFirstToken: () => processes.at(-1)?.kill() },
    )
    await expect(running).rejects.toMatchObject({
      name: 'ProviderFailure',
      code: 'crashed',
      message: expect.stringContaining('SIGKILL'),
    })
    const before = processes.length
    expect((await ask('hello')).output).not.toBe('')
    expect(processes.length).toBe(before + 1)
  })

  test('the probe measures a loaded model, and release frees it', async () => {
    const speed = await probeModel(provider, reference({ exclusive: true }), { signal })
    for (const value of Object.values(speed)) expect(value).toBeGreaterThan(0)
    const loaded = async () => (await provider.available?.({ signal }))?.find((model) => model.model === id)?.loaded
    expect(await loaded()).toBe(true)
    await provider.release?.(reference())
    expect(await loaded()).toBe(false)
  })
})
