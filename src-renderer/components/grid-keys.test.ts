import { expect, test } from 'vitest'
import { moveInGrid, rangeOf } from './grid-keys.ts'

const size = { rows: 100_000, columns: 8, page: 20 }
const at = { row: 50, column: 3 }

test.each([
  ['ArrowDown', false, { row: 51, column: 3 }],
  ['ArrowUp', false, { row: 49, column: 3 }],
  ['ArrowLeft', false, { row: 50, column: 2 }],
  ['ArrowRight', false, { row: 50, column: 4 }],
  ['Home', false, { row: 50, column: 0 }],
  ['End', false, { row: 50, column: 7 }],
  ['Home', true, { row: 0, column: 0 }],
  ['End', true, { row: 99_999, column: 7 }],
  ['PageDown', false, { row: 70, column: 3 }],
  ['PageUp', false, { row: 30, column: 3 }],
  ['ArrowDown', true, { row: 99_999, column: 3 }],
  ['ArrowRight', true, { row: 50, column: 7 }],
  ['a', false, null],
])('%s with mod %s', (key, mod, expected) => {
  expect(moveInGrid(key, at, size, mod)).toEqual(expected)
})

test('nothing leads out of the grid, also out of an empty one', () => {
  const keys = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End']
  for (const rows of [0, 1, 3]) {
    for (const key of keys) {
      for (const mod of [true, false]) {
        const to = moveInGrid(key, { row: Math.max(0, rows - 1), column: 0 }, { rows, columns: 1, page: 10 }, mod)
        expect(to?.row).toBeGreaterThanOrEqual(0)
        expect(to?.row).toBeLessThanOrEqual(Math.max(0, rows - 1))
        expect(to?.column).toBe(0)
      }
    }
  }
})

test('a range is the same whichever corner it began at', () => {
  const a = { row: 9, column: 1 }
  const b = { row: 2, column: 5 }
  expect(rangeOf(a, b)).toEqual(rangeOf(b, a))
  expect(rangeOf(a, b)).toEqual({ top: 2, bottom: 9, left: 1, right: 5 })
})
