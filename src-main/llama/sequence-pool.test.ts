import { expect, test } from 'vitest'
import { chooseSequence, commonPrefix, type SequenceState } from './sequence-pool.ts'

const state = (index: number, rest: Partial<SequenceState> = {}): SequenceState => ({
  index,
  busy: false,
  tokens: [],
  affinity: null,
  usedAt: 0,
  ...rest,
})

test('a common prefix ends at the first difference or the shorter end', () => {
  expect(commonPrefix([1, 2, 3], [1, 2, 4])).toBe(2)
  expect(commonPrefix([1, 2], [1, 2, 3])).toBe(2)
  expect(commonPrefix([], [1])).toBe(0)
})

test('a variant gets its own sequence, the one with the longest common beginning', () => {
  const sequences = [
    state(0, { affinity: 'b', tokens: [1, 2, 3, 4, 5], usedAt: 1 }),
    state(1, { affinity: 'a', tokens: [1, 2, 9], usedAt: 2 }),
    state(2, { affinity: 'a', tokens: [1, 2, 3, 9], usedAt: 3 }),
    state(3),
  ]
  expect(chooseSequence(sequences, [1, 2, 3, 4, 5, 6], 'a')?.index).toBe(2)
})

test('a short common beginning does not let one variant throw out another', () => {
  const sequences = [state(0, { affinity: 'a', tokens: [1, 2, 3, 4], usedAt: 1 }), state(1)]
  expect(chooseSequence(sequences, [1, 2, 8, 9, 10, 11], 'b')?.index).toBe(1)
})

test('without a fresh one, the least recently used goes, copies first', () => {
  const old = state(0, { affinity: 'a', tokens: [1], usedAt: 1 })
  const sequences = [
    old,
    state(1, { affinity: 'b', tokens: [2], usedAt: 3 }),
    state(2, { affinity: 'c', tokens: [2], usedAt: 2 }),
  ]
  expect(chooseSequence(sequences, [7], 'd')?.index).toBe(0)
  expect(chooseSequence([...sequences, state(3, { affinity: 'b', tokens: [2], usedAt: 4 })], [7], 'd')?.index).toBe(1)
})

test('busy sequences are never chosen', () => {
  expect(chooseSequence([state(0, { busy: true, affinity: 'a' })], [1], 'a')).toBeNull()
})

test('of equals the one beside a busy one is chosen, so that both decode in one pass', () => {
  const own = { affinity: 'a', tokens: [1, 2], usedAt: 1 }
  const sequences = [state(0, own), state(1, { ...own, affinity: 'b' }), state(2, own), state(3, { busy: true })]
  expect(chooseSequence(sequences, [1, 2, 3], 'a')?.index).toBe(2)
})

test('a request without affinity takes a sequence that holds half of its prompt', () => {
  const sequences = [state(0, { affinity: 'a', tokens: [1, 2, 3], usedAt: 1 }), state(1)]
  expect(chooseSequence(sequences, [1, 2, 3, 4], null)?.index).toBe(0)
  expect(chooseSequence(sequences, [1, 9, 9, 9], null)?.index).toBe(1)
})
