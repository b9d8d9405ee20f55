/** Numbers printed in sections 1, 3 and 4 of the specification that `reference.test.ts` does not already hold. */
import { describe, expect, it } from 'vitest'
import {
  a12,
  accelerationOf,
  bootstrapInterval,
  cliffsDelta,
  dAverage,
  dz,
  eBenjaminiHochberg,
  estimateMean,
  friedman,
  hedgesFactor,
  hodgesLehmann,
  intersectionUnion,
  jackknifeInfluences,
  mcnemar,
  mcnemarSampleSize,
  newcombe,
  nonInferiority,
  pairedMinimumEffect,
  pairedPower,
  pairedSampleSize,
  pairedT,
  quantileInterval,
  sampleSd,
  signFlip,
  tost,
  tTest,
  variantByCase,
  welchT,
  wilcoxonSignedRank,
  wilson,
} from './index.ts'
import { classics, expectClose, got } from './test/reference.ts'

const { sleep, clinic, roundingTimes } = classics
const differences = sleep.first.map((x, i) => x - (sleep.second[i] as number))

const factorial = [0, 1, 2].map((v) =>
  [0, 1, 2, 3, 4, 5].map((c) =>
    [0, 1].map((r) => 0.5 + 0.05 * v + 0.1 * ((3 * c) % 4) + 0.03 * ((v * c) % 3) + 0.01 * ((v + 2 * c + 3 * r) % 5)),
  ),
)

describe('3.5 variant x case x repetition', () => {
  const r = got(variantByCase(factorial))
  it('mean squares and the right denominator', () => {
    expectClose(r.meanSquares.variant, 0.0512194444444444)
    expectClose(r.meanSquares.case, 0.130164444444444)
    expectClose(r.meanSquares.interaction, 0.000972777777777778)
    expectClose(r.meanSquares.error, 0.000311111111111111)
    expectClose(r.statistic, 52.6527698458)
    expectClose(r.p, 4.90624391778e-6)
    expectClose(r.seDifference, 0.0127330133758522)
    expect(r.df).toEqual([2, 10])
  })
  it('the wrong denominator would give 164.6', () =>
    expectClose(r.meanSquares.variant / (r.meanSquares.error as number), 164.633928571))
  it('repetitions duplicated change nothing', () => {
    const twice = got(variantByCase(factorial.map((v) => v.map((c) => [...c, ...c]))))
    expectClose(twice.statistic, r.statistic)
    expect(twice.df).toEqual(r.df)
  })
})

describe('4.1 to 4.4', () => {
  it('paired t on sleep', () => {
    const r = got(pairedT(sleep.first, sleep.second))
    expectClose(r.statistic, -4.06212768338204)
    expectClose(r.p, 0.00283289019738427)
    expectClose(r.ci[0], -2.45988576327698)
    expectClose(r.ci[1], -0.700114236723018)
    expectClose(got(tTest(differences, { alternative: 'less' })).p, r.p / 2, 1e-12)
    expectClose(got(tTest(differences, { alternative: 'greater' })).p, 1 - r.p / 2, 1e-12)
  })
  it('Welch on sleep loses the pairing', () => {
    const r = got(welchT(sleep.first, sleep.second))
    expectClose(r.statistic, -1.86081346748685)
    expectClose(r.df, 17.7764735161785)
    expectClose(r.p, 0.0793941401873583)
  })
  it('five units cannot reach .05, six can', () => {
    expect(got(signFlip([1, 2, 3, 4, 5])).p).toBe(2 / 32)
    expect(got(signFlip([1, 2, 3, 4, 5, 6])).p).toBe(2 / 64)
    expect(got(signFlip([1, 2, 3, 4, 5], { alternative: 'greater' })).p).toBe(1 / 32)
    expect(got(signFlip([1, 2, 3, 4, 5], { alternative: 'less' })).p).toBe(1)
  })
  it('Wilcoxon on sleep, four ways', () => {
    expectClose(got(wilcoxonSignedRank(differences, { method: 'normal' })).p, 0.00763244164820552)
    expectClose(got(wilcoxonSignedRank(differences, { method: 'normal', continuity: true })).p, 0.00909069801592506)
    expectClose(got(wilcoxonSignedRank(differences, { method: 'normal', zeros: 'pratt' })).p, 0.00582502419946152)
    expect(got(wilcoxonSignedRank(differences)).p).toBe(0.00390625)
  })
  it('McNemar', () => {
    expectClose(got(mcnemar(121, 59, 'chi-square-corrected')).statistic, 20.67222, 1e-6)
    expect(got(mcnemar(0, 0)).p).toBe(1)
    expect(got(mcnemar(5, 5, 'mid-p')).p).toBe(1)
    expect(mcnemar(0, 0, 'chi-square')).toMatchObject({ reason: 'no-discordant-pairs' })
  })
})

describe('4.5 proportions', () => {
  it('Wilson', () => {
    const r = got(wilson(81, 263)).ci
    expectClose(r[0], 0.255288519878274)
    expectClose(r[1], 0.3662095769828)
    expect(got(wilson(0, 20)).ci[0]).toBe(0)
    expect(got(wilson(20, 20)).ci[1]).toBe(1)
  })
  it('Newcombe, independent', () => {
    const r = got(newcombe({ successes: 56, n: 70 }, { successes: 48, n: 80 }))
    expectClose(r.ci[0], 0.0524314724023649)
    expectClose(r.ci[1], 0.333872654036906)
  })
})

describe('4.6 BCa, enumerated', () => {
  const data = [1, 2, 4, 8, 16]
  const replicates = Array.from({ length: 5 ** 5 }, (_, code) => {
    let total = 0
    for (let k = 0; k < 5; k++) total += data[Math.floor(code / 5 ** k) % 5] as number
    return total / 5
  })
  const leftOut = data.map((x) => (31 - x) / 4)
  const r = got(bootstrapInterval(replicates, 6.2, { acceleration: accelerationOf(jackknifeInfluences(leftOut)) }))
  it('bias, acceleration, levels, interval', () => {
    expectClose(r.acceleration, 0.0662657354906703)
    expectClose(r.bias, 0.0927779107176344)
    expectClose(r.levels[0], 0.0583451620466758)
    expectClose(r.levels[1], 0.993219934141982)
    expectClose(r.ci[0], 2.6)
    expectClose(r.ci[1], 12.8)
    expectClose(r.se, 2.440062550362162)
    expect(r.method).toBe('bca')
  })
  it('percentile, and the fallback that says so', () => {
    const p = got(bootstrapInterval(replicates, 6.2))
    expectClose(p.ci[0], 2)
    expectClose(p.ci[1], 11.4)
    expect(got(bootstrapInterval(replicates, 6.2, { acceleration: accelerationOf([0, 0]) })).method).toBe('percentile')
  })
})

describe('4.7 equivalence', () => {
  const pairs = (name: 'var1' | 'var2') => {
    const first = clinic[`${name}First`]
    return first.map((x, i) => x - (clinic[`${name}Second`][i] as number))
  }
  it('clinic, second variable (statsmodels test_tost.py)', () => {
    const r = got(tost(pairs('var2'), 0.6))
    expectClose(r.estimate, 0.5626666666666665)
    expectClose(r.se, 0.2478276410785118)
    expectClose(r.ci[0], 0.1261653305099018)
    expectClose(r.ci[1], 0.999168002823431)
    expect(r.equivalent).toBe(false)
  })
  it('p below alpha exactly when the 1 - 2 alpha interval is inside', () => {
    for (const margin of [0.3, 0.4, 0.41, 0.6]) {
      const r = got(tost(pairs('var1'), margin))
      expect(r.equivalent).toBe(r.ci[0] > -margin && r.ci[1] < margin)
      const n = got(nonInferiority(pairs('var1'), margin))
      expect(n.nonInferior).toBe(n.lower > -margin)
      expectClose(n.p, r.pLower, 1e-12)
    }
  })
  it('intersection-union takes the larger p and passes a refusal on', () => {
    expect(intersectionUnion({ p: 0.01 }, { p: 0.04 })).toEqual({ p: 0.04 })
    expect(intersectionUnion({ p: 0.01 }, nonInferiority([1, 1], 1))).toMatchObject({ kind: 'insufficient' })
  })
})

describe('4.8 effects', () => {
  it('standardised and ordinal', () => {
    expectClose(hedgesFactor(9), 0.913874891792552)
    expectClose(hedgesFactor(18), 0.957646427023719)
    expectClose(hedgesFactor(1e6), 0.9999992499997813, 1e-14)
    expectClose(dz(differences) as number, -1.28455756259105)
    expectClose(dAverage(sleep.first, sleep.second) as number, -0.83218108134954)
    expectClose(cliffsDelta(sleep.first, sleep.second) as number, -0.49)
    expectClose(a12(sleep.first, sleep.second) as number, 0.255)
    expectClose(hodgesLehmann(differences.map((d) => -d)) as number, 1.3)
  })
  it('order-statistic interval of p95 at n = 100', () => {
    const r = got(
      quantileInterval(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.95,
      ),
    )
    expect(r.ranks).toEqual([90, 99])
    expect(r.ci).toEqual([90, 99])
    expectClose(r.coverage, 0.95144638060516)
    expect(quantileInterval([1, 2, 3], 0.95)).toMatchObject({ reason: 'too-few-units' })
  })
})

it('5 e-BH rejects two of six', () =>
  expect(eBenjaminiHochberg([70, 40, 12, 8, 1.2, 0.4], 0.1)).toEqual([true, true, false, false, false, false]))

describe('4.10 power', () => {
  it('paired', () => {
    expectClose(pairedSampleSize(0.2) as number, 198.150820954)
    expectClose(pairedMinimumEffect(100) as number, 0.282912632781)
    expectClose(pairedPower(0.2, 100), 0.508264806621)
    expectClose((pairedMinimumEffect(30) as number) * 0.25, 0.1323, 1e-3)
  })
  it('McNemar', () => expectClose(mcnemarSampleSize(0.23, 0.07), 366.05005, 1e-8))
})

it('6 Friedman with Iman and Davenport', () => {
  const r = got(friedman(roundingTimes.rows))
  expectClose(r.imanDavenport?.statistic, 7.12173913043477)
  expect(r.rankSums).toEqual([53, 47, 32])
})

describe('1 mistakes of the naive lab', () => {
  it('population sd is too narrow, repetitions are no cases', () => {
    expectClose(sampleSd([0, 1]), Math.SQRT1_2)
    const cases = [0.2, 0.9, 0.4, 0.7, 0.5]
    const copies = cases.flatMap((x) => Array.from({ length: 10 }, () => x))
    const clusters = cases.flatMap((_, c) => Array.from({ length: 10 }, () => c))
    const right = got(estimateMean(cases))
    const clustered = got(estimateMean(copies, { clusters }))
    expectClose(clustered.se, right.se)
    expect(clustered.df).toBe(right.df)
    expect(got(estimateMean(copies)).se).toBeLessThan(right.se / 2)
  })
  it('one-pass variance goes wrong where ours does not', () => expectClose(sampleSd([1e9, 1e9 + 1, 1e9 + 2]), 1, 1e-12))
})
