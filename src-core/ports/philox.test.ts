import { describe, expect, it } from 'vitest'
import { createPhilox, philox4x32 } from './philox.ts'

describe('Philox4x32-10', () => {
  // Known answers of the authors' library Random123 (tests/kat_vectors).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('counter %j, key %j', (counter, key, words) => {
    expect(philox4x32(counter, key)).toEqual(words)
  })
})

describe('the random port', () => {
  it('is a pure function of seed, stream and index', () => {
    const random = createPhilox(7)
    const forwards = [0, 1, 2, 2 ** 40].map((i) => random.uniform('a', i))
    const backwards = [2 ** 40, 2, 1, 0].map((i) => createPhilox(7).uniform('a', i)).reverse()
    expect(backwards).toEqual(forwards)
    expect(new Set(forwards).size).toBe(4)
    expect(random.uniform('b', 0)).not.toBe(random.uniform('a', 0))
    expect(createPhilox(8).uniform('a', 0)).not.toBe(random.uniform('a', 0))
    expect(createPhilox(2 ** 33 + 7).uniform('a', 0)).not.toBe(random.uniform('a', 0))
  })

  it('is uniform in [0, 1)', () => {
    const random = createPhilox(1)
    const bins = Array.from({ length: 20 }, () => 0)
    for (let i = 0; i < 20_000; i++) {
      const u = random.uniform('bins', i)
      expect(u >= 0 && u < 1).toBe(true)
      const bin = Math.floor(u * 20)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    // Chi-square with 19 degrees of freedom: 43.8 is the 0.001 quantile of the upper tail.
    const chiSquare = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(43.8)
  })
})
