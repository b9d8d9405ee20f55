import { describe, expect, it } from 'vitest'
import { adwinBound, cusum, fRace, klBounds, pageHinkley, siegmundRunLength, topTwoThompson } from './index.ts'

const nan = Number.NaN

describe('a value that is not a number is refused, never carried along', () => {
  const calls: readonly [string, () => unknown][] = [
    ['cusum', () => cusum([1, nan, 2])],
    ['cusum, allowance', () => cusum([1, 2], nan)],
    ['cusum, infinite', () => cusum([1, Infinity])],
    ['siegmundRunLength', () => siegmundRunLength(4, 0.5, nan)],
    ['pageHinkley', () => pageHinkley([0.5, nan, 0.1], { threshold: 1 })],
    ['adwinBound', () => adwinBound(10, 10, nan)],
    ['fRace', () => fRace(Array.from({ length: 6 }, () => [0.2, nan, 0.4]))],
    ['fRace, before its first test', () => fRace([[0.2, nan]])],
    ['klBounds', () => klBounds(nan, 10, 1)],
    ['topTwoThompson', () => topTwoThompson([{ mean: nan, sd: 1, n: 3 }], { normal: () => 0, coin: 0.2, variance: 1 })],
  ]
  it.each(calls)('%s', (_, call) => expect(call).toThrow(RangeError))
})
