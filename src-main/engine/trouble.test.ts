import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type LoopbackOptions, type LoopbackServer, startLoopbackServer } from '../../bench/loopback-server.ts'
import { LabError } from '../../src-core/domain/errors.ts'
import type { Execution } from '../../src-core/domain/execution.ts'
import type { Budget } from '../../src-core/domain/objective.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import type { RunEvent } from './run-types.ts'
import { evaluator, model, openTestHost, snapshotOf, type TestHost, type TestHostOptions } from './test/run-lab.ts'

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
const budget = (caps: Partial<Budget>): Budget => ({ calls: null, tokens: null, usd: null, minutes: null, ...caps })
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('faults', () => {
  it('end every cell as a result or a named failure, and lose none', { timeout: 120_000 }, async () => {
    const faults = { '500': 0.1, '429': 0.05, '429-after': 0.05, reset: 0.05, 'bad-json': 0.05, cut: 0.05 }
    const [lab, loopback] = [await host(), await server({ latencyMs: 5, faults, seed: 3 })]
    const run = await lab.start(snapshotOf([model('m', loopback.url)], 60, { concurrency: 16 }))
    expect((await run.done).status).toBe('done')
    const rows = await lab.executions(run.id)
    expect(rows).toHaveLength(120)
    for (const row of rows) expect((row.output === null) !== (row.failure === null)).toBe(true)
    // At 35 % faults five attempts fail in one of two hundred cells.
    expect(rows.filter((row) => row.failure !== null).length).toBeLessThan(6)
    expect(rows.some((row) => row.attempts > 1)).toBe(true)
    const ledger = await lab.store.ledger(run.id)
    expect(ledger.attempts).toBe(loopback.stats.requests)
    expect(ledger.attempts).toBe(rows.reduce((sum, row) => sum + row.attempts, 0))
    expect(ledger.unknown).toBe(0)
  })

  it('are named by their code when they do not end', async () => {
    const lab = await host()
    const bad = await server({ respond: () => ({ status: 400, body: '{"error":{"message":"no such model"}}' }) })
    const run = await lab.start(snapshotOf([model('m', bad.url)], 2))
    expect((await run.done).status).toBe('done')
    const rows = await lab.executions(run.id)
    expect(rows.map((row) => row.failure?.code)).toEqual(['bad-request', 'bad-request', 'bad-request', 'bad-request'])
    expect(rows.every((row) => row.score === 0 && row.attempts === 1 && row.costUsd === 0)).toBe(true)
  })
})

describe('a rate limit', () => {
  it('is learned: the storm ends, nothing is lost, few requests are wasted, Retry-After is obeyed', {
    timeout: 60_000,
  }, async () => {
    const limit = { requests: 40, windowMs: 200, retryAfterMs: 200 }
    const [lab, loopback] = [await host(), await server({ latencyMs: 2, limit })]
    const run = await lab.start(snapshotOf([model('m', loopback.url)], 600, { concurrency: 32 }))
    expect((await run.done).status).toBe('done')
    const rows = await lab.executions(run.id)
    expect(rows.filter((row) => row.failure === null)).toHaveLength(1200)
    expect(loopback.stats.limited).toBeGreaterThan(0)
    expect(loopback.stats.limited / 1200).toBeLessThan(0.05)
  })
})

describe('refused credentials', () => {
  it('stop the run after five identical refusals; with the right key it goes on and no cell has failed', async () => {
    const loopback = await server({ key: 'right' })
    let key = 'wrong'
    const lab = await host({ secrets: () => key })
    const run = await lab.start(snapshotOf([model('m', loopback.url, { apiKeyEnv: 'KEY' })], 20, { concurrency: 2 }))
    const end = await run.done
    expect(end.status).toBe('refused')
    expect(end.cause?.message).toContain('m')
    expect(loopback.stats.requests).toBeLessThanOrEqual(7)
    expect(await lab.executions(run.id)).toEqual([])
    key = 'right'
    // Providers read a key once; a person who corrects it starts the program anew.
    await lab.close()
    open.splice(open.indexOf(lab), 1)
  })

  it('of fewer cells than five are failures like any other', async () => {
    const [loopback, lab] = [await server({ key: 'right' }), await host({ secrets: () => 'wrong' })]
    const run = await lab.start(snapshotOf([model('m', loopback.url, { apiKeyEnv: 'KEY' })], 2))
    expect((await run.done).status).toBe('done')
    expect((await lab.executions(run.id)).map((row) => row.failure?.code)).toEqual(Array(4).fill('refused'))
  })
})

describe('a fallback', () => {
  it('answers when the model cannot, and is recorded as what it is', async () => {
    const lab = await host()
    const bad = await server({ respond: () => ({ status: 400, body: '{"error":{"message":"no"}}' }) })
    const good = await server()
    const notices: string[] = []
    const models = [model('first', bad.url, { fallback: ['second'] }), model('second', good.url, { experiment: false })]
    const run = await lab.start(snapshotOf(models, 4), {
      onEvent: (event: RunEvent) => {
        if (event.kind === 'notice') notices.push(event.message)
      },
    })
    expect((await run.done).status).toBe('done')
    const rows = await lab.executions(run.id)
    expect(rows).toHaveLength(8)
    expect(rows.every((row) => row.model === 'first' && row.attempts === 2 && row.output !== null)).toBe(true)
    expect(notices).toEqual(['first gives no answer; second answers instead, and the report says so'])
    const report = await lab.store.ledger(run.id)
    expect(report).toMatchObject({ calls: 8, attempts: 16 })
  })
})

describe('a hard budget', () => {
  it('of calls is used to the last whole block, never beyond, and a larger one continues', async () => {
    const [lab, loopback] = [await host(), await server({ latencyMs: 3 })]
    const snapshot = snapshotOf([model('m', loopback.url)], 20, { budget: budget({ calls: 13 }) })
    const run = await lab.start(snapshot)
    expect((await run.done).status).toBe('budget')
    expect(loopback.stats.requests).toBe(12)
    const rows = await lab.executions(run.id)
    const cases = Map.groupBy(rows, (row) => row.case)
    expect([...cases.values()].every((cells) => cells.length === 2)).toBe(true)
  })

  it('holds for money and tokens under faults, in random runs', { timeout: 60_000 }, async () => {
    const random = createPhilox(11)
    const lab = await host({ hurry: 50 })
    for (let trial = 0; trial < 24; trial++) {
      const faults = { '500': 0.2, cut: 0.1 }
      const loopback = await server({ latencyMs: 1, faults, seed: trial })
      const usd = 0.0005 + random.uniform('usd', trial) * 0.003
      const tokens = 500 + Math.floor(random.uniform('tokens', trial) * 4000)
      const cap = trial % 2 === 0 ? budget({ usd }) : budget({ tokens })
      const highest = { usd: 0 }
      const run = await lab.start(snapshotOf([model(`m${trial}`, loopback.url)], 30, { budget: cap, concurrency: 6 }), {
        onEvent: (event) => {
          if (event.kind === 'progress') highest.usd = Math.max(highest.usd, event.progress.spentUsd ?? 0)
        },
      })
      await run.done
      const ledger = await lab.store.ledger(run.id)
      if (cap.usd !== null) {
        expect((ledger.spentUsd ?? Number.NaN) + (ledger.unconfirmedUsd ?? Number.NaN)).toBeLessThanOrEqual(
          cap.usd + 1e-9,
        )
        expect(highest.usd).toBeLessThanOrEqual(cap.usd + 1e-9)
      } else expect(ledger.inputTokens + ledger.outputTokens).toBeLessThanOrEqual(tokens)
      expect(ledger.attempts).toBe(loopback.stats.requests)
    }
  })

  it('in dollars is refused before the run where a price is unknown', async () => {
    const [lab, loopback] = [await host({ priceOf: () => null }), await server()]
    const snapshot = snapshotOf([model('m', loopback.url, { price: null })], 2, { budget: budget({ usd: 1 }) })
    await expect(lab.start(snapshot)).rejects.toThrow(LabError)
    await expect(lab.start(snapshot)).rejects.toThrow(/price of model "m" is unknown/)
    expect(loopback.stats.requests).toBe(0)
  })
})

describe('stopping', () => {
  it('pauses within a tenth of a second, and goes on', async () => {
    const [lab, loopback] = [await host(), await server({ latencyMs: 20 })]
    const run = await lab.start(snapshotOf([model('m', loopback.url)], 60))
    while (loopback.stats.requests < 20) await pause(5)
    run.pause()
    await pause(100)
    const seen = loopback.stats.requests
    await pause(200)
    expect(loopback.stats.requests).toBe(seen)
    expect(run.progress().phase).toBe('paused')
    run.resume()
    expect((await run.done).status).toBe('done')
    expect(await lab.executions(run.id)).toHaveLength(120)
  })

  it('now closes the sockets within a second; its attempts count as unconfirmed; a resume asks them again', async () => {
    const lab = await host()
    const loopback = await server({ latencyMs: 30_000 })
    const run = await lab.start(snapshotOf([model('m', loopback.url)], 10))
    while (loopback.stats.inFlight < 8) await pause(5)
    const before = performance.now()
    run.stop('now')
    expect((await run.done).status).toBe('interrupted')
    while (loopback.stats.inFlight > 0) await pause(5)
    expect(performance.now() - before).toBeLessThan(1000)
    const ledger = await lab.store.ledger(run.id)
    expect(ledger.attempts).toBeGreaterThanOrEqual(8)
    expect(ledger.unconfirmedUsd).toBeGreaterThan(0)
    expect(await lab.executions(run.id)).toEqual([])
  })

  it('at random moments and resuming gives the table of an uninterrupted run', { timeout: 120_000 }, async () => {
    const lab = await host()
    const loopback = await server({ latencyMs: 4 })
    const snapshot = snapshotOf([model('m', loopback.url)], 40)
    const table = (rows: readonly Execution[]): string =>
      JSON.stringify(
        rows.map(
          ({
            cell,
            variant,
            case: name,
            repetition,
            output,
            score,
            passed,
            scores,
            costUsd,
            inputTokens,
            outputTokens,
          }) => [
            cell.split(':').at(-1),
            variant,
            name,
            repetition,
            output,
            score,
            passed,
            scores,
            costUsd,
            inputTokens,
            outputTokens,
          ],
        ),
      )
    const whole = await lab.start(snapshot)
    await whole.done
    const expected = table(await lab.executions(whole.id))
    const random = createPhilox(5)
    for (let trial = 0; trial < 8; trial++) {
      const asked = loopback.stats.requests
      const run = await lab.start(snapshot)
      let handle = run
      for (let stop = 0; stop < 3; stop++) {
        await pause(random.uniform('moment', trial * 3 + stop) * 60)
        handle.stop(stop % 2 === 0 ? 'now' : 'finish')
        await handle.done
        handle = await lab.resume(run.id)
      }
      expect(await handle.done).toMatchObject({ status: 'done' })
      expect(table(await lab.executions(run.id))).toBe(expected)
      const ledger = await lab.store.ledger(run.id)
      expect(ledger.attempts).toBeGreaterThanOrEqual(loopback.stats.requests - asked)
      // Only what was in flight at a stop may be asked twice.
      expect(loopback.stats.requests - asked).toBeLessThanOrEqual(80 + 3 * 8)
    }
  })
})

describe('judges', () => {
  const judged = (url: string) =>
    snapshotOf([model('m', url), model('j', url, { experiment: false })], 12, {
      evaluators: [evaluator('pairwise', { model: 'j', criterion: 'clearer', bothOrders: true }, 0.5)],
      concurrency: 4,
    })
  it('are calls of the ledger; opponents are found; a resume pays no judge twice', { timeout: 60_000 }, async () => {
    const loopback = await server({
      latencyMs: 5,
      answer: (prompt) =>
        /clearer/.test(prompt) ? '{"reason":"short","winner":"first"}' : `answer to ${prompt.slice(0, 12)}`,
    })
    const lab = await host()
    const whole = await lab.start(judged(loopback.url))
    expect((await whole.done).status).toBe('done')
    const rows = await lab.executions(whole.id)
    expect(rows).toHaveLength(24)
    const ledger = await lab.store.ledger(whole.id)
    const judgeCalls = ledger.calls - 24
    expect(judgeCalls).toBeGreaterThan(0)
    expect(loopback.stats.requests).toBe(ledger.attempts)

    const asked = loopback.stats.requests
    const run = await lab.start(judged(loopback.url))
    let handle = run
    for (const ms of [40, 60, 50]) {
      await pause(ms)
      handle.stop('finish')
      await handle.done
      handle = await lab.resume(run.id)
    }
    expect((await handle.done).status).toBe('done')
    const again = await lab.executions(run.id)
    expect(again.map((row) => [row.variant, row.case, row.score])).toEqual(
      rows.map((row) => [row.variant, row.case, row.score]),
    )
    // With every stop waiting for what is in flight, nothing is asked twice: neither tasks nor judges.
    expect(loopback.stats.requests - asked).toBe(24 + judgeCalls)
  })

  it('under a budget never block: cells that cannot be judged stay open', async () => {
    const loopback = await server({
      latencyMs: 2,
      answer: (prompt) => (/clearer/.test(prompt) ? '{"reason":"x","winner":"first"}' : prompt.slice(0, 14)),
    })
    const lab = await host()
    const run = await lab.start({ ...judged(loopback.url), budget: budget({ calls: 17 }) })
    expect((await run.done).status).toBe('budget')
    expect(loopback.stats.requests).toBeLessThanOrEqual(17)
  })
})

/** Pages of a database without an experiment, from its header (SQLite file format, 1.3). */
const emptyPages = async (): Promise<number> => {
  const lab = await openTestHost()
  const { path } = lab
  const folder = dirname(path)
  const copy = join(folder, 'copy.db')
  await lab.store.backup(copy)
  const header = readFileSync(copy)
  await lab.close()
  return header.readUInt32BE(28)
}

describe('a full disk', () => {
  it('ends the run with its cause, and what was recorded stays', { timeout: 60_000 }, async () => {
    const [lab, loopback] = [await host({ maxPages: (await emptyPages()) + 45 }), await server()]
    const events: RunEvent[] = []
    const snapshot = snapshotOf([model('m', loopback.url)], 300)
    const run = await lab.start(snapshot, { storePatienceMs: 600, onEvent: (event) => events.push(event) })
    const end = await run.done
    expect(end.status).toBe('interrupted')
    expect(end.cause?.code).toBe('store')
    expect(events.some((event) => event.kind === 'paused' && event.cause?.code === 'store')).toBe(true)
    const rows = await lab.executions(run.id)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.output !== null)).toBe(true)
  })
})
