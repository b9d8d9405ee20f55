import { afterEach, describe, expect, it } from 'vitest'
import { type LoopbackOptions, type LoopbackServer, startLoopbackServer } from '../../bench/loopback-server.ts'
import type { RunEvent } from './run-types.ts'
import { model, openTestHost, snapshotOf, type TestHost, type TestHostOptions } from './test/run-lab.ts'

const open: { close(): Promise<void> }[] = []
const host = async (options: TestHostOptions = {}): Promise<TestHost> => {
  const made = await openTestHost(options)
  open.push(made)
  return made
}
const server = async (options: LoopbackOptions = {}): Promise<LoopbackServer> => {
  const made = await startLoopbackServer(options)
  open.push(made)
  return made
}
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

describe('a run', () => {
  it('answers, scores and records every cell, and accounts for every request', async () => {
    const [lab, loopback] = [await host(), await server({ latencyMs: 5 })]
    const events: RunEvent[] = []
    const run = await lab.start(snapshotOf([model('m', loopback.url)], 30), { onEvent: (event) => events.push(event) })
    const end = await run.done
    expect(end).toMatchObject({ status: 'done', cause: null })
    const rows = await lab.executions(run.id)
    expect(rows).toHaveLength(60)
    for (const row of rows) {
      expect(row.output).toMatch(/^(spam|ham)$/)
      expect(row.failure).toBeNull()
      expect(row.score).toBe(row.passed ? 1 : 0)
      expect(row.attempts).toBe(1)
    }
    expect(rows.some((row) => row.passed) && rows.some((row) => !row.passed)).toBe(true)
    const ledger = await lab.store.ledger(run.id)
    expect(ledger).toMatchObject({ calls: 60, attempts: 60, unknown: 0, cached: 0 })
    expect(loopback.stats.requests).toBe(60)
    expect(loopback.stats.maxInFlight).toBeLessThanOrEqual(8)
    const cost = rows.reduce((sum, row) => sum + (row.costUsd ?? Number.NaN), 0)
    expect(ledger.spentUsd).toBeCloseTo(cost, 12)
    expect((await lab.store.findExperiment(run.id))?.status).toBe('done')
    const last = events.filter((event) => event.kind === 'progress').at(-1)
    expect(last?.progress).toMatchObject({ phase: 'ended', done: 60, cells: 60, failed: 0, attempts: 60, inFlight: 0 })
    expect(last?.progress.spentUsd).toBeCloseTo(cost, 12)
  })

  it('records a case without a variable as a failure, without a call', async () => {
    const [lab, loopback] = [await host(), await server()]
    const snapshot = snapshotOf([model('m', loopback.url)], 3)
    const cases = snapshot.cases.map((one, n) => (n === 1 ? { ...one, inputs: {} } : one))
    const run = await lab.start({ ...snapshot, cases })
    expect((await run.done).status).toBe('done')
    const failed = (await lab.executions(run.id)).filter((row) => row.failure !== null)
    expect(failed.map((row) => [row.case, row.failure?.code, row.score, row.attempts])).toEqual([
      ['case-1', 'render', 0, 0],
      ['case-1', 'render', 0, 0],
    ])
    expect(loopback.stats.requests).toBe(4)
  })

  it('takes answers from the cache, and with cache: only makes no call at all', async () => {
    const [lab, loopback] = [await host(), await server()]
    const snapshot = snapshotOf([model('m', loopback.url)], 5, { cache: 'read-write' })
    const first = await lab.start(snapshot)
    await first.done
    expect(loopback.stats.requests).toBe(10)
    const second = await lab.start(snapshot)
    await second.done
    expect(loopback.stats.requests).toBe(10)
    const [before, after] = [await lab.executions(first.id), await lab.executions(second.id)]
    expect(after.map((row) => row.output)).toEqual(before.map((row) => row.output))
    expect(after.every((row) => row.fromCache && row.costUsd !== null)).toBe(true)
    expect(await lab.store.ledger(second.id)).toMatchObject({ cached: 10, attempts: 0, spentUsd: 0 })
    const grown = { ...snapshotOf([model('m', loopback.url)], 6, { cache: 'only' }) }
    const third = await lab.start(grown)
    expect((await third.done).status).toBe('done')
    const rows = await lab.executions(third.id)
    expect(rows.filter((row) => row.fromCache)).toHaveLength(10)
    expect(rows.filter((row) => row.failure?.code === 'not-cached')).toHaveLength(2)
    expect(loopback.stats.requests).toBe(10)
  })
})
