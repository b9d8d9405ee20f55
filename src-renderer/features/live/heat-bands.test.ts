import { describe, expect, it } from 'vitest'
import { heatStep, patchesOf } from './heat-bands.ts'

const columns = [
  { variant: 'a', model: 'm' },
  { variant: 'b', model: 'm' },
]
// Three rows of ten cases, two columns: cells, passed, not passed, failed.
const heat = {
  columns,
  rows: 3,
  casesPerRow: 10,
  tiles: [10, 5, 5, 0, 10, 10, 0, 0, 10, 1, 0, 1, 10, 0, 0, 0, 10, 0, 0, 0, 10, 0, 4, 6],
}

describe('patches of the heat map', () => {
  it('reads one column and knows nothing before the first result', () => {
    expect(patchesOf(heat, 1, 10).map(({ share }) => share)).toEqual([1, null, 0])
  })
  it('counts an answer that never came as not passed', () => {
    expect(patchesOf(heat, 0, 10)[1]).toMatchObject({ done: 2, failed: 1, share: 0.5 })
  })
  it('joins neighbours where there is no room for all, and loses no cell', () => {
    const joined = patchesOf(heat, 0, 2)
    expect(joined.map(({ from, to, cells }) => [from, to, cells])).toEqual([
      [0, 20, 20],
      [20, 30, 10],
    ])
  })
  it('has six steps', () => {
    expect([0, 0.2, 0.5, 0.99, 1].map(heatStep)).toEqual([0, 1, 3, 5, 5])
  })
})
