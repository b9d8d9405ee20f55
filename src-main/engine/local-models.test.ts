import { expect, it } from 'vitest'
import type { Provider } from '../../src-core/ports/provider.ts'
import { evaluator, model, openTestHost, snapshotOf } from './test/run-lab.ts'

const local = (id: string, experiment = true) =>
  model(id, 'http://127.0.0.1:9', { provider: 'ollama', model: id, experiment, price: null })

/** A local server as the port sees it: answers at once, refuses a model that is not in memory. */
const machine = () => {
  const log: string[] = []
  let resident: string | null = null
  let active = 0
  let mostActive = 0
  const provider: Provider = {
    id: 'ollama',
    async complete({ model: asked }) {
      if (resident !== asked.id) throw new Error(`${asked.id} is not in memory, ${resident} is`)
      active++
      mostActive = Math.max(mostActive, active)
      await new Promise((resolve) => setTimeout(resolve, 1))
      active--
      return {
        output: asked.id === 'judge' ? '{"reason":"x","winner":"first"}' : `from ${asked.id}, ${Math.random()}`,
        finishReason: 'stop',
        servedModel: asked.id,
        inputTokens: 1,
        outputTokens: 1,
        cachedInputTokens: null,
        latencyMs: 1,
        firstTokenMs: null,
        batched: false,
      }
    },
    async prepare({ id }) {
      log.push(id)
      resident = id
    },
    async release() {
      resident = null
    },
    identify: async () => ({ digest: 'sha256:x', contextLength: 2048, simulated: false }),
    dispose: async () => undefined,
  }
  return { log, provider, mostActive: () => mostActive }
}

it('runs local models one after the other, one call at a time', async () => {
  const { log, provider, mostActive } = machine()
  const lab = await openTestHost({ provider, priceOf: () => null })
  try {
    const run = await lab.start(snapshotOf([local('a'), local('b')], 20))
    expect(await run.done).toMatchObject({ status: 'done', cause: null })
    const rows = await lab.executions(run.id)
    expect(rows).toHaveLength(80)
    expect(rows.flatMap((row) => row.failure ?? [])).toEqual([])
    expect(log).toEqual(['a', 'b'])
    expect(mostActive()).toBe(1)
  } finally {
    await lab.close()
  }
})

it('changes between a local model and its local judge in long turns, not per call', { timeout: 30_000 }, async () => {
  const { log, provider } = machine()
  const lab = await openTestHost({ provider, priceOf: () => null })
  try {
    const pairwise = evaluator('pairwise', { model: 'judge' }, 0.5)
    const run = await lab.start(snapshotOf([local('a'), local('judge', false)], 100, { evaluators: [pairwise] }))
    expect((await run.done).status).toBe('done')
    const rows = await lab.executions(run.id)
    expect(rows.every((row) => row.failure === null && !row.scores.some((score) => score.failed))).toBe(true)
    const judged = (await lab.store.ledger(run.id)).calls - 200
    expect(judged).toBe(200)
    // 400 calls; one turn holds about a window of cells.
    expect(log.length).toBeLessThan(30)
  } finally {
    await lab.close()
  }
})

it('never blocks where the budget ends between a local model and its local judge', { timeout: 30_000 }, async () => {
  for (let calls = 6; calls <= 14; calls++) {
    const { provider } = machine()
    const lab = await openTestHost({ provider, priceOf: () => null })
    try {
      const budget = { calls, tokens: null, usd: null, minutes: null }
      const pairwise = evaluator('pairwise', { model: 'judge' }, 0.5)
      const run = await lab.start(
        snapshotOf([local('a'), local('judge', false)], 40, { evaluators: [pairwise], budget }),
      )
      expect((await run.done).status).toBe('budget')
      expect((await lab.store.ledger(run.id)).attempts).toBeLessThanOrEqual(calls)
    } finally {
      await lab.close()
    }
  }
})
