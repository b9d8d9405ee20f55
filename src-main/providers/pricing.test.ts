import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { resourcePath } from '../package-root.ts'
import { priceFile } from './price-file.ts'
import { loadPrices, type PricedModel } from './pricing.ts'

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-prices-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const today = '2026-08-21'
const table = loadPrices(undefined, today)
const model = (change: Partial<PricedModel>): PricedModel => ({
  provider: 'openai',
  model: 'gpt-4o-mini',
  baseUrl: null,
  price: null,
  ...change,
})
const written = (name: string, value: unknown): string => {
  const file = join(folder, name)
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

describe('prices', () => {
  it('knows the date of its table', () => {
    expect(table.date).toBe('2026-08-21')
  })

  it('reads known prices, as the providers publish them', () => {
    expect(table.priceOf(model({}))).toEqual({
      inputPerMillion: 0.15,
      outputPerMillion: 0.6,
      cachedInputPerMillion: 0.075,
    })
    expect(table.priceOf(model({ provider: 'anthropic', model: 'claude-haiku-4-5' }))).toEqual({
      inputPerMillion: 1,
      outputPerMillion: 5,
      cachedInputPerMillion: 0.1,
    })
    expect(
      table.priceOf(model({ baseUrl: 'https://api.groq.com/openai/v1', model: 'llama-3.1-8b-instant' })),
    ).toMatchObject({ inputPerMillion: 0.05 })
  })

  it('takes the first tier of a price by prompt length, and the dearest of a price by time of day', () => {
    expect(table.priceOf(model({ provider: 'anthropic', model: 'claude-sonnet-4-5' }))).toMatchObject({
      inputPerMillion: 3,
      outputPerMillion: 15,
    })
    expect(
      table.priceOf(model({ baseUrl: 'https://api.deepseek.com', model: 'deepseek-chat' }))?.outputPerMillion,
    ).toBeGreaterThanOrEqual(0.55)
  })

  it('follows announced changes by date', () => {
    const sonnet = model({ provider: 'anthropic', model: 'claude-sonnet-5' })
    expect(loadPrices(undefined, '2026-08-31').priceOf(sonnet)).toMatchObject({ inputPerMillion: 2 })
    expect(loadPrices(undefined, '2026-09-01').priceOf(sonnet)).toMatchObject({ inputPerMillion: 3 })
  })

  it('is unknown, not zero, for another server, an unknown model, and a look-alike address', () => {
    expect(table.priceOf(model({ baseUrl: 'http://127.0.0.1:8080/v1' }))).toBeNull()
    expect(table.priceOf(model({ model: 'no-such-model' }))).toBeNull()
    expect(table.priceOf(model({ baseUrl: 'https://proxy.example/https://api.openai.com/v1' }))).toBeNull()
    expect(table.priceOf(model({ provider: 'http', model: 'x' }))).toBeNull()
  })

  it('a declared price wins, then the own file, then zero for local providers, then the table', () => {
    const declared = { inputPerMillion: 9, outputPerMillion: 9, cachedInputPerMillion: null }
    const own = loadPrices(
      written('own.json', {
        prices: [
          { provider: 'ollama', model: 'qwen*', inputPerMillion: 0.01, outputPerMillion: 0.02 },
          {
            baseUrl: 'http://gpu:8000/v1',
            model: 'house',
            inputPerMillion: 1,
            outputPerMillion: 2,
            cachedInputPerMillion: 0.5,
          },
        ],
      }),
      today,
    )
    expect(own.priceOf(model({ price: declared }))).toBe(declared)
    expect(own.priceOf(model({ provider: 'ollama', model: 'qwen2.5:0.5b' }))).toEqual({
      inputPerMillion: 0.01,
      outputPerMillion: 0.02,
      cachedInputPerMillion: null,
    })
    expect(own.priceOf(model({ provider: 'ollama', model: 'llama3' }))?.outputPerMillion).toBe(0)
    expect(own.priceOf(model({ provider: 'llamacpp', model: 'a.gguf' }))?.inputPerMillion).toBe(0)
    expect(own.priceOf(model({ baseUrl: 'http://gpu:8000/v1', model: 'house' }))).toMatchObject({
      cachedInputPerMillion: 0.5,
    })
    expect(own.priceOf(model({ model: 'house' }))).toBeNull()
    expect(own.priceOf(model({}))).toMatchObject({ inputPerMillion: 0.15 })
  })

  it('names the place that is wrong in a broken file of the user, and does without a missing one', () => {
    expect(() => loadPrices(written('broken.json', '{'))).toThrow(/broken\.json cannot be read as JSON/)
    expect(() =>
      loadPrices(written('negative.json', { prices: [{ model: 'a', inputPerMillion: -1, outputPerMillion: 1 }] })),
    ).toThrow(/prices\.0\.inputPerMillion/)
    expect(loadPrices(join(folder, 'none.json'), today).priceOf(model({}))).toMatchObject({ inputPerMillion: 0.15 })
  })

  it('property: any name has a price of finite amounts >= 0 whose cached part is no dearer than the rest, or none', () => {
    const urls = [
      'https://api.openai.com/v1',
      'https://api.anthropic.com',
      'https://openrouter.ai/api/v1',
      'https://x.openai.azure.com',
      null,
    ]
    const names = priceFile
      .parse(JSON.parse(readFileSync(resourcePath('prices.json'), 'utf8')))
      .providers.flatMap((each) => each.models.map((one) => one.id))
    fc.assert(
      fc.property(fc.constantFrom(...urls), fc.oneof(fc.constantFrom(...names), fc.string()), (baseUrl, name) => {
        const price = table.priceOf(model({ baseUrl, model: name }))
        if (price === null) return
        expect(price.inputPerMillion).toBeGreaterThanOrEqual(0)
        expect(Number.isFinite(price.outputPerMillion)).toBe(true)
        if (price.cachedInputPerMillion !== null)
          expect(price.cachedInputPerMillion).toBeLessThanOrEqual(price.inputPerMillion)
      }),
      { seed: 20260821, numRuns: 2000 },
    )
  })
})
