import { describe, expect, it } from 'vitest'
import { defaultTimeouts, type ModelReference } from '../domain/model.ts'
import { estimateRun } from './estimate.ts'
import type { MatrixSpec } from './matrix.ts'

const model = (id: string, more: Partial<ModelReference> = {}): ModelReference => ({
  id,
  provider: 'openai',
  model: id,
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 16, stop: [], responseFormat: null },
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
  ...more,
})
const snapshot = (models: readonly ModelReference[], cases = 50) => ({
  variants: [{ name: 'a' }, { name: 'b' }] as unknown as MatrixSpec['variants'],
  cases: Array.from({ length: cases }, (_, n) => ({ id: `${n}` })) as unknown as MatrixSpec['cases'],
  models,
  repetitions: 3,
  interleaveModels: false,
  concurrency: 4,
})
const render = (variant: number) => [{ role: 'user' as const, content: 'x'.repeat(variant === 0 ? 400 : 800) }]
const price = { inputPerMillion: 1, outputPerMillion: 4, cachedInputPerMillion: null }

describe('the estimate', () => {
  it('counts cells and calls, and brackets tokens and money by the prompts as rendered', () => {
    const estimate = estimateRun(snapshot([model('m')]), { render, priceOf: () => price })
    expect(estimate.cells).toBe(300)
    expect(estimate.calls).toBe(300)
    // 100 and 200 tokens of text in turn, and the marks around a message.
    expect(estimate.tokens.input).toBe(300 * 156)
    const truth = (300 * (156 * 1 + 10 * 4)) / 1e6
    expect(estimate.usd?.low).toBeLessThan(truth)
    expect(estimate.usd?.high).toBeGreaterThan(truth)
    expect(estimate.minutes?.low).toBeLessThan(estimate.minutes?.high ?? 0)
  })

  it('adds judges, and leaves out models that are only for roles', () => {
    const models = [model('m'), model('judge', { experiment: false })]
    const estimate = estimateRun(snapshot(models), { render, priceOf: () => price, judgeCallsPerCell: { judge: 2 } })
    expect(estimate.cells).toBe(300)
    expect(estimate.calls).toBe(900)
  })

  it('says null, not zero, where a price is unknown', () => {
    const estimate = estimateRun(snapshot([model('m'), model('n')]), {
      render,
      priceOf: ({ id }) => (id === 'm' ? price : null),
    })
    expect(estimate.usd).toBeNull()
  })

  it('believes what was observed more than what is guessed', () => {
    const observed = { m: { latencyMs: 1000, outputTokens: 10 } }
    const estimate = estimateRun(snapshot([model('m')]), { render, priceOf: () => price, observed })
    // 300 calls of a second, four at once.
    expect(estimate.minutes?.low).toBeCloseTo((300 / 4 / 60) * 0.8, 6)
    expect(estimate.minutes?.high).toBeCloseTo((300 / 4 / 60) * 1.5, 6)
    const alone = estimateRun(snapshot([model('m', { exclusive: true })]), { render, priceOf: () => price, observed })
    expect(alone.minutes?.low).toBeCloseTo((300 / 60) * 0.8, 6)
  })

  it('of nothing is nothing', () => {
    const estimate = estimateRun(snapshot([model('m')], 0), { render, priceOf: () => price })
    expect(estimate).toMatchObject({ cells: 0, calls: 0, tokens: { input: 0, output: 0 } })
  })
})
