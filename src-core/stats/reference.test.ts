import { describe, expect, it } from 'vitest'
import {
  accelerationOfSamples,
  benjaminiHochberg,
  binomialPmf,
  bootstrapInterval,
  chiSquareQuantile,
  clopperPearson,
  componentsSampleSize,
  costPerSuccess,
  crossedComponents,
  erfc,
  estimateMean,
  fCdf,
  friedman,
  geometricRatio,
  holm,
  jeffreys,
  mcnemar,
  mean,
  newcombePaired,
  nonInferioritySampleSize,
  normalCdf,
  normalQuantile,
  orderStatisticCoverage,
  pairedMinimumEffect,
  pairedT,
  poissonCdf,
  proportionsSampleSize,
  ratioOfMeans,
  repetitionComponents,
  sampleSd,
  signFlip,
  studentInterval,
  studentTCdf,
  studentTQuantile,
  tost,
  twoSamplePower,
  twoSampleSampleSize,
  welchT,
  wilcoxonSignedRank,
  wilson,
} from './index.ts'
import { classics, expectReference, got, held, references, testdata } from './test/reference.ts'

const { sleep, darwin, clinic, city } = classics
const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x - (b[i] as number))
const sleepDifferences = minus(sleep.first, sleep.second)

/** Section 3.5's table: y[v][c][r]. */
export const factorial = [0, 1, 2].map((v) =>
  [0, 1, 2, 3, 4, 5].map((c) =>
    [0, 1].map((r) => 0.5 + 0.05 * v + 0.1 * ((3 * c) % 4) + 0.03 * ((v * c) % 3) + 0.01 * ((v + 2 * c + 3 * r) % 5)),
  ),
)

describe('reference values', () => {
  it('distributions', () => {
    for (const df of [1, 2, 9, 19, 49, 99]) expectReference(`t.ppf.975.${df}`, studentTQuantile(0.975, df))
    expectReference('t.cdf.-40.9', studentTCdf(-40, 9))
    expectReference('norm.cdf.-10', normalCdf(-10))
    expectReference('norm.ppf.1e-20', normalQuantile(1e-20))
    expectReference('erfc.6', erfc(6))
    expectReference('F.cdf', fCdf(4, 3, 20))
    expectReference('chi2.ppf', chiSquareQuantile(0.95, 1))
    expectReference('poisson.cdf.200.200', poissonCdf(200, 200))
    expectReference('binom.pmf', binomialPmf(5000, 10000, 0.5))
  })

  it('means and their clusters', () => {
    const { input } = references.find((r) => r.id === 'cluster.se') as { input: { g: number[]; y: number[] } }
    const plain = got(estimateMean(input.y))
    const clustered = got(estimateMean(input.y, { clusters: input.g }))
    const without = clustered.se / Math.sqrt(5 / 4)
    expectReference('cluster.se', [clustered.estimate, plain.se, without, clustered.se])
    const outcomes = JSON.parse(testdata('evaluatellm.json')) as { new: string; old: string; passageOf: number }
    const scores = [...outcomes.new].map(Number)
    const clusters = scores.map((_, i) => Math.floor(i / outcomes.passageOf))
    const vignette = got(studentInterval(scores, { clusters }))
    expectReference('evaluatellm', [vignette.estimate, vignette.se, ...vignette.ci])
    const paired = got(pairedT(scores, [...outcomes.old].map(Number), { clusters }))
    expect(paired.ci.map((x) => x.toFixed(4))).toEqual(['-0.0035', '0.1235'])
    expect([paired.se.toFixed(4), paired.statistic.toFixed(3), paired.p.toFixed(3)]).toEqual([
      '0.0316',
      '1.899',
      '0.063',
    ])
    const numAcc4 = [10000000.2, ...Array.from({ length: 500 }, () => [10000000.1, 10000000.3]).flat()]
    expectReference('nist.numacc4', [mean(numAcc4), sampleSd(numAcc4)])
  })

  it('variance components', () => {
    const d = got(repetitionComponents(classics.dyestuff.batches))
    expectReference('dyestuff', [d.caseMeanSquare, d.errorMeanSquare, d.caseVariance, d.icc, d.seMean])
    const p = got(crossedComponents(classics.penicillin.plates))
    expectReference('penicillin.anova', [
      p.rowMeanSquare,
      p.columnMeanSquare,
      p.errorMeanSquare,
      p.rowVariance,
      p.columnVariance,
    ])
  })

  it('tests', () => {
    const caseMeans = factorial.map((v) => v.map((c) => mean(c) as number))
    const paired = got(pairedT(caseMeans[1] as number[], caseMeans[0] as number[]))
    expectReference('factorial.paired', [paired.statistic, paired.p, ...paired.ci])
    const [v0 = [], v1 = []] = factorial.map((v) => v.flat())
    expectReference('factorial.welch', got(welchT(v1, v0)).p)
    expectReference('perm', [got(signFlip(sleepDifferences)).p, got(signFlip(darwin.differences)).p])
    const exact = got(wilcoxonSignedRank(darwin.differences))
    const normal = got(wilcoxonSignedRank(darwin.differences, { method: 'normal' }))
    expectReference('wilcoxon.darwin', [exact.p, normal.p, exact.statistic])
    const exactP = (b: number, c: number): number => got(mcnemar(b, c)).p
    expectReference('mcnemar', [exactP(70, 59), exactP(30, 60), exactP(3, 12), got(mcnemar(3, 12, 'mid-p')).p])
    const corrected = got(mcnemar(121, 59, 'chi-square-corrected'))
    expectReference('mcnemar.chi2', [corrected.statistic, corrected.p])
    const f = got(friedman(classics.roundingTimes.rows))
    expectReference('friedman', [f.statistic, f.p, f.criticalDifference])
    const t = got(tost(minus(clinic.var1First, clinic.var1Second), 0.6))
    expectReference('tost.clinic', [t.estimate, t.se, t.p, ...t.ci])
  })

  it('proportions and quantiles', () => {
    expectReference('wilson.0.20', got(wilson(0, 20)).ci)
    expectReference('wilson.1.29', got(wilson(1, 29)).ci)
    expectReference('cp.81.263', got(clopperPearson(81, 263)).ci)
    expectReference('jeffreys.81.263', got(jeffreys(81, 263)).ci)
    expectReference(
      'newcombe.paired',
      got(newcombePaired({ bothPass: 36, onlyFirst: 12, onlySecond: 2, neither: 0 })).ci,
    )
    expectReference('orderstat', orderStatisticCoverage(100, 0.95, 90, 99))
  })

  it('bootstrap', () => {
    const y = [10, 27, 31, 40, 46, 50, 52, 104, 146]
    const z = [16, 23, 38, 94, 99, 141, 197]
    const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
    const statistic = (a: readonly number[], b: readonly number[]): number => total(a) / a.length - total(b) / b.length
    const without = (xs: readonly number[], i: number): number[] => xs.filter((_, j) => j !== i)
    const leftOut = [y.map((_, i) => statistic(z, without(y, i))), z.map((_, i) => statistic(without(z, i), y))]
    expectReference('bca.accel', accelerationOfSamples(leftOut) as number)
    const clusters = [[1, 1, 0], [0, 0], [1, 1, 1, 0], [0]]
    const pooled = Array.from({ length: 256 }, (_, code) => {
      const drawn = [0, 1, 2, 3].flatMap((k) => clusters[(code >> (2 * k)) & 3] as number[])
      return total(drawn) / drawn.length
    })
    // Enumerated, so divided by 256; ours divides by B − 1.
    expectReference('clusterboot.enum', got(bootstrapInterval(pooled, 5 / 10)).se * Math.sqrt(255 / 256))
  })

  it('multiplicity', () => {
    const { input } = references.find((r) => r.id === 'holm') as { input: number[] }
    expectReference('holm', holm(input))
    expectReference('bh', benjaminiHochberg(input))
    const shuffled = [...input].reverse()
    expect(holm(shuffled)).toEqual(holm(input).reverse())
    expect(benjaminiHochberg(shuffled)).toEqual(benjaminiHochberg(input).reverse())
  })

  it('power', () => {
    expectReference(
      'mde',
      [10, 20, 30, 50, 100, 200, 400].map((n) => pairedMinimumEffect(n)),
    )
    const variance = (repetitions: number) => ({
      caseVariance: 1 / 9,
      baseline: { variance: 1 / 6, repetitions },
      candidate: { variance: 1 / 6, repetitions },
    })
    expectReference(
      'miller.n',
      [Infinity, 10, 1].map((k) => componentsSampleSize(variance(k), 0.03)),
    )
    expectReference('ni.n', nonInferioritySampleSize(0.25, 0.03))
    expectReference('power.twosample', [
      twoSamplePower(1, 20),
      twoSampleSampleSize(1, { power: 0.9 }),
      proportionsSampleSize(0.5, 0.75, { power: 0.9 }),
    ])
  })

  it('ratios', () => {
    const first = sleep.first.map((x) => x + 5)
    const second = sleep.second.map((x) => x + 5)
    const ratio = got(ratioOfMeans(second, first))
    const geometric = got(geometricRatio(second, first))
    expectReference('ratio.sleep5', [ratio.ratio, ratio.se, geometric.ratio, ...geometric.ci])
    const c = got(costPerSuccess(city.x, city.u))
    expectReference('ratio.city', [c.ratio, c.se, c.se * Math.sqrt(9 / 10)])
  })

  it('holds exactly the ids the coverage file names, and the rest are waiting by name', () => {
    const coverage = JSON.parse(testdata('coverage.json')) as { held: string[]; later: Record<string, string> }
    expect([...held].sort()).toEqual([...coverage.held].sort())
    expect([...coverage.held, ...Object.keys(coverage.later)].sort()).toEqual(references.map((r) => r.id).sort())
  })
})
