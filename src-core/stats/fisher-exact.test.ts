import { describe, expect, it } from 'vitest'
import { fisherExact } from './fisher-exact.ts'
import { expectClose, got } from './test/reference.ts'

describe("Fisher's exact test", () => {
  // The six pairs of gsm8k.csv, 400 problems each: conditional likelihood at 40 digits (mpmath, bisection to 1e-40).
  // R's fisher.test prints .39054747064 [.282109912473, .538147608363] for the first: its uniroot stops at 1.22e-4.
  const exact: readonly (readonly [
    first: number,
    second: number,
    p: number,
    odds: number,
    low: number,
    high: number,
  ])[] = [
    [86, 165, 2.2410030352308893e-9, 0.3905478777585526, 0.28210884302428935, 0.538148886399152],
    [86, 133, 0.000255071936226904, 0.5502435074244272, 0.39519847485458676, 0.7634361345374218],
    [86, 230, 9.882407027375962e-26, 0.20287844030980165, 0.14653210897650867, 0.2791587361979284],
    [165, 133, 0.023315435125864415, 1.4089274249775103, 1.0460766161430768, 1.8999301245975806],
    [165, 230, 0.000005757332363231685, 0.5193972672430002, 0.3879558547563126, 0.6941129110766322],
    [133, 230, 7.301107293496794e-12, 0.36866005131347707, 0.2733275977811714, 0.4957800974708191],
  ]
  for (const [first, second, p, odds, low, high] of exact)
    it(`${first} against ${second} of 400`, () => {
      const r = got(fisherExact({ successes: first, n: 400 }, { successes: second, n: 400 }))
      expectClose(r.p, p, 1e-9)
      expectClose(r.oddsRatio, odds, 1e-9)
      expectClose(r.ci[0], low, 1e-9)
      expectClose(r.ci[1], high, 1e-9)
    })
  it('ends at 0 and infinity where a cell is empty, and refuses an empty margin', () => {
    const r = got(fisherExact({ successes: 0, n: 5 }, { successes: 3, n: 5 }))
    expect([r.oddsRatio, r.ci[0]]).toEqual([0, 0])
    expectClose(r.p, 1 / 6, 1e-12)
    expect(got(fisherExact({ successes: 5, n: 5 }, { successes: 3, n: 5 })).ci[1]).toBe(Infinity)
    expect(fisherExact({ successes: 0, n: 5 }, { successes: 0, n: 5 })).toMatchObject({ reason: 'constant' })
  })
})
