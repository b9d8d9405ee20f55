import { expect, test } from 'vitest'
import { createThreadGovernor } from './thread-governor.ts'

/** A machine on which each pass takes 100 ms of wall clock and gets a share of the processors. */
const machine = (full: number) => {
  let wall = 0
  let cpu = 0
  const state = { cores: full, used: [] as number[] }
  const governor = createThreadGovernor({
    full,
    now: () => wall,
    cpuMs: () => cpu,
    use: (threads) => state.used.push(threads),
  })
  const pass = (pinned = false) =>
    governor.during(pinned, async () => {
      wall += 100
      cpu += 100 * Math.min(state.cores, state.used.at(-1) ?? full)
    })
  return { governor, pass, state, wait: (ms: number) => (wall += ms) }
}

test('an idle machine keeps all threads', async () => {
  const { pass, governor } = machine(4)
  for (let i = 0; i < 20; i++) await pass()
  expect(governor.threads).toBe(4)
})

test('threads without a core are given up, and tried again later', async () => {
  const { pass, governor, state, wait } = machine(4)
  state.cores = 2
  for (let i = 0; i < 4; i++) await pass()
  expect(governor.threads).toBe(2)
  state.cores = 4
  wait(3_000)
  for (let i = 0; i < 4; i++) await pass()
  expect(governor.threads).toBe(4)
})

test('a pinned pass uses all threads and teaches nothing', async () => {
  const { pass, governor, state } = machine(4)
  state.cores = 1
  for (let i = 0; i < 10; i++) await pass(true)
  expect(new Set(state.used)).toEqual(new Set([4]))
  expect(governor.threads).toBe(4)
})
