import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asymptoticSequence,
  bernoulliDifference,
  bernoulliSequence,
  bettingGame,
  bettingP,
  bettingSequence,
  empiricalBernsteinSequence,
  expectedImprovement,
  fRace,
  logExpectedImprovement,
  normalQuantile,
  ppiOfUnits,
  ppiPaired,
  probabilityBetaGreater,
  sampleRatioTest,
  sequentialSampleRatio,
  topTwoThompson,
  winnersCurse,
} from './index.ts'
import { expectClose, got, uniformOf } from './test/reference.ts'

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 })
const seeded = { seed: 5, numRuns: 60 }

describe('confidence sequences', () => {
  it('mirrored values give the mirrored sequence', () =>
    fc.assert(
      fc.property(scores, (values) => {
        for (const sequence of [bettingSequence, empiricalBernsteinSequence]) {
          const { ci } = got(sequence(values))
          const mirrored = got(sequence(values.map((x) => 1 - x))).ci
          if (ci === null || mirrored === null) return ci === mirrored
          expect(mirrored[0]).toBeCloseTo(1 - ci[1], 9)
          expect(mirrored[1]).toBeCloseTo(1 - ci[0], 9)
        }
        return true
      }),
      seeded,
    ))
  it('p is below alpha exactly outside of the interval', () =>
    fc.assert(
      fc.property(scores, fc.double({ min: 0.02, max: 0.98, noNaN: true }), (values, m) => {
        const { ci } = got(bettingSequence(values))
        if (ci === null || Math.abs(m - ci[0]) < 1e-6 || Math.abs(m - ci[1]) < 1e-6) return
        expect(bettingP(got(bettingGame(values)), m) <= 0.05).toBe(m < ci[0] || m > ci[1])
      }),
      seeded,
    ))
  it('never widen as units arrive', () => {
    const values = Array.from({ length: 80 }, (_, i) => uniformOf(2)(i))
    let [low, high] = [0, 1]
    for (let n = 1; n <= values.length; n++) {
      const { ci } = got(bettingSequence(values.slice(0, n)))
      expect(ci?.[0]).toBeGreaterThanOrEqual(low - 1e-12)
      expect(ci?.[1]).toBeLessThanOrEqual(high + 1e-12)
      ;[low, high] = ci ?? [low, high]
    }
  })
  it('equal weights are no weights; the future of a value cannot change its bet', () => {
    const values = Array.from({ length: 40 }, (_, i) => uniformOf(3)(i))
    expect(bettingSequence(values, { weights: values.map(() => 3) })).toEqual(bettingSequence(values))
    const early = got(bettingGame(values.slice(0, 20))).capital(0.4)
    const late = got(bettingGame([...values.slice(0, 20), 1, 0, 1])).capital(0.4)
    expect(late.maxAbove).toBeGreaterThanOrEqual(early.maxAbove)
  })
  it('values that change their mean empty the intersection, and that is said', () => {
    const sorted = [...Array.from({ length: 200 }, () => 0.05), ...Array.from({ length: 400 }, () => 0.95)]
    for (const sequence of [bettingSequence, empiricalBernsteinSequence]) {
      expect(got(sequence(sorted))).toMatchObject({ ci: null, violated: true })
    }
    const steps = Array.from(
      { length: 600 },
      (_, i) => (i < 200 ? 0 : 9) + normalQuantile(0.01 + 0.98 * uniformOf(4)(i)),
    )
    expect(got(asymptoticSequence(steps))).toMatchObject({ ci: null, violated: true })
  })
  it('poor data are refused by name', () => {
    expect(bettingSequence([])).toMatchObject({ reason: 'empty' })
    expect(bettingSequence([0.5, Number.NaN])).toMatchObject({ reason: 'not-a-number' })
    expect(empiricalBernsteinSequence([0.5, 1.5])).toMatchObject({ reason: 'out-of-domain' })
    expect(asymptoticSequence([1, 2, 3])).toMatchObject({ reason: 'too-few-units' })
    expect(asymptoticSequence(Array.from({ length: 120 }, () => 2))).toMatchObject({ reason: 'constant' })
    expect(bernoulliSequence(0, 0)).toMatchObject({ reason: 'empty' })
  })
  it('all failures and all successes still get bounds', () => {
    const none = got(bernoulliSequence(0, 50)).ci
    const all = got(bernoulliSequence(50, 50)).ci
    expect(none[0]).toBe(0)
    expect(all[1]).toBe(1)
    expectClose(all[0], 1 - none[1], 1e-9)
    expect(none[1]).toBeLessThan(0.25)
    const gap = got(bernoulliDifference({ successes: 450, n: 500 }, { successes: 300, n: 500 }))
    expect(gap.ci[0]).toBeGreaterThan(0)
    expectClose(gap.estimate, 0.3, 1e-12)
  })
  it('units of a ratio change nothing in the asymptotic sequence', () => {
    const values = Array.from({ length: 150 }, (_, i) => uniformOf(6)(i) - 0.3)
    const small = got(asymptoticSequence(values))
    const large = got(asymptoticSequence(values.map((x) => 1000 * x)))
    expectClose(large.p, small.p, 1e-9)
    expectClose(large.ci?.[0], 1000 * (small.ci?.[0] ?? 0), 1e-9)
    const weighted = got(asymptoticSequence(values, { weights: values.map(() => 7) }))
    expectClose(weighted.p, small.p, 1e-9)
    expect(small.pAbove).toBe(small.p)
    expect(small.pBelow).toBe(1)
  })
})

describe('races and winners', () => {
  const rows = Array.from({ length: 12 }, (_, c) => [0.9, 0.85 + 0.1 * (c % 2), 0.3 + 0.02 * (c % 3), 0.1])
  it('the F-race keeps the good and prunes what is far behind, not before its first test', () => {
    expect(fRace(rows)).toMatchObject({ pruned: [2, 3], survivors: [0, 1] })
    expect(fRace(rows.slice(0, 4))).toEqual({ survivors: [0, 1, 2, 3], pruned: [], p: null })
    expect(fRace(rows.map((row) => row.map(() => 0.5))).pruned).toEqual([])
  })
  it('top-two Thompson plays the leader or the best challenger', () => {
    const arms = [
      { mean: 0.9, sd: 0.01, n: 50 },
      { mean: 0.85, sd: 0.01, n: 30 },
      { mean: 0.2, sd: 0.01, n: 30 },
    ]
    const normal = (index: number): number => normalQuantile(1e-9 + (1 - 2e-9) * uniformOf(8)(index))
    expect(topTwoThompson(arms, { normal, coin: 0.2, variance: 0.04 })).toBe(0)
    expect(topTwoThompson(arms, { normal, coin: 0.8, variance: 0.04 })).toBe(1)
    // With no challenger to be drawn the smallest transport cost decides.
    expect(topTwoThompson(arms, { normal: () => 0, coin: 0.8, variance: 0.04, tries: 3 })).toBe(1)
  })
  it('improvement in logs is the improvement, far into the tail', () => {
    for (const z of [-0.5, -1, -1.5, -5, -20, 2]) {
      const arm = { mean: z, sd: 1 }
      expectClose(Math.exp(logExpectedImprovement(arm, 0)), expectedImprovement(arm, 0), 1e-9)
    }
    const before = logExpectedImprovement({ mean: -24.999, sd: 1 }, 0)
    expectClose(logExpectedImprovement({ mean: -25.001, sd: 1 }, 0) - before, -0.0502, 1e-2)
    expect(logExpectedImprovement({ mean: -1e4, sd: 1 }, 0)).toBeGreaterThan(-5.1e7)
  })
  it('a clear winner is worth what it showed; a narrow one is not', () => {
    expectClose(got(winnersCurse(10, 0, 1)).estimate, 10, 1e-6)
    expect(got(winnersCurse(1.05, 1, 1)).estimate).toBeLessThan(-5)
    expect(winnersCurse(1, 1, 1)).toMatchObject({ reason: 'out-of-domain' })
  })
  it('P(B > A) and P(A > B) sum to 1', () => {
    const [a, b] = [
      { a: 3, b: 9 },
      { a: 40, b: 77 },
    ]
    expectClose(probabilityBetaGreater(a, b) + probabilityBetaGreater(b, a), 1, 1e-10)
    expectClose(probabilityBetaGreater({ a: 1, b: 1 }, { a: 1, b: 1 }), 0.5, 1e-10)
  })
})

describe('judges and splits', () => {
  it('what a judge gets wrong on both sides alike cancels in the pair', () => {
    const pairs = Array.from({ length: 40 }, (_, c) => {
      const base = uniformOf(9)(c) < 0.5 ? 1 : 0
      const gain = c % 4 === 0 ? 1 - base : 0
      const human = { baseline: base, candidate: base + gain }
      // Kind by .2 to everybody.
      return {
        unit: c,
        human: c < 20 ? human : null,
        judge: { baseline: human.baseline + 0.2, candidate: human.candidate + 0.2 },
      }
    })
    const paired = got(ppiPaired(pairs))
    expectClose(paired.bias, 0, 1e-9)
    expect(paired.lambda).toBeGreaterThan(0.3)
    expect(paired).toMatchObject({ labelled: 20, unlabelled: 20 })
  })
  it('a unit with a human rating is labelled by its rated items alone', () => {
    const items = [1, 2, 3].flatMap((unit) => [
      { unit, human: unit % 2, judge: unit % 2 },
      { unit, human: null, judge: 0.5 },
    ])
    expect(got(ppiOfUnits(items))).toMatchObject({ labelled: 3, unlabelled: 0, lambda: 0 })
  })
  it('a split in planned shares is none', () => {
    expect(got(sampleRatioTest([900, 100], [0.9, 0.1])).p).toBe(1)
    expect(sequentialSampleRatio([900, 100], { shares: [0.9, 0.1] }).p).toBe(1)
    expect(sequentialSampleRatio([900, 100]).p).toBeLessThan(1e-10)
    expectClose(sequentialSampleRatio([0, 0]).logBayesFactor, 0, 1)
  })
})
