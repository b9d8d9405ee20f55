import { describe, expect, it } from 'vitest'
import { defaultTimeouts, type ModelReference } from '../../src-core/domain/model.ts'
import { type Provider, ProviderFailure } from '../../src-core/ports/provider.ts'
import { createResidency } from './residency.ts'

const local = (id: string): ModelReference => ({
  id,
  provider: 'ollama',
  model: id,
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 1, stop: [], responseFormat: null },
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
})

/** A machine that remembers what it was told; the second argument names models that cannot be loaded. */
const machine = (broken: readonly string[] = []) => {
  const log: string[] = []
  const provider: Provider = {
    id: 'ollama',
    complete: async () => {
      throw new Error('nothing is asked here')
    },
    prepare: async (model) => {
      log.push(`load ${model.id}`)
      if (broken.includes(model.id)) throw new ProviderFailure('crashed', 'no memory')
    },
    release: async (model) => {
      log.push(`free ${model.id}`)
    },
    identify: async () => ({ digest: null, contextLength: null, simulated: false }),
    dispose: async () => undefined,
  }
  const residency = createResidency({
    provider: async () => provider,
    wake: () => undefined,
    signal: new AbortController().signal,
    notice: () => undefined,
  })
  return { log, residency }
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const [a, b] = [local('a'), local('b')]

describe('the resident model', () => {
  it('stays while it is wanted, and gives way when nothing of it waits or runs', async () => {
    const { log, residency } = machine()
    residency.demand(a, 2)
    residency.demand(b, 1)
    expect(residency.ready(a, { alone: true })).toBe(false)
    await settled()
    expect(residency.ready(a, { alone: true })).toBe(true)
    expect(residency.ready(b, { alone: true })).toBe(false)
    residency.demand(a, -1)
    expect(residency.ready(b, { alone: true })).toBe(false)
    await settled()
    expect(residency.ready(a, { alone: true })).toBe(true)
    residency.demand(a, -1)
    expect(residency.ready(b, { alone: true })).toBe(false)
    await settled()
    expect(residency.ready(b, { alone: true })).toBe(true)
    expect(residency.ready(a, { alone: true })).toBe(false)
    expect(log).toEqual(['load a', 'free a', 'load b'])
  })

  it('may have company where the lab gives that up', async () => {
    const { log, residency } = machine()
    residency.ready(a, { alone: false })
    residency.ready(b, { alone: false })
    await settled()
    expect(residency.ready(a, { alone: false }) && residency.ready(b, { alone: false })).toBe(true)
    expect(log).toEqual(['load a', 'load b'])
  })

  it('that cannot be loaded says why, once, and may be tried again', async () => {
    const { log, residency } = machine(['a'])
    residency.ready(a, { alone: true })
    await settled()
    expect(residency.ready(a, { alone: true })).toBe(false)
    expect(residency.takeTrouble(a)).toBeInstanceOf(ProviderFailure)
    expect(residency.takeTrouble(a)).toBeUndefined()
    expect(log).toEqual(['load a'])
    residency.ready(a, { alone: true })
    await settled()
    expect(log).toEqual(['load a', 'load a'])
  })
})
