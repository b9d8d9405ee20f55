import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelResponse } from '../../src-core/domain/execution.ts'
import { completing, failureOf, testProviders } from './provider.contract.ts'
import { anthropic, type Dialect, ollama, openai } from './test/dialects.ts'
import { answerWith, cutAt, type FakeServer, inPieces, startFakeServer } from './test/fake-server.ts'

const read = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8')
/** The recordings of chunks hold the data lines only; the frame is the protocol's. */
const framed = (name: string, end: string) => {
  const lines = read(name).trim().split('\n')
  return Buffer.from(lines.map((line) => `${named(line)}data: ${line}\n\n`).join('') + end)
}
const named = (line: string): string => {
  const { type } = JSON.parse(line) as { type?: string }
  return type === undefined ? '' : `event: ${type}\n`
}

/** Text as the recording's own words, found without the code under test. */
const joined = (body: string, pattern: RegExp) =>
  [...body.matchAll(pattern)].map((match) => JSON.parse(`"${match[1]}"`) as string).join('')

type Recording = {
  readonly name: string
  readonly dialect: Dialect
  readonly body: Buffer
  readonly expected: Partial<ModelResponse>
}

const openaiText = framed('openai-text.chunks.txt', 'data: [DONE]\n\n')
const anthropicText = framed('anthropic-text.chunks.txt', '')
const recordings: readonly Recording[] = [
  {
    name: 'OpenAI, gpt-4.1-nano',
    dialect: openai,
    body: openaiText,
    expected: {
      output: joined(openaiText.toString(), /"delta":\{"content":"((?:[^"\\]|\\.)*)"/g),
      finishReason: 'stop',
      servedModel: 'gpt-4.1-nano-2025-04-14',
      inputTokens: 16,
      outputTokens: 300,
      cachedInputTokens: 0,
    },
  },
  {
    name: 'Anthropic, claude-sonnet-4-5',
    dialect: anthropic,
    body: anthropicText,
    expected: {
      output: joined(anthropicText.toString(), /"text_delta","text":"((?:[^"\\]|\\.)*)"/g),
      finishReason: 'stop',
      servedModel: 'claude-sonnet-4-5-20250929',
      inputTokens: 12,
    },
  },
  {
    name: 'Anthropic SDK fixture, basic',
    dialect: anthropic,
    body: Buffer.from(read('anthropic-basic.sse.txt')),
    expected: {
      output: 'Hello there!',
      finishReason: 'stop',
      servedModel: 'claude-3-opus-latest',
      inputTokens: 11,
      outputTokens: 6,
    },
  },
  {
    name: 'Anthropic SDK fixture, a tool call cut by length',
    dialect: anthropic,
    body: Buffer.from(read('anthropic-tool-cut-by-length.sse.txt')),
    expected: { finishReason: 'length', outputTokens: 124 },
  },
  {
    name: 'Ollama documentation, chat',
    dialect: ollama,
    body: Buffer.from(read('ollama-chat.jsonl')),
    expected: {
      output: 'The',
      finishReason: 'stop',
      servedModel: 'llama3.2',
      inputTokens: 61,
      outputTokens: 468,
      latencyMs: (8_113_331_500 - 6_396_458) / 1e6,
    },
  },
]

describe('recorded streams over HTTP', () => {
  const registry = testProviders()
  let server: FakeServer
  beforeAll(async () => {
    server = await startFakeServer(answerWith(500, ''))
  })
  afterAll(async () => {
    await registry.dispose()
    await server.close()
  })

  for (const { name, dialect, body, expected } of recordings) {
    it(`${name}: the same answer from bytes cut anywhere`, async () => {
      const provider = await registry.get(dialect.provider)
      const complete = completing(() => provider)
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: body.length }), { maxLength: 20 }), async (offsets) => {
          server.behave(inPieces(dialect.contentType, body, offsets))
          expect(await complete(dialect.model(server.url))).toMatchObject(expected)
        }),
        { seed: 41, numRuns: 25 },
      )
    })

    it(`${name}: cut at 40 offsets, never an answer`, async () => {
      const provider = await registry.get(dialect.provider)
      const complete = completing(() => provider)
      // The last two events (three for OpenAI, counts and [DONE]) may be lost without losing any of the answer.
      const end = dialect.wholeFrom(body) > 0 ? dialect.wholeFrom(body) : body.lastIndexOf('stop_reason')
      for (let i = 0; i < 40; i++) {
        server.behave(
          cutAt(
            dialect.contentType,
            body,
            Math.floor((i * Math.max(1, end - 2)) / 40),
            i % 2 === 0 ? 'destroy' : 'end',
          ),
        )
        expect(['cut-stream', 'network', 'bad-response']).toContain(
          (await failureOf(complete(dialect.model(server.url)))).code,
        )
      }
    })
  }

  it('a refusal without a word of answer is a withheld answer', async () => {
    server.behave(answerWith(200, read('anthropic-refusal.sse.txt'), { 'content-type': 'text/event-stream' }))
    const provider = await registry.get('anthropic')
    expect((await failureOf(completing(() => provider)(anthropic.model(server.url)))).code).toBe('content-filter')
  })
})
