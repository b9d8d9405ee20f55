import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as stats from './index.ts'
import { expectClose, got, uniformOf } from './test/reference.ts'

const {
  bootstrapMean,
  clopperPearson,
  costPerSuccess,
  estimateMean,
  geometricRatio,
  isInsufficient,
  jeffreys,
  nonInferiority,
  pairedT,
  ratioOfMeans,
  signFlip,
  studentInterval,
  tost,
  tTest,
  variantByCase,
  welchT,
  wilcoxonSignedRank,
  wilson,
  wilsonWeighted,
} = stats

const settings = { seed: 4711, numRuns: 200 }
const score = fc.integer({ min: 0, max: 1000 }).map((k) => k / 1000)
const pairs = fc.array(fc.tuple(score, score), { minLength: 3, maxLength: 25 })
const spread = (ps: readonly (readonly [number, number])[]): boolean =>
  new Set(ps.map(([a, b]) => Math.round((a - b) * 1000))).size > 1
const left = (ps: readonly (readonly [number, number])[]): number[] => ps.map((p) => p[0])
const right = (ps: readonly (readonly [number, number])[]): number[] => ps.map((p) => p[1])
const uniform = uniformOf(5)

describe('metamorphic', () => {
  it('swapping the sides negates', () => {
    fc.assert(
      fc.property(pairs.filter(spread), (ps) => {
        const ab = got(pairedT(left(ps), right(ps)))
        const ba = got(pairedT(right(ps), left(ps)))
        expectClose(ba.statistic + 1e3, 1e3 - ab.statistic, 1e-12)
        expectClose(ba.p, ab.p, 1e-9)
        expect(Math.abs(ba.ci[0] + ab.ci[1])).toBeLessThan(1e-12)
        const d = left(ps).map((x, i) => x - (right(ps)[i] as number))
        const flipped = got(signFlip(d.map((x) => -x)))
        expect(flipped.p).toBe(got(signFlip(d)).p)
        expectClose(got(wilcoxonSignedRank(d)).p, got(wilcoxonSignedRank(d.map((x) => -x))).p, 1e-12)
      }),
      settings,
    )
  })
  it('a constant added to both sides changes nothing', () => {
    fc.assert(
      fc.property(pairs.filter(spread), fc.integer({ min: -100, max: 100 }), (ps, shift) => {
        const moved = got(
          pairedT(
            left(ps).map((x) => x + shift),
            right(ps).map((x) => x + shift),
          ),
        )
        const still = got(pairedT(left(ps), right(ps)))
        expectClose(moved.p, still.p, 1e-7)
        expectClose(moved.se, still.se, 1e-9)
      }),
      settings,
    )
  })
  it('units of cost change neither p nor ratio', () => {
    const costs = fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 })), {
      minLength: 3,
      maxLength: 25,
    })
    fc.assert(
      fc.property(costs, fc.constantFrom(1e-6, 0.01, 1000, 7), (ps, unit) => {
        const plain = geometricRatio(left(ps), right(ps))
        const scaled = geometricRatio(
          left(ps).map((x) => x * unit),
          right(ps).map((x) => x * unit),
        )
        expect(isInsufficient(scaled)).toBe(isInsufficient(plain))
        if ('kind' in plain || 'kind' in scaled) return
        expectClose(scaled.ratio, plain.ratio, 1e-9)
        expectClose(scaled.p, plain.p, 1e-6)
        const d = left(ps).map((x, i) => x - (right(ps)[i] as number))
        const cents = d.map((x) => x * unit)
        if (d.some((x) => x !== 0)) expect(got(signFlip(cents)).p).toBe(got(signFlip(d)).p)
      }),
      settings,
    )
  })
  it('duplicated repetitions, kept as clusters, change neither error nor degrees of freedom', () => {
    fc.assert(
      fc.property(pairs.filter(spread), (ps) => {
        const d = left(ps).map((x, i) => x - (right(ps)[i] as number))
        const twice = got(estimateMean([...d, ...d], { clusters: [...d.keys(), ...d.keys()] }))
        const once = got(estimateMean(d))
        expectClose(twice.se, once.se, 1e-9)
        expect(twice.df).toBe(once.df)
        const [a, b] = [signFlip([...d, ...d], { clusters: [...d.keys(), ...d.keys()] }), signFlip(d)]
        expect(got(a).p).toBe(got(b).p)
      }),
      settings,
    )
  })
  it('equal weights are no weights, weight 0 is absence', () => {
    fc.assert(
      fc.property(pairs.filter(spread), (ps) => {
        const d = left(ps).map((x, i) => x - (right(ps)[i] as number))
        const plain = got(tTest(d))
        expectClose(got(tTest(d, { weights: d.map(() => 3) })).p, plain.p, 1e-9)
        const padded = got(tTest([...d, 99], { weights: [...d.map(() => 1), 0] }))
        expectClose(padded.p, plain.p, 1e-9)
        expect(padded.df).toBe(plain.df)
        expectClose(
          got(
            wilsonWeighted(
              d.map((x) => x > 0),
              { weights: d.map(() => 2) },
            ),
          ).ci[1],
          got(wilson(d.filter((x) => x > 0).length, d.length)).ci[1],
          1e-9,
        )
      }),
      settings,
    )
  })
})

describe('poor data are refused by name, never answered with a number', () => {
  const methods: Readonly<Record<string, (d: readonly number[]) => unknown>> = {
    tTest: (d) => tTest(d),
    pairedT: (d) =>
      pairedT(
        d,
        d.map(() => 0),
      ),
    studentInterval: (d) => studentInterval(d),
    clustered: (d) => studentInterval(d, { clusters: d.map((_, i) => i % 2) }),
    nonInferiority: (d) => nonInferiority(d, 0.1),
    tost: (d) => tost(d, 0.1),
    welchT: (d) => welchT(d, d),
    dz: (d) => stats.dz(d),
    geometricRatio: (d) =>
      geometricRatio(
        d.map((x) => 2 ** x),
        d.map(() => 1),
      ),
    ratioOfMeans: (d) =>
      ratioOfMeans(
        d,
        d.map((x) => x * 0 + 1),
      ),
    bootstrapMean: (d) => bootstrapMean(d, { uniform, resamples: 50 }),
    variantByCase: (d) => variantByCase([d.map((x) => [x]), d.map((x) => [x])]),
  }
  const poor: readonly (readonly [string, readonly number[], readonly string[]])[] = [
    ['empty', [], ['empty']],
    ['NaN', [0.1, Number.NaN, 0.3], ['not-a-number']],
    ['infinite', [0.1, Infinity, 0.3], ['not-a-number', 'not-positive']],
    ['single', [0.4], ['single-unit']],
    ['constant', [0.4, 0.4, 0.4], ['constant']],
  ]
  for (const [name, method] of Object.entries(methods))
    for (const [what, data, reasons] of poor)
      it(`${name}: ${what}`, () => {
        const result = method(data)
        expect(isInsufficient(result), JSON.stringify(result)).toBe(true)
        expect(reasons).toContain((result as { reason: string }).reason)
      })
  it('a constant difference hidden by rounding is still constant', () => {
    const a = [0.3, 0.7, 0.1, 0.9]
    expect(
      pairedT(
        a.map((x) => x + 0.1),
        a,
      ),
    ).toMatchObject({ reason: 'constant' })
    expect(
      pairedT(
        a.map((x) => x + 1e6 + 0.1),
        a.map((x) => x + 1e6),
      ),
    ).toMatchObject({ reason: 'constant' })
  })
  it('sign-flip refuses no data and no difference', () => {
    expect(signFlip([])).toMatchObject({ reason: 'empty' })
    expect(signFlip([0, 0])).toMatchObject({ reason: 'constant' })
    expect(signFlip([Number.NaN])).toMatchObject({ reason: 'not-a-number' })
  })
  it('no success is no infinite price', () =>
    expect(costPerSuccess([1, 2], [0, 0])).toMatchObject({ reason: 'no-successes' }))
  it('all-0 and all-1 still have bounds', () => {
    for (const method of [wilson, clopperPearson, jeffreys] as const) {
      const none = got(method(0, 12))
      const all = got(method(12, 12))
      expect([none.ci[0], all.ci[1]]).toEqual([0, 1])
      expect(none.ci[1]).toBeGreaterThan(0.1)
      expect(all.ci[0]).toBeLessThan(0.9)
    }
    expect(got(wilsonWeighted([true, true], { weights: [0.1, 0.7] })).ci[1]).toBe(1)
    expect(wilson(0, 0)).toMatchObject({ reason: 'empty' })
  })
  it("a caller's mistake throws instead", () => {
    expect(() => pairedT([1, 2], [1])).toThrow(RangeError)
    expect(() => studentInterval([1, 2], { level: 95 })).toThrow(RangeError)
    expect(() => tost([1, 2, 4], 0)).toThrow(RangeError)
    expect(() => estimateMean([1, 2], { weights: [1, -1] })).toThrow(RangeError)
    expect(() => wilson(3, 2)).toThrow(RangeError)
    expect(() => stats.holm([0.1, 1.2])).toThrow(RangeError)
  })
})

describe('weights and clusters', () => {
  it('weights linearise the ratio: SE from the formula by hand', () => {
    const x = [1, 4, 2, 8]
    const w = [2, 1, 1, 4]
    const m = (2 * 1 + 4 + 2 + 4 * 8) / 8
    const e = x.map((v, i) => (w[i] as number) * (v - m))
    const r = got(estimateMean(x, { weights: w }))
    expectClose(r.estimate, 5, 1e-15)
    expectClose(r.se, Math.sqrt((4 / 3) * e.reduce((a, b) => a + b * b, 0)) / 8, 1e-14)
  })
  it('whole clusters flip: two clusters have four patterns whatever their size', () => {
    const r = got(signFlip([1, 2, 3, 4], { clusters: ['a', 'a', 'b', 'b'] }))
    expect([r.units, r.patterns, r.p]).toEqual([2, 4, 0.5])
  })
})

describe('randomness', () => {
  it('Monte Carlo sign-flip comes near the exact p and repeats itself', () => {
    const d = Array.from({ length: 20 }, (_, i) => uniform(i) - 0.35)
    const exact = got(signFlip(d))
    const random = got(signFlip(d, { exactUpTo: 0, uniform, resamples: 40_000 }))
    expect(random.exact).toBe(false)
    expect(Math.abs(random.p - exact.p)).toBeLessThan(4 * Math.sqrt(exact.p / 40_000) + 1e-3)
    expect(got(signFlip(d, { exactUpTo: 0, uniform, resamples: 40_000 })).p).toBe(random.p)
    expect(() => signFlip(d, { exactUpTo: 0 })).toThrow(RangeError)
  })
  it('bootstrap error of a mean is s/√n·√((n−1)/n), also by clusters', () => {
    const d = Array.from({ length: 60 }, (_, i) => uniform(100 + i))
    const r = got(bootstrapMean(d, { uniform }))
    const expected = got(estimateMean(d)).se * Math.sqrt(59 / 60)
    expect(Math.abs(r.se / expected - 1)).toBeLessThan(0.03)
    expect(r.ci[0]).toBeLessThan(r.estimate)
    const clusters = d.map((_, i) => Math.floor(i / 3))
    const clustered = got(bootstrapMean(d, { uniform, clusters }))
    const sandwich = got(estimateMean(d, { clusters })).se * Math.sqrt(19 / 20)
    expect(Math.abs(clustered.se / sandwich - 1)).toBeLessThan(0.03)
    expect(got(bootstrapMean(d, { uniform })).ci).toEqual(r.ci)
  })
})

describe('speed', () => {
  const best = (run: () => unknown): number => {
    let least = Infinity
    for (let i = 0; i < 6; i++) {
      const start = performance.now()
      run()
      least = Math.min(least, performance.now() - start)
    }
    return least
  }
  const d = Array.from({ length: 1000 }, (_, i) => uniform(i) - 0.45)
  it('10,000 paired resamples of 1,000 cases in 60 ms', () =>
    expect(best(() => bootstrapMean(d, { uniform }))).toBeLessThan(60))
  it('exact sign-flip of 20 cases in 50 ms', () => expect(best(() => signFlip(d.slice(0, 20)))).toBeLessThan(50))
})
