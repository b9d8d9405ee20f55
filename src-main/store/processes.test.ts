import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { experimentId } from '../../src-core/domain/ids.ts'
import { openStore } from './open-store.ts'
import { openDirect } from './test/direct.ts'
import { attemptOf, callIn, endOf, experimentOf, outcomeOf, temporaryFolder } from './test/fixtures.ts'

const program = fileURLToPath(new URL('./test/write-run.ts', import.meta.url))
/** More trials of the same kind; the default stays within the patience of a test run. */
const trials = Number(process.env.PROMPT_LAB_CRASH_TRIALS ?? 20)

const start = (path: string, id: string, cells: number) => {
  const child = spawn(process.execPath, [program, path, id, String(cells)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const out = { lines: '', errors: '' }
  child.stdout.on('data', (chunk) => {
    out.lines += chunk
  })
  child.stderr.on('data', (chunk) => {
    out.errors += chunk
  })
  const acknowledged = (what: string): number[] =>
    [...out.lines.matchAll(new RegExp(`^${what} (\\d+)\\n`, 'gm'))].map((match) => Number(match[1]))
  return { child, out, acknowledged, ended: once(child, 'close') }
}

it('killed at any moment: nothing acknowledged is lost, nothing doubled, the ledger says at least what was sent', {
  timeout: 60_000 + trials * 5_000,
}, async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const id = experimentId('killed-run')
  const cells = 4_000
  const recorded = new Set<number>()
  const ended = new Set<number>()
  let sent = 0
  let cut = 0
  for (let trial = 0; trial < trials; trial++) {
    const run = start(path, id, cells)
    await once(run.child.stdout, 'data')
    await delay((trial * 37) % 101)
    if (run.child.exitCode === null) cut += 1
    run.child.kill('SIGKILL')
    await run.ended
    expect(run.out.errors).toBe('')
    sent += run.acknowledged('sent').length
    for (const n of run.acknowledged('ended')) ended.add(n)
    for (const n of run.acknowledged('recorded')) recorded.add(n)
    // A cell whose result was acknowledged is never sent again.
    using lab = openDirect(path)
    const state = lab.read('runState', id)
    const there = new Set(state.recorded)
    expect([...recorded].filter((n) => !there.has(n))).toEqual([])
    expect(state.recorded).toHaveLength(there.size)
    const answered = new Set([...there, ...state.answered.map(({ cell }) => Number(cell.split(':').at(-1)))])
    expect([...ended].filter((n) => !answered.has(n))).toEqual([])
    expect(lab.read('ledger', id).attempts).toBeGreaterThanOrEqual(sent)
    expect(lab.read('verify')).toEqual({ ok: true, problems: [] })
  }
  expect(cut).toBeGreaterThan(trials / 2)
  expect(recorded.size).toBeGreaterThan(0)
})

it('several processes write at once and no "database is locked" surfaces', { timeout: 60_000 }, async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const cells = 300
  // All three start on a file that does not exist: they also race to make it.
  const runs = ['one', 'two'].map((id) => start(path, id, cells))
  const store = await openStore({ path })
  const mine = experimentOf({ id: 'three', cases: cells / 2 })
  await store.createExperiment(mine)
  for (let n = 0; n < cells; n++) {
    const call = callIn(mine.id, n)
    await store.attemptsSent([call], [attemptOf(call)])
    await store.callsEnded([endOf(call)])
    await store.recordOutcomes(mine.id, [outcomeOf(call)])
    if (n % 50 === 0)
      await store.registerVariant('spam', { ...mine.snapshot.variants[0]!, name: `made while running ${n}` })
  }
  for (const run of runs) {
    const [code] = await run.ended
    expect(run.out.errors).toBe('')
    expect(code).toBe(0)
    expect(run.acknowledged('recorded')).toHaveLength(cells)
  }
  const records = await store.experiments()
  expect(records.map(({ results }) => results)).toEqual([cells, cells, cells])
  expect(await store.verify()).toEqual({ ok: true, problems: [] })
  await store.close()
})

it('another live process cannot take the lease; a killed one leaves it at once', { timeout: 30_000 }, async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const id = experimentId('held')
  const run = start(path, id, 100_000)
  await once(run.child.stdout, 'data')
  const store = await openStore({ path })
  expect(await store.lease(id, 'me', 60_000)).toBe(false)
  expect((await store.findExperiment(id))?.status).toBe('running')
  run.child.kill('SIGKILL')
  await run.ended
  expect((await store.findExperiment(id))?.status).toBe('interrupted')
  expect(await store.lease(id, 'me', 60_000)).toBe(true)
  await store.close()
})
