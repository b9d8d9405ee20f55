import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultTimeouts, type ModelReference } from '../../src-core/domain/model.ts'
import { type CallOptions, type Provider, ProviderFailure } from '../../src-core/ports/provider.ts'
import { liveChecks } from './live.contract.ts'
import { createProviders } from './registry.ts'
import { type Dialect, keyVariableName, testKey } from './test/dialects.ts'
import {
  answerWith,
  cutAt,
  drip,
  type FakeServer,
  huge,
  inPieces,
  reset,
  silent,
  silentAfter,
  startFakeServer,
} from './test/fake-server.ts'

const texts = ['pos', 'itive', ' — naïve', ' 日本', ' 🎉', ' {"a": "b\\n"}']
const whole = texts.join('')
const seed = 20261123

export const testProviders = () =>
  createProviders({
    secrets: (name) => (name === keyVariableName ? testKey : undefined),
    startIsolatedProcess: () => Promise.reject(new Error('no process is wanted here')),
    modelsFolder: '',
  })

export const failureOf = async (call: Promise<unknown>): Promise<ProviderFailure> => {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`should have failed, but answered ${JSON.stringify(outcome.value)}`)
  expect(outcome.error).toBeInstanceOf(ProviderFailure)
  return outcome.error as ProviderFailure
}

export const completing =
  (provider: () => Provider) =>
  (model: ModelReference, options: Partial<CallOptions> = {}) =>
    provider().complete(
      {
        model,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello "you"\n{x}' },
        ],
        repetition: 1,
        affinity: null,
        simulation: null,
      },
      { signal: new AbortController().signal, ...options },
    )

/** Everything the port promises, against a server that does what it should not. Run for every HTTP provider. */
export const describeProviderContract = (title: string, dialect: Dialect): void => {
  describe(`contract: ${title}`, () => {
    const good = dialect.answer({ texts, usage: { input: 120, output: 7, cached: 20 }, servedModel: 'served-1' })
    const registry = testProviders()
    let server: FakeServer
    let provider: Provider
    const complete = completing(() => provider)
    const model = (change?: Partial<ModelReference>) => dialect.model(server.url, change)
    const quick = (change: Partial<typeof defaultTimeouts>) => model({ timeouts: { ...defaultTimeouts, ...change } })
    const closedWithin = async (ms: number) => {
      const until = performance.now() + ms
      while (server.openAnswers() > 0 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 5))
      expect(server.openAnswers()).toBe(0)
    }

    beforeAll(async () => {
      server = await startFakeServer(answerWith(200, good, { 'content-type': dialect.contentType }))
      provider = await registry.get(dialect.provider)
    })
    afterAll(async () => {
      await registry.dispose()
      await server.close()
    })
    const serveGood = () => server.behave(answerWith(200, good, { 'content-type': dialect.contentType }))

    it('reads an answer whole: text, tokens, model, reason, times', async () => {
      serveGood()
      let firstTokens = 0
      const answer = await complete(model(), { onFirstToken: () => firstTokens++ })
      expect(answer).toMatchObject({
        output: whole,
        finishReason: 'stop',
        servedModel: 'served-1',
        inputTokens: 120,
        outputTokens: 7,
        cachedInputTokens: dialect.cached ? 20 : null,
        batched: false,
      })
      expect(answer.latencyMs).toBeGreaterThanOrEqual(0)
      expect(answer.latencyMs).toBeLessThan(1000)
      expect(firstTokens).toBe(dialect.streamed ? 1 : 0)
      if (dialect.streamed) expect(answer.firstTokenMs).toBeLessThanOrEqual(answer.latencyMs)
      else expect(answer.firstTokenMs).toBeNull()
    })

    it('sends the prompt as it is, one request, the key to its place', async () => {
      serveGood()
      const before = server.received.length
      await complete(model())
      expect(server.received.length - before).toBe(1)
      const sent = server.received.at(-1)
      expect(JSON.stringify(JSON.parse(sent?.body ?? ''))).toContain(JSON.stringify('Hello "you"\n{x}').slice(1, -1))
      expect(Object.values(sent?.headers ?? {}).some((value) => String(value).includes(testKey))).toBe(true)
      expect(sent?.body).not.toContain(testKey)
      expect(Object.keys(sent?.headers ?? {}).filter((name) => name.startsWith('x-stainless'))).toEqual([])
    })

    for (const check of liveChecks.filter((each) => !/maxTokens|usable/.test(each.name))) {
      it(`live part: ${check.name}`, async () => {
        // An Ollama is asked for its models too.
        server.behave((response, received) => {
          if (received.path.startsWith('/api/tags'))
            answerWith(200, '{"models":[{"name":"test-model:latest","digest":"d1"}]}')(response, received)
          else if (received.path.startsWith('/api/show'))
            answerWith(200, '{"model_info":{"x.context_length":4096}}')(response, received)
          else if (received.path.startsWith('/api/generate'))
            answerWith(200, '{"done":true,"response":""}')(response, received)
          else answerWith(200, good, { 'content-type': dialect.contentType })(response, received)
        })
        await check.run(provider, model())
      })
    }

    it('reads the same from bytes cut anywhere', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: good.length }), { maxLength: 12 }), async (offsets) => {
          server.behave(inPieces(dialect.contentType, good, offsets))
          expect((await complete(model())).output).toBe(whole)
        }),
        { seed, numRuns: 40 },
      )
    })

    it('takes an empty answer for an answer, and says length', async () => {
      server.behave(
        answerWith(200, dialect.answer({ texts: [], finish: 'length' }), { 'content-type': dialect.contentType }),
      )
      expect(await complete(model())).toMatchObject({ output: '', finishReason: 'length', firstTokenMs: null })
    })

    it('leaves unknown what the server does not count, or counts wrongly', async () => {
      for (const usage of [null, { input: -1, output: 'many', cached: 3 }, { input: 1.5, output: null, cached: -2 }]) {
        server.behave(answerWith(200, dialect.answer({ texts, usage }), { 'content-type': dialect.contentType }))
        const answer = await complete(model())
        expect(answer.output).toBe(whole)
        expect(answer.inputTokens).toBeNull()
        if (dialect.provider !== 'anthropic' || usage !== null)
          expect(answer.outputTokens === null || answer.outputTokens === 1).toBe(true)
      }
      server.behave(
        answerWith(200, dialect.answer({ texts, usage: { input: 5, output: 1, cached: 9 } }), {
          'content-type': dialect.contentType,
        }),
      )
      // Anthropic counts cached tokens beside the others, so there is no such thing as too many.
      if (dialect.provider !== 'anthropic') expect((await complete(model())).cachedInputTokens).toBeNull()
    })

    it('never takes a cut answer for a whole one, at any byte', async () => {
      const end = dialect.wholeFrom(good)
      const offsets = Array.from({ length: 70 }, (_, i) => Math.floor((i * good.length) / 70))
      for (const offset of offsets) {
        for (const how of ['destroy', 'end'] as const) {
          server.behave(cutAt(dialect.contentType, good, offset, how))
          const outcome = await complete(model()).catch((error: unknown) => error)
          if (!(outcome instanceof ProviderFailure)) {
            // What comes behind the protocol's own word that the answer is whole may be lost: the text is not.
            expect(offset).toBeGreaterThanOrEqual(end)
            expect(outcome).toMatchObject({ output: whole })
          } else expect(['cut-stream', 'network', 'bad-response']).toContain(outcome.code)
          if (how === 'destroy' && offset > 0 && offset < end) expect(outcome).toMatchObject({ code: 'cut-stream' })
        }
      }
    })

    it('names every status for what it is', async () => {
      const statuses: readonly [number, string][] = [
        [400, 'bad-request'],
        [401, 'refused'],
        [402, 'refused'],
        [403, 'refused'],
        [404, 'bad-request'],
        [408, 'timeout'],
        [409, 'server'],
        [413, 'bad-request'],
        [422, 'bad-request'],
        [429, 'rate-limited'],
        [500, 'server'],
        [502, 'server'],
        [503, 'server'],
        [529, 'server'],
      ]
      for (const [status, code] of statuses) {
        server.behave(answerWith(status, dialect.error('something is off', 'some_code')))
        const failure = await failureOf(complete(model()))
        expect([status, failure.code, failure.httpStatus]).toEqual([status, code, status])
        if (status !== 404 || dialect.provider !== 'ollama') expect(failure.message).toContain('something is off')
      }
    })

    it('recognises a prompt that does not fit, withheld answers and used-up quotas', async () => {
      const say = async (status: number, message: string, code: string) => {
        server.behave(answerWith(status, dialect.error(message, code)))
        return (await failureOf(complete(model()))).code
      }
      expect(await say(400, "This model's maximum context length is 8192 tokens", 'invalid_request_error')).toBe(
        'context-length',
      )
      expect(await say(400, 'prompt is too long: 210000 tokens > 200000 maximum', 'invalid_request_error')).toBe(
        'context-length',
      )
      expect(await say(400, 'the request exceeds the available context size', 'exceed_context_size_error')).toBe(
        'context-length',
      )
      expect(await say(400, 'The response was filtered due to the content management policy', 'content_filter')).toBe(
        'content-filter',
      )
      if (dialect.provider !== 'ollama')
        expect(await say(429, 'You exceeded your current quota', 'insufficient_quota')).toBe('refused')
    })

    it('reads Retry-After in full: seconds, dates, milliseconds', async () => {
      const wait = async (headers: Record<string, string>) => {
        server.behave(answerWith(429, '{}', headers))
        return (await failureOf(complete(model()))).retryAfterMs
      }
      expect(await wait({})).toBeNull()
      expect(await wait({ 'retry-after': '7' })).toBe(7000)
      expect(await wait({ 'retry-after': '3600' })).toBe(3_600_000)
      expect(await wait({ 'retry-after': '7', 'retry-after-ms': '1234.5' })).toBe(1234.5)
      expect(await wait({ 'retry-after': 'soon' })).toBeNull()
      expect(await wait({ 'retry-after': '-5' })).toBeNull()
      expect(await wait({ 'retry-after': new Date(0).toUTCString() })).toBe(0)
      const date = await wait({ 'retry-after': new Date(Date.now() + 90_000).toUTCString() })
      expect(date).toBeGreaterThan(85_000)
      expect(date).toBeLessThanOrEqual(90_000)
    })

    it('names resets, refusals to connect and unknown names', async () => {
      server.behave(reset)
      expect((await failureOf(complete(model()))).code).toBe('network')
      const gone = await startFakeServer(silent)
      await gone.close()
      expect((await failureOf(complete(dialect.model(gone.url)))).code).toBe('network')
      const unknown = await failureOf(complete(dialect.model('http://no-such-host.invalid:1')))
      expect(['network', 'timeout']).toContain(unknown.code)
    })

    it('names garbage', async () => {
      const bodies = [
        '',
        'OK',
        '<html>Gateway</html>',
        '{"a":',
        'null',
        '[]',
        '42',
        '{"choices":"none"}',
        '\u0000\u0001\u0002',
        'data: {"x"\n\n',
        `${'['.repeat(20_000)}`,
      ]
      for (const body of bodies) {
        server.behave(answerWith(200, body, { 'content-type': dialect.contentType }))
        expect(['bad-response', 'cut-stream']).toContain((await failureOf(complete(model()))).code)
      }
    })

    it('passes on an error inside the stream', async () => {
      if (dialect.errorInStream === null) return
      server.behave(
        answerWith(
          200,
          Buffer.concat([good.subarray(0, good.indexOf('\n') + 1), Buffer.from('\n'), dialect.errorInStream]),
          { 'content-type': dialect.contentType },
        ),
      )
      const failure = await failureOf(complete(model()))
      expect(failure.code).toBe('server')
      expect(failure.message).toContain('the engine fell over')
    })

    it('ends an answer of 50 MB and closes the connection', async () => {
      server.behave(huge(dialect.contentType, ''))
      const before = process.memoryUsage().rss
      const failure = await failureOf(complete(model()))
      expect(failure.code).toBe('bad-response')
      expect(failure.message).toContain('more than 16 MB')
      await closedWithin(1000)
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
    })

    it('keeps to each of its times', async () => {
      server.behave(silent)
      expect((await failureOf(complete(quick({ firstTokenMs: 60, totalMs: 100 })))).code).toBe('timeout')
      await closedWithin(1000)
      if (dialect.streamed) {
        server.behave(silentAfter(dialect.contentType, Buffer.from('\n')))
        expect((await failureOf(complete(quick({ firstTokenMs: 60 })))).message).toMatch(/no token within 0\.1 s/)
        server.behave(silentAfter(dialect.contentType, good.subarray(0, good.indexOf('itive') + 60)))
        expect((await failureOf(complete(quick({ idleMs: 80 })))).message).toMatch(/fell silent/)
      } else {
        server.behave(silentAfter(dialect.contentType, good.subarray(0, 20)))
        expect((await failureOf(complete(quick({ idleMs: 80 })))).message).toMatch(/fell silent/)
      }
      server.behave(drip(dialect.contentType, '\n'))
      expect((await failureOf(complete(quick({ totalMs: 150 })))).message).toMatch(/did not end|no token/)
      await closedWithin(1000)
    })

    it('cancels at any moment: code, and connection closed within a second', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 25 }), fc.boolean(), async (afterMs, answering) => {
          server.behave(answering ? drip(dialect.contentType, '\n') : silent)
          const controller = new AbortController()
          const call = failureOf(complete(model(), { signal: controller.signal }))
          if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
          const startedAt = performance.now()
          controller.abort()
          expect((await call).code).toBe('cancelled')
          expect(performance.now() - startedAt).toBeLessThan(1000)
        }),
        { seed, numRuns: 30 },
      )
      await closedWithin(1000)
    })

    it('follows no redirect: the target hears nothing', async () => {
      const target = await startFakeServer(answerWith(200, good))
      for (const status of [301, 302, 303, 307, 308]) {
        server.behave(answerWith(status, '', { location: `${target.url}/v1/x?token=secret-in-query` }))
        const failure = await failureOf(complete(model()))
        expect(failure.code).toBe('bad-request')
        expect(failure.message).toMatch(/[Rr]edirects/)
        expect(failure.message).not.toContain('secret-in-query')
      }
      expect(target.received).toEqual([])
      await target.close()
    })

    it('keeps the key and control characters out of every message', async () => {
      const bytes = Buffer.from(testKey)
      const echoes = [
        testKey,
        testKey.toUpperCase(),
        encodeURIComponent(testKey),
        bytes.toString('base64'),
        bytes.toString('hex'),
        [...testKey].reverse().join(''),
        'sk-another-key-0123456789abcdef',
      ]
      for (const echo of echoes) {
        server.behave(answerWith(401, dialect.error(`Incorrect key: ${echo}. \u001b[31mred\u202e`, 'x')))
        const failure = await failureOf(complete(model()))
        expect(`${failure.message} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toContain(echo)
        // oxlint-disable-next-line no-control-regex -- they must be gone
        expect(failure.message).not.toMatch(/[\u0000-\u001f\u202e]/)
      }
      server.behave(answerWith(500, dialect.error('long '.repeat(100_000), 'x')))
      expect((await failureOf(complete(model()))).message.length).toBeLessThan(500)
    })

    it('names the environment variable of a missing key, and sends nothing', async () => {
      const before = server.received.length
      const failure = await failureOf(complete(model({ apiKeyEnv: 'NOT_SET_ANYWHERE' })))
      expect(failure.code).toBe('refused')
      expect(failure.message).toContain('NOT_SET_ANYWHERE')
      expect(() => registry.check(model({ apiKeyEnv: 'NOT_SET_ANYWHERE' }))).toThrow(/NOT_SET_ANYWHERE/)
      expect(server.received.length).toBe(before)
    })

    it('goes to no metadata service, and to this machine only by its own names', async () => {
      for (const host of [
        '169.254.169.254',
        '0xA9FEA9FE',
        '2852039166',
        '[::ffff:169.254.169.254]',
        '[fe80::1]',
        '[fd00:ec2::254]',
        '0.0.0.0',
        '100.100.100.200',
        '[64:ff9b::7f00:1]',
        '224.0.0.1',
      ]) {
        const failure = await failureOf(
          complete(
            dialect.model(`http://${host}:9`, { timeouts: { ...defaultTimeouts, connectMs: 300, totalMs: 400 } }),
          ),
        )
        expect([host, failure.code]).toEqual([host, 'bad-request'])
      }
      const failure = await failureOf(complete(dialect.model('http://user:pass@127.0.0.1:9')))
      expect(failure.code).toBe('bad-request')
      expect(failure.message).not.toContain('pass@')
    })

    it('stays usable after all that', async () => {
      serveGood()
      const answers = await Promise.all(Array.from({ length: 20 }, () => complete(model())))
      expect(new Set(answers.map((answer) => answer.output))).toEqual(new Set([whole]))
    })
  })
}
