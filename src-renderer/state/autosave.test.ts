import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAutosave } from './autosave.ts'
import { overallSave, type SaveState } from './shell.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const setUp = (save: (value: string) => Promise<unknown>) => {
  const states: SaveState[] = []
  const autosave = createAutosave<string>({ save, onState: (state) => states.push(state) })
  return { autosave, states }
}

test('saves once, 500 ms after the last keystroke', async () => {
  const saved: string[] = []
  const { autosave, states } = setUp(async (text) => saved.push(text))
  for (const text of ['a', 'ab', 'abc']) {
    autosave.change(text)
    await vi.advanceTimersByTimeAsync(499)
  }
  expect(saved).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(saved).toEqual(['abc'])
  expect(states.at(-1)).toBe('saved')
})

test('a flush saves at once, and what was typed meanwhile follows in order', async () => {
  const saved: string[] = []
  let release = (): void => undefined
  const { autosave } = setUp(async (text) => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    saved.push(text)
  })
  autosave.change('first')
  const flushed = autosave.flush()
  autosave.change('second')
  autosave.change('third')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(saved).toEqual([])
  release()
  await vi.advanceTimersByTimeAsync(0)
  release()
  expect(await flushed).toBe(true)
  expect(saved).toEqual(['first', 'third'])
})

test('a failed save keeps the draft and tries it again', async () => {
  const saved: string[] = []
  let broken = true
  const { autosave, states } = setUp(async (text) => {
    if (broken) throw new Error('disk full')
    saved.push(text)
  })
  autosave.change('precious')
  await vi.advanceTimersByTimeAsync(500)
  expect([states.at(-1), saved]).toEqual(['failed', []])
  expect(await autosave.flush()).toBe(false)
  broken = false
  expect(await autosave.flush()).toBe(true)
  expect([states.at(-1), saved]).toEqual(['saved', ['precious']])
})

test('what is newer wins over a failed save', async () => {
  const saved: string[] = []
  let release = (): void => undefined
  let broken = true
  const { autosave } = setUp(async (text) => {
    await new Promise<void>((resolve) => {
      release = resolve
    })
    if (broken) throw new Error('busy')
    saved.push(text)
  })
  autosave.change('old')
  const first = autosave.flush()
  autosave.change('new')
  release()
  expect(await first).toBe(false)
  broken = false
  const second = autosave.flush()
  release()
  await second
  expect(saved).toEqual(['new'])
})

test('the status bar shows the most pressing state', () => {
  expect(overallSave({})).toBe('saved')
  expect(overallSave({ a: 'saved', b: 'failed', c: 'saving' })).toBe('failed')
  expect(overallSave({ a: 'unsaved', b: 'saved' })).toBe('unsaved')
})
