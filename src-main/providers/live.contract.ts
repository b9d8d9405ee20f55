import assert from 'node:assert/strict'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { Message } from '../../src-core/domain/prompt.ts'
import { type Provider, ProviderFailure } from '../../src-core/ports/provider.ts'

/** What can be asked of any server that has a model, real or fake. Throws AssertionError where the contract is broken. */
export type LiveCheck = {
  readonly name: string
  /** Null when it holds, otherwise why it could not be tried. */
  run(provider: Provider, model: ModelReference): Promise<string | null>
}

const user = (content: string): readonly Message[] => [{ role: 'user', content }]
const never = () => new AbortController().signal

const ask = (
  provider: Provider,
  model: ModelReference,
  content = 'Say hello.',
  options: { signal?: AbortSignal; onFirstToken?: () => void } = {},
) =>
  provider.complete(
    { model, messages: user(content), repetition: 1, affinity: null, simulation: null },
    { signal: never(), ...options },
  )

const withTokens = (model: ModelReference, maxTokens: number): ModelReference => ({
  ...model,
  parameters: { ...model.parameters, maxTokens },
})

const failureOf = async (call: Promise<unknown>): Promise<ProviderFailure> => {
  const error = await call.then(
    () => assert.fail('the call should have failed'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ProviderFailure, `rejected with ${String(error)} instead of a ProviderFailure`)
  return error
}

export const liveChecks: readonly LiveCheck[] = [
  {
    name: 'prepares, identifies and answers with text, counts and times',
    run: async (provider, model) => {
      await provider.prepare?.(model, { signal: never() })
      const identity = await provider.identify(model, { signal: never() })
      assert.equal(typeof identity.simulated, 'boolean')
      const startedAt = performance.now()
      const answer = await ask(provider, model)
      const wallMs = performance.now() - startedAt
      assert.equal(typeof answer.output, 'string')
      assert.ok(
        answer.finishReason === 'stop' || answer.finishReason === 'length',
        `finish reason ${answer.finishReason}`,
      )
      assert.ok(answer.inputTokens !== null && answer.inputTokens > 0, 'no input tokens')
      assert.ok(answer.outputTokens !== null && answer.outputTokens > 0, 'no output tokens')
      assert.ok(answer.latencyMs >= 0 && answer.latencyMs <= wallMs + 50, `latency ${answer.latencyMs} of ${wallMs} ms`)
      if (answer.firstTokenMs !== null)
        assert.ok(answer.firstTokenMs <= answer.latencyMs, 'first token after the answer')
      return null
    },
  },
  {
    name: 'tells the first token once, before the answer is whole',
    run: async (provider, model) => {
      let times = 0
      const answer = await ask(provider, model, 'Tell a short story about a lighthouse.', {
        onFirstToken: () => times++,
      })
      if (answer.firstTokenMs === null) return 'this provider does not stream'
      assert.equal(times, 1)
      return null
    },
  },
  {
    name: 'stops at maxTokens and says length',
    run: async (provider, model) => {
      const answer = await ask(provider, withTokens(model, 3), 'Count from one to one hundred in words, all of it.')
      assert.equal(answer.finishReason, 'length')
      assert.ok((answer.outputTokens ?? 0) <= 4, `${answer.outputTokens} tokens`)
      return null
    },
  },
  {
    name: 'gives equal answers at temperature 0',
    run: async (provider, model) => {
      const first = await ask(provider, model, 'Name the capital of France.')
      const second = await ask(provider, model, 'Name the capital of France.')
      assert.equal(second.output, first.output)
      return null
    },
  },
  {
    name: 'carries any character both ways',
    run: async (provider, model) => {
      const answer = await ask(provider, model, 'Repeat exactly: "naïve" — 日本 🎉 {"a": 1}\n\t\\end')
      assert.ok(!answer.output.includes('\ufffd'), 'a character was broken')
      return null
    },
  },
  {
    name: 'cancels within a second and stays usable',
    run: async (provider, model) => {
      const controller = new AbortController()
      const long = withTokens(model, 512)
      const call = failureOf(
        ask(provider, long, 'Write a very long story about the sea.', { signal: controller.signal }),
      )
      await new Promise((resolve) => setTimeout(resolve, 60))
      const cancelledAt = performance.now()
      controller.abort()
      assert.equal((await call).code, 'cancelled')
      assert.ok(performance.now() - cancelledAt < 1000, 'the cancellation took more than a second')
      const answer = await ask(provider, withTokens(model, 4))
      assert.equal(typeof answer.output, 'string')
      return null
    },
  },
  {
    name: 'does not start a call that is already cancelled',
    run: async (provider, model) => {
      const failure = await failureOf(ask(provider, model, 'Hello', { signal: AbortSignal.abort() }))
      assert.equal(failure.code, 'cancelled')
      return null
    },
  },
]
