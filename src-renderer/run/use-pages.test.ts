import { describe, expect, it } from 'vitest'
import { pagesOf } from './use-pages.ts'

describe('pages that hold rows', () => {
  it('names each page once, in order', () => {
    expect(
      pagesOf(
        [
          [250, 330],
          [0, 120],
        ],
        1_000,
      ),
    ).toEqual([0, 1, 2, 3])
  })
  it('never asks beyond the end', () => {
    expect(pagesOf([[80, 900]], 150)).toEqual([0, 1])
    expect(pagesOf([[0, 40]], 0)).toEqual([0])
  })
})
