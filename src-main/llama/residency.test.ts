import { expect, test } from 'vitest'
import type { LlamaChild } from './llama-child.ts'
import { createResidency } from './residency.ts'

const signal = new AbortController().signal

const setUp = () => {
  const events: string[] = []
  const alive = new Map<string, boolean>()
  const load = (name: string) => async (): Promise<LlamaChild> => {
    events.push(`load ${name}`)
    alive.set(name, true)
    return {
      model: { loadMs: 0, contextLength: 1, sequences: 1, batchFrom: null, gpu: null },
      generate: () => {
        throw new Error('not asked')
      },
      get alive() {
        return alive.get(name) === true
      },
      kill: () => {
        events.push(`kill ${name}`)
        alive.set(name, false)
      },
    }
  }
  return { events, alive, load, residency: createResidency() }
}

test('calls to one model share it; another waits for them and takes its place', async () => {
  const { events, load, residency } = setUp()
  const first = await residency.acquire('a', load('a'), signal)
  const second = await residency.acquire('a', load('a'), signal)
  const other = residency.acquire('b', load('b'), signal)
  const later = residency.acquire('a', load('a'), signal)
  first.release()
  first.release()
  expect(events).toEqual(['load a'])
  second.release()
  ;(await other).release()
  expect((await later).child.alive).toBe(true)
  expect(events).toEqual(['load a', 'kill a', 'load b', 'kill b', 'load a'])
})

test('a model whose process died is loaded anew', async () => {
  const { events, alive, load, residency } = setUp()
  ;(await residency.acquire('a', load('a'), signal)).release()
  alive.set('a', false)
  ;(await residency.acquire('a', load('a'), signal)).release()
  expect(events.filter((event) => event === 'load a')).toHaveLength(2)
})

test('a load that fails fails its call only', async () => {
  const { load, residency } = setUp()
  const bad = residency.acquire('a', () => Promise.reject(new Error('no memory')), signal)
  const good = residency.acquire('b', load('b'), signal)
  await expect(bad).rejects.toThrow('no memory')
  expect((await good).child.alive).toBe(true)
})

test('an aborted call leaves the queue', async () => {
  const { events, load, residency } = setUp()
  const held = await residency.acquire('a', load('a'), signal)
  const controller = new AbortController()
  const waiting = residency.acquire('b', load('b'), controller.signal)
  controller.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  held.release()
  expect(events).toEqual(['load a'])
})

test('releasing frees an idle model, and never one that works', async () => {
  const { events, load, residency } = setUp()
  const held = await residency.acquire('a', load('a'), signal)
  residency.release('a')
  expect(events).toEqual(['load a'])
  held.release()
  residency.release('b')
  residency.release('a')
  expect(events).toEqual(['load a', 'kill a'])
})
