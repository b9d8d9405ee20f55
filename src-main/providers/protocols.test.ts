import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { Provider } from '../../src-core/ports/provider.ts'
import { completing, failureOf, testProviders } from './provider.contract.ts'
import { anthropic, http, ollama, openai } from './test/dialects.ts'
import { answerWith, type FakeServer, startFakeServer } from './test/fake-server.ts'

const registry = testProviders()
let server: FakeServer
const signal = new AbortController().signal

beforeAll(async () => {
  server = await startFakeServer(answerWith(500, ''))
})
beforeEach(() => {
  server.received.length = 0
})
afterAll(async () => {
  await registry.dispose()
  await server.close()
})

const bodyOf = (index = -1) => JSON.parse(server.received.at(index)?.body ?? 'null') as Record<string, unknown>
const allParameters: ModelReference['parameters'] = {
  temperature: 0.5,
  topP: 0.9,
  seed: 7,
  maxTokens: 50,
  stop: ['END'],
  responseFormat: { type: 'object' },
}
const noParameters: ModelReference['parameters'] = {
  temperature: null,
  topP: null,
  seed: null,
  maxTokens: null,
  stop: [],
  responseFormat: null,
}

describe('openai', () => {
  let provider: Provider
  beforeAll(async () => {
    provider = await registry.get('openai')
  })
  const complete = completing(() => provider)
  const good = () => answerWith(200, openai.answer({ texts: ['ok'] }), { 'content-type': 'text/event-stream' })

  it('sends every parameter that is set, and none that is not', async () => {
    server.behave(good())
    await complete(
      openai.model(server.url, { parameters: allParameters, options: { body: { top_k: 5 }, strictSchema: false } }),
    )
    expect(bodyOf()).toMatchObject({
      model: 'test-model',
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      max_tokens: 50,
      stop: ['END'],
      top_k: 5,
      stream: true,
      stream_options: { include_usage: true },
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', strict: false, schema: { type: 'object' } },
      },
    })
    await complete(openai.model(server.url, { parameters: noParameters }))
    expect(Object.keys(bodyOf()).toSorted()).toEqual(['messages', 'model', 'stream', 'stream_options'])
    await complete(openai.model(server.url, { parameters: { ...noParameters, responseFormat: 'json' } }))
    expect(bodyOf()['response_format']).toEqual({ type: 'json_object' })
  })

  it('leaves out what a server says it does not take: one failure to try again, remembered for this server', async () => {
    const picky = await startFakeServer((response, received) => {
      const body = JSON.parse(received.body) as Record<string, unknown>
      const unknown =
        'stream_options' in body
          ? 'Unknown field: stream_options'
          : 'max_tokens' in body
            ? "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            : null
      if (unknown === null) good()(response, received)
      else answerWith(400, openai.error(unknown, 'unsupported_parameter'))(response, received)
    })
    const model = openai.model(picky.url)
    const first = await failureOf(complete(model))
    expect(first).toMatchObject({ code: 'bad-response', httpStatus: 400, retryAfterMs: 0 })
    expect((await failureOf(complete(model))).message).toContain('max_completion_tokens')
    expect(await complete(model)).toMatchObject({ output: 'ok' })
    expect(await complete(openai.model(picky.url))).toMatchObject({ output: 'ok' })
    expect(picky.received.length).toBe(4)
    await picky.close()
  })

  it('reads an answer that comes whole although a stream was asked for', async () => {
    server.behave(
      answerWith(
        200,
        '\n {"model":"m","choices":[{"index":0,"message":{"content":[{"type":"text","text":"hi"}]},"finish_reason":"stop"}]}',
      ),
    )
    expect(await complete(openai.model(server.url))).toMatchObject({
      output: 'hi',
      finishReason: 'stop',
      inputTokens: null,
    })
  })

  it('reads the output only, not the reasoning, and withheld answers as such', async () => {
    const chunk = (delta: object, finish: string | null) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\r\n\r\n`
    const say = (body: string) => server.behave(answerWith(200, body, { 'content-type': 'text/event-stream' }))
    say(`${chunk({ reasoning_content: 'hm' }, null)}${chunk({ content: 'yes' }, 'stop')}data: [DONE]\r\n\r\n`)
    expect(await complete(openai.model(server.url))).toMatchObject({ output: 'yes' })
    say(`${chunk({}, 'content_filter')}data: [DONE]\n\n`)
    expect((await failureOf(complete(openai.model(server.url)))).code).toBe('content-filter')
    say('data: [DONE]\n\n')
    expect((await failureOf(complete(openai.model(server.url)))).code).toBe('bad-response')
  })

  it('embeds: one vector a text in the order of the texts', async () => {
    server.behave(
      answerWith(
        200,
        JSON.stringify({
          data: [
            { index: 1, embedding: [2] },
            { index: 0, embedding: [1] },
          ],
        }),
      ),
    )
    expect(await provider.embed?.(openai.model(server.url), ['a', 'b'], { signal })).toEqual([[1], [2]])
    expect(bodyOf()).toMatchObject({ input: ['a', 'b'], encoding_format: 'float' })
    await failureOf(provider.embed?.(openai.model(server.url), ['a'], { signal }) ?? Promise.resolve())
  })

  it('identifies by the list where there is one; a server that is not there stops a run', async () => {
    server.behave(answerWith(200, JSON.stringify({ data: [{ id: 'test-model', meta: { n_ctx_train: 32768 } }] })))
    expect(await provider.identify(openai.model(server.url), { signal })).toEqual({
      digest: null,
      contextLength: 32768,
      simulated: false,
    })
    expect(server.received.at(-1)?.path).toBe('/v1/models')
    server.behave(answerWith(404, ''))
    expect(await provider.identify(openai.model(server.url), { signal })).toEqual({
      digest: null,
      contextLength: null,
      simulated: false,
    })
    await expect(provider.identify(openai.model('http://127.0.0.1:1'), { signal })).rejects.toMatchObject({
      code: 'unreachable',
    })
  })

  it('takes the only model of a server that answers to any name, and none of several', async () => {
    const list = (...ids: string[]) =>
      answerWith(200, JSON.stringify({ data: ids.map((id) => ({ id, meta: { n_ctx: 2816 } })) }))
    server.behave(list('/models/a.gguf'))
    expect((await provider.identify(openai.model(server.url), { signal })).contextLength).toBe(2816)
    server.behave(list('a', 'b'))
    expect((await provider.identify(openai.model(server.url), { signal })).contextLength).toBeNull()
  })

  it('loses no call to a server that hangs up after a hundred answers on a connection', async () => {
    const served = new WeakMap<object, number>()
    const tired = await startFakeServer((response, received) => {
      const count = (served.get(response.socket ?? response) ?? 0) + 1
      served.set(response.socket ?? response, count)
      if (count > 100) response.socket?.destroy()
      else good()(response, received)
    })
    for (let i = 0; i < 250; i++) expect(await complete(openai.model(tired.url))).toMatchObject({ output: 'ok' })
    await tired.close()
  })

  it('finds this machine by name', async () => {
    server.behave(good())
    expect(await complete(openai.model(server.url.replace('127.0.0.1', 'localhost')))).toMatchObject({ output: 'ok' })
  })

  it('sends no key of OpenAI to another server', async () => {
    const withKey = (await import('./registry.ts')).createProviders({
      secrets: () => 'sk-real-openai-key',
      startIsolatedProcess: () => Promise.reject(new Error()),
      modelsFolder: '',
    })
    server.behave(good())
    await completing(() => provider)(openai.model(server.url, { apiKeyEnv: null }))
    const other = await withKey.get('openai')
    await completing(() => other)(openai.model(server.url, { apiKeyEnv: null }))
    expect(server.received.map((each) => each.headers.authorization)).toEqual([undefined, undefined])
    await withKey.dispose()
  })
})

describe('anthropic', () => {
  let provider: Provider
  beforeAll(async () => {
    provider = await registry.get('anthropic')
    server.behave(answerWith(200, anthropic.answer({ texts: ['ok'] })))
  })
  const complete = completing(() => provider)

  it('sends its form: system beside the messages, a limit always, the version, the key in x-api-key', async () => {
    server.behave(answerWith(200, anthropic.answer({ texts: ['ok'] })))
    await complete(anthropic.model(server.url, { parameters: allParameters }))
    const sent = server.received.at(-1)
    expect(sent?.path).toBe('/v1/messages')
    expect(sent?.headers).toMatchObject({
      'anthropic-version': '2023-06-01',
      'x-api-key': expect.stringContaining('sk-canary') as string,
    })
    expect(sent?.headers.authorization).toBeUndefined()
    expect(bodyOf()).toMatchObject({
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'Hello "you"\n{x}' }],
      max_tokens: 50,
      temperature: 0.5,
      top_p: 0.9,
      stop_sequences: ['END'],
      stream: true,
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
    })
    expect(bodyOf()).not.toHaveProperty('seed')
    await complete(anthropic.model(`${server.url}/v1`, { parameters: noParameters, options: { defaultMaxTokens: 99 } }))
    expect(server.received.at(-1)?.path).toBe('/v1/messages')
    expect(bodyOf()['max_tokens']).toBe(99)
  })

  it('refuses to move a system message that comes later, and "any JSON"', async () => {
    const call = provider.complete(
      {
        model: anthropic.model(server.url),
        messages: [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'b' },
        ],
        repetition: 1,
        affinity: null,
        simulation: null,
      },
      { signal },
    )
    expect((await failureOf(call)).message).toContain('before all others')
    expect(
      (
        await failureOf(
          complete(anthropic.model(server.url, { parameters: { ...noParameters, responseFormat: 'json' } })),
        )
      ).code,
    ).toBe('bad-request')
    expect(server.received).toEqual([])
  })
})

describe('ollama', () => {
  let provider: Provider
  beforeAll(async () => {
    provider = await registry.get('ollama')
  })
  const complete = completing(() => provider)

  it('does not count loading as latency', async () => {
    server.behave(answerWith(200, ollama.answer({ texts: ['a'] }), { 'content-type': 'application/x-ndjson' }))
    const answer = await complete(
      ollama.model(server.url, { parameters: allParameters, options: { contextLength: 2048, think: false } }),
    )
    expect(answer.latencyMs).toBeCloseTo(43, 6)
    expect(answer.firstTokenMs).toBe(0)
    expect(bodyOf()).toMatchObject({
      keep_alive: '10m',
      truncate: false,
      shift: false,
      think: false,
      stream: true,
      format: { type: 'object' },
      options: { num_ctx: 2048, temperature: 0.5, top_p: 0.9, seed: 7, num_predict: 50, stop: ['END'] },
    })
  })

  it('says what to do when the server or the model is not there', async () => {
    const gone = ollama.model('http://127.0.0.1:1')
    expect((await failureOf(complete(gone))).message).toContain('`ollama serve`')
    await expect(provider.identify(gone, { signal })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('`ollama serve`') as string,
    })
    server.behave(answerWith(404, '{"error":"model not found"}'))
    expect((await failureOf(complete(ollama.model(server.url)))).message).toContain('`ollama pull test-model`')
    await expect(provider.prepare?.(ollama.model(server.url), { signal })).rejects.toMatchObject({
      code: 'model-unavailable',
    })
  })

  it('keeps one model resident: the one before is let go first', async () => {
    server.behave(answerWith(200, '{"done":true,"response":""}'))
    const at = (name: string) => ollama.model(server.url, { model: name, options: { contextLength: 512 } })
    await provider.prepare?.(at('a'), { signal })
    await provider.prepare?.(at('a:latest'), { signal })
    await provider.prepare?.(at('b'), { signal })
    await provider.release?.(at('b'))
    await provider.prepare?.(at('a'), { signal })
    const asked = server.received.map(
      (each) => JSON.parse(each.body) as { model: string; keep_alive: unknown; options: unknown },
    )
    expect(asked.map((each) => [each.model, each.keep_alive])).toEqual([
      ['a', '10m'],
      ['a:latest', '10m'],
      ['a:latest', 0],
      ['b', '10m'],
      ['b', 0],
      ['a', '10m'],
    ])
    expect(asked[0]?.options).toEqual({ num_ctx: 512 })
  })

  it('tells digest, context length and what is there', async () => {
    server.behave((response, received) => {
      if (received.path === '/api/tags')
        answerWith(
          200,
          JSON.stringify({
            models: [{ name: 'test-model:latest', digest: 'abc', size: 5, details: { quantization_level: 'Q4_K_M' } }],
          }),
        )(response, received)
      else if (received.path === '/api/show')
        answerWith(200, JSON.stringify({ model_info: { 'llama.context_length': 8192 } }))(response, received)
      else
        answerWith(200, JSON.stringify({ models: [{ name: 'test-model:latest', context_length: 4096 }] }))(
          response,
          received,
        )
    })
    expect(await provider.identify(ollama.model(server.url), { signal })).toEqual({
      digest: 'abc',
      contextLength: 8192,
      simulated: false,
    })
    await expect(provider.identify(ollama.model(server.url, { model: 'other' }), { signal })).rejects.toMatchObject({
      code: 'model-unavailable',
    })
    expect(
      await provider.identify(ollama.model(server.url, { options: { contextLength: 1024 } }), { signal }),
    ).toMatchObject({ contextLength: 1024 })
  })

  it('embeds', async () => {
    server.behave(answerWith(200, '{"embeddings":[[1,2],[3,4]]}'))
    expect(
      await provider.embed?.(ollama.model(server.url, { options: { contextLength: 512 } }), ['a', 'b'], { signal }),
    ).toEqual([
      [1, 2],
      [3, 4],
    ])
    // As at its loading: other options would make Ollama load the model again.
    expect(bodyOf()['options']).toEqual({ num_ctx: 512 })
  })
})

describe('http', () => {
  let provider: Provider
  beforeAll(async () => {
    provider = await registry.get('http')
  })
  const complete = completing(() => provider)
  const at = (options: Record<string, unknown>, change: Partial<ModelReference> = {}) =>
    http.model(server.url, { options: { url: `${server.url}/x`, ...options } as ModelReference['options'], ...change })

  it('fills the body without any value breaking out', async () => {
    server.behave(answerWith(200, '{"text":"ok"}'))
    await complete(
      at({
        body: '{"q": {prompt}, "all": {messages}, "note": "for {model}: {prompt}", "t": {temperature}, "top": {topP}}',
        outputPath: 'text',
      }),
    )
    expect(bodyOf()).toEqual({
      q: 'Be brief.\n\nHello "you"\n{x}',
      all: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello "you"\n{x}' },
      ],
      note: 'for test-model: Be brief.\n\nHello "you"\n{x}',
      t: 0,
    })
  })

  it('puts the key where a header wants it, and sends plain text back as it is', async () => {
    server.behave(answerWith(200, 'just text', { 'content-type': 'text/plain' }))
    expect(await complete(at({ body: { p: '{prompt}' }, headers: { 'X-Token': 'T {key}' } }))).toMatchObject({
      output: 'just text',
      finishReason: 'stop',
      inputTokens: null,
    })
    expect(server.received.at(-1)?.headers['x-token']).toMatch(/^T sk-canary/)
    expect(server.received.at(-1)?.headers.authorization).toBeUndefined()
  })

  it('says what is wrong with its description', () => {
    const check = (options: Record<string, unknown>) => () => registry.check(at(options))
    expect(check({ body: { p: 'no placeholder' } })).toThrow(/sends no prompt/)
    expect(check({ body: '{"p": {prompt}' })).toThrow(/not JSON/)
    expect(check({ body: { p: '{prompt}' }, outputPath: 'a..b' })).toThrow(/expected a path/)
    expect(check({ body: { p: '{prompt}' }, outputpath: 'a' })).toThrow(/outputpath/)
    expect(check({ body: { p: '{prompt}' }, outputPath: '$.a[0]["b c"].d' })).not.toThrow()
  })

  it('names a reply without an answer at its path, also behind __proto__', async () => {
    for (const body of ['{"a":1}', '{"text":null}', '[]']) {
      server.behave(answerWith(200, body))
      expect((await failureOf(complete(at({ body: { p: '{prompt}' }, outputPath: 'text' })))).message).toContain(
        'outputPath text',
      )
    }
    expect(
      (await failureOf(complete(at({ body: { p: '{prompt}' }, outputPath: '__proto__.constructor.name' })))).code,
    ).toBe('bad-response')
  })
})

describe('registry', () => {
  it('loads a provider once, and names those it has when asked for another', async () => {
    expect(await registry.get('http')).toBe(await registry.get('http'))
    await expect(registry.get('gemini')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('openai') as string,
    })
  })

  it('wants the key of the default place there only', () => {
    const bare = { ...openai.model('x'), baseUrl: null, apiKeyEnv: null }
    expect(() => registry.check(bare)).toThrow(/OPENAI_API_KEY/)
    expect(() => registry.check({ ...bare, baseUrl: 'http://127.0.0.1:8080/v1' })).not.toThrow()
    expect(() => registry.check({ ...bare, baseUrl: 'https://api.openai.com/v1/' })).toThrow(/OPENAI_API_KEY/)
    expect(() => registry.check({ ...bare, provider: 'anthropic' })).toThrow(/ANTHROPIC_API_KEY/)
  })
})
