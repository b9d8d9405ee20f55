import { describe, expect, it } from 'vitest'
import type { MatrixCell, MatrixRow } from '../../../src-main/workspace/experiment-types.ts'
import { blockCells } from './block-cells.ts'

const cell = (number: number): MatrixCell => ({
  cell: number,
  score: 1,
  total: 1,
  recorded: 1,
  passed: 1,
  failed: 0,
  latencyMs: null,
  costUsd: null,
  excerpt: '',
  rated: false,
  excluded: false,
  comments: 0,
})
const row = (index: number): MatrixRow => ({
  index,
  position: index,
  case: `c${index}`,
  label: '',
  cells: [0, 1, 2].map((column) => cell(index * 3 + column)),
})
const numbers = (anchor: readonly [number, number], active: readonly [number, number], loaded = 10) =>
  blockCells(
    { anchor: { row: anchor[0], column: anchor[1] }, active: { row: active[0], column: active[1] } },
    3,
    (index) => (index < loaded ? row(index) : undefined),
  )

describe('the cells of a selected block', () => {
  it('takes the rectangle between the corners, whichever was first', () => {
    expect(numbers([1, 2], [2, 3]).cells.map((one) => one.cell)).toEqual([4, 5, 7, 8])
    expect(numbers([2, 3], [1, 2]).cells.map((one) => one.cell)).toEqual([4, 5, 7, 8])
  })
  it('takes whole rows where only the case is selected', () => {
    expect(numbers([0, 0], [1, 0]).cells.map((one) => one.cell)).toEqual([0, 1, 2, 3, 4, 5])
  })
  it('takes a row up to the corner where the case is one side of the block', () => {
    expect(numbers([0, 0], [0, 2]).cells.map((one) => one.cell)).toEqual([0, 1])
  })
  it('counts rows that are not loaded instead of leaving them out in silence', () => {
    expect(numbers([0, 1], [3, 1], 2)).toMatchObject({ missing: 2 })
  })
  it('does not walk through a block that is too large to be marked', () => {
    expect(numbers([0, 1], [500_000, 1])).toEqual({ cells: [], missing: 0, tooMany: true })
  })
})
