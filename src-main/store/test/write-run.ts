/**
 * A small run against the store, as a process of its own: `write-run.ts DATABASE EXPERIMENT CELLS`. Every line on standard
 * output is written after the store has promised it: what a line says must be in the file whatever happens next.
 */
import { writeSync } from 'node:fs'
import { experimentId } from '../../../src-core/domain/ids.ts'
import { openStore } from '../open-store.ts'
import { attemptOf, callIn, endOf, experimentOf, outcomeOf } from './fixtures.ts'

const [path, id, count] = process.argv.slice(2)
if (path === undefined || id === undefined) throw new Error('usage: write-run.ts DATABASE EXPERIMENT CELLS')
const cells = Number(count)
const experiment = experimentId(id)
const store = await openStore({ path })
const owner = `process ${process.pid}`
const known = (await store.findExperiment(id)) !== null
if (!known) await store.createExperiment({ ...experimentOf({ id, cases: cells / 2, owner }) })
else if (!(await store.lease(experiment, owner, 60_000))) throw new Error('the lease of a dead process was not given')

const state = await store.runState(experiment)
const done = new Set([...state.recorded, ...state.answered.map(({ cell }) => Number(cell.split(':').at(-1)))])
const attempted = new Map(state.attempted.map(({ purpose, attempts }) => [purpose, attempts]))
/** The pipe may be full where the test is slow to read: then the line waits, as everything behind it must. */
const tell = (line: string): void => {
  for (;;) {
    try {
      writeSync(1, line)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
  }
}
const say = (what: string, cell: number) => tell(`${what} ${cell}\n`)
tell('begins\n')

for (const { cell, call } of state.answered) {
  const n = Number(cell.split(':').at(-1))
  await store.recordOutcomes(experiment, [outcomeOf({ ...callIn(experiment, n), id: call })])
  say('recorded', n)
}
const waiting = Array.from({ length: cells }, (_, n) => n).filter((n) => !done.has(n))
const worker = async (): Promise<void> => {
  for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
    const call = callIn(experiment, n)
    const attempt = (attempted.get(call.purpose) ?? 0) + 1
    await store.attemptsSent([call], [attemptOf(call, attempt)])
    say('sent', n)
    await store.callsEnded([endOf(call, { attempt })])
    say('ended', n)
    await store.recordOutcomes(experiment, [outcomeOf(call)])
    say('recorded', n)
  }
}
await Promise.all(Array.from({ length: 8 }, worker))
await store.finishExperiment(experiment, owner, 'done', 1)
await store.close()
