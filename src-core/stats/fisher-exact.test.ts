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
    [86, 165, 2.2410030352308891e-9, 0.39054787775855258, 0.28210884302428937, 0.53814888639915209],
    [86, 133, 0.00025507193622690398, 0.55024350742442716, 0.39519847485458675, 0.76343613453742172],
    [86, 230, 9.8824070273759615e-26, 0.20287844030980165, 0.14653210897650867, 0.27915873619792839],
    [165, 133, 0.023315435125864415, 1.4089274249775103, 1.0460766161430768, 1.8999301245975806],
    [165, 230, 5.7573323632316854e-6, 0.51939726724300022, 0.38795585475631264, 0.69411291107663225],
    [133, 230, 7.3011072934967941e-12, 0.36866005131347705, 0.27332759778117139, 0.49578009747081908],
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
