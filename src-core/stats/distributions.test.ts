import { describe, expect, it } from 'vitest'
import { quantile, sampleSd } from './describe.ts'
import {
  betaCdf,
  betaQuantile,
  betaSf,
  binomialCdf,
  binomialPmf,
  binomialQuantile,
  binomialSf,
  chiSquareCdf,
  chiSquareLogSf,
  chiSquareQuantile,
  chiSquareSf,
  erf,
  erfc,
  erfcScaled,
  fCdf,
  fLogSf,
  fQuantile,
  fSf,
  logBeta,
  logGamma,
  noncentralTCdf,
  noncentralTSf,
  normalCdf,
  normalLogCdf,
  normalLogSf,
  normalQuantile,
  normalSf,
  poissonCdf,
  poissonSf,
  studentizedRangeCdf,
  studentizedRangePdf,
  studentizedRangeQuantile,
  studentizedRangeSf,
  studentTCdf,
  studentTLogSf,
  studentTQuantile,
  studentTSf,
} from './distributions.ts'
import { expectClose, testdata } from './test/reference.ts'

const table = (name: string): number[][] =>
  testdata(name)
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))

describe('special functions to 1e-12', () => {
  it('erf and erfc at every point of the table', () => {
    for (const [x = 0, e = 0, c = 0] of table('special/erf_data.txt')) {
      expectClose(erf(x), e, 1e-12, `erf(${x})`)
      expectClose(erfc(x), c, 1e-12, `erfc(${x})`)
    }
  })

  it('incomplete beta and its complement at every point of the table', () => {
    for (const [a = 0, b = 0, x = 0, whole = 0, wholeRest = 0, p = 0, q = 0] of table('special/ibeta_small_data.txt')) {
      const what = `I_${x}(${a}, ${b})`
      expectClose(betaCdf(x, a, b), p, 1e-12, what)
      expectClose(betaSf(x, a, b), q, 1e-12, `1 - ${what}`)
      expectClose(betaCdf(x, a, b) * Math.exp(logBeta(a, b)), whole, 1e-12, `B·${what}`)
      expectClose(betaSf(x, a, b) * Math.exp(logBeta(a, b)), wholeRest, 1e-12, `B·(1 - ${what})`)
    }
  })

  it('log-gamma: factorials, halves, and the zeros at 1 and 2', () => {
    let factorial = 0
    for (let n = 1; n < 170; n++) {
      factorial += Math.log(n)
      expectClose(logGamma(n + 1), factorial, n === 1 ? 1e-15 : 1e-13, `${n}!`)
    }
    expectClose(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14)
    // mpmath, 30 digits.
    expectClose(logGamma(1 + 2 ** -26), -8.601183483687328e-9, 1e-12)
    expectClose(logGamma(2 + 2 ** -26), 6.299977599138027e-9, 1e-12)
    expectClose(logGamma(1 - 2 ** -26), 8.601183848936062e-9, 1e-12)
    expectClose(logGamma(0.3), 1.0957979948180756, 1e-13)
    expectClose(logGamma(1e-5), 11.512919692895826, 1e-13)
    expectClose(logGamma(1.5), -0.12078223763524522, 1e-12)
    expectClose(logGamma(1e9), 19723265827.50373, 1e-13)
    expect(() => logGamma(0)).toThrow(RangeError)
  })
})

describe('probes of statistics.md section 10', () => {
  it('percentile, sd', () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1)
    expectClose(quantile(values, 0.99), 19.81, 1e-12)
    expectClose(sampleSd([1, 2, 3, 4]), Math.sqrt(5 / 3), 1e-14)
  })
  it('normal tails', () => {
    expectClose(normalCdf(-10), 7.61985302416053e-24, 1e-12)
    expectClose(erfc(6), 2.15197367124989e-17, 1e-12)
    expectClose(normalQuantile(1e-16), -8.22208221613044, 1e-12)
    expectClose(normalQuantile(1e-20), -9.26234008979841, 1e-12)
    expectClose(normalQuantile(0.975), 1.959963984540054, 1e-13)
    expect(normalQuantile(0.5)).toBe(0)
    expect([normalCdf(Infinity), normalSf(Infinity), normalLogSf(Infinity), normalCdf(-Infinity)]).toEqual([
      1,
      0,
      -Infinity,
      0,
    ])
  })
  it('Student', () => {
    const quantiles: readonly (readonly [number, number])[] = [
      [1, 12.7062047361747],
      [2, 4.30265272974946],
      [5, 2.57058183563631],
      [9, 2.2621571627982],
      [29, 2.0452296421327],
      [99, 1.98421695158642],
      [1e4, 1.96020123989063],
    ]
    for (const [df, t] of quantiles) expectClose(studentTQuantile(0.975, df), t, 1e-12, `t(${df})`)
    expect(studentTCdf(0, 1)).toBe(0.5)
    // mpmath, 30 digits: many degrees of freedom, where x is 1 to twelve digits.
    expectClose(studentTSf(2.0, 1000000), 0.022750266925659603, 1e-12)
    expectClose(studentTSf(6.0, 1000000), 9.869249061772174e-10, 1e-12)
    expectClose(studentTSf(3.0, 1000000000), 0.0013498980648689578, 1e-12)
    expectClose(studentTSf(1.5, 1000000000000), 0.06680720126901592, 1e-12)
    expectClose(studentTSf(0.01000000000000000020816681711721685132943, 1000000), 0.49601064468277384, 1e-12)
    expectClose(studentTSf(5.0, 10000), 2.9151633068313237e-7, 1e-12)
    expectClose(studentTCdf(-40, 9), 9.49149922466991e-12, 1e-12)
  })
  it('beta, F, chi-square, binomial, Poisson', () => {
    expectClose(betaCdf(0.5, 1e6, 1e6), 0.5, 1e-12)
    expectClose(betaCdf(0.3, 0.5, 0.5), 0.369010119565545, 1e-12)
    expectClose(chiSquareSf(80, 1), 3.74409738420289e-19, 1e-12)
    expectClose(chiSquareQuantile(0.95, 1), 3.84145882069412, 1e-12)
    expectClose(fCdf(4, 3, 20), 0.977923000337638, 1e-12)
    expectClose(binomialPmf(5000, 10000, 0.5), 0.00797864613938216, 1e-12)
    expectClose(poissonCdf(200, 200), 0.518794309678685, 1e-12)
  })
  it('studentised range beyond jStat and R', () =>
    expectClose(studentizedRangeQuantile(0.95, 3, 20), 3.57793472522, 1e-11))
})

type RangeCase = {
  src_case: { q: number; k: number; v: number; m: number; expected_atol: number; expected_rtol: number }
  mp_result: number
}

describe('studentised range at the tolerance of its table', () => {
  const cases = JSON.parse(testdata('special/studentized_range_mpmath_ref.json')) as Record<
    'cdf_data' | 'pdf_data' | 'moment_data',
    RangeCase[]
  >
  const holds = (actual: number, { src_case: s, mp_result: expected }: RangeCase): void => {
    const allowed = s.expected_atol + s.expected_rtol * Math.abs(expected)
    expect(Math.abs(actual - expected), JSON.stringify(s)).toBeLessThanOrEqual(allowed)
  }
  it('cdf', () => {
    for (const c of cases.cdf_data) holds(studentizedRangeCdf(c.src_case.q, c.src_case.k, c.src_case.v), c)
  })
  it('pdf', () => {
    for (const c of cases.pdf_data) holds(studentizedRangePdf(c.src_case.q, c.src_case.k, c.src_case.v), c)
  })
  it('moments', () => {
    // ∫ q^m·pdf dq over log q by the trapezoidal rule; all cases are of three means and ten degrees of freedom.
    const step = 0.1
    const points = Array.from({ length: 190 }, (_, i) => Math.exp(-13 + step * i))
    const density = points.map((q) => studentizedRangePdf(q, 3, 10))
    for (const c of cases.moment_data) {
      expect([c.src_case.k, c.src_case.v]).toEqual([3, 10])
      holds(
        points.reduce((total, q, i) => total + step * q ** (c.src_case.m + 1) * (density[i] as number), 0),
        c,
      )
    }
  })
  it('upper tail is the complement', () =>
    expectClose(studentizedRangeSf(4, 5, 12) + studentizedRangeCdf(4, 5, 12), 1, 1e-12))
})

describe('tails and inverses agree with one another', () => {
  const ps = [1e-300, 1e-100, 1e-20, 1e-9, 0.001, 0.025, 0.2, 0.31, 0.4999, 0.5, 0.5001, 0.7, 0.975, 0.9999]
  it('quantile, then cdf', () => {
    for (const p of ps) {
      expectClose(normalCdf(normalQuantile(p)), p, 1e-11, `normal ${p}`)
      for (const df of [1, 2.5, 9, 120, 1e6]) {
        if (p > 1e-50 || df > 5) expectClose(studentTCdf(studentTQuantile(p, df), df), p, 1e-11, `t ${df} ${p}`)
        // Below, the quantile itself underflows or 1 − p rounds.
        if (p < 1e-50) continue
        expectClose(chiSquareCdf(chiSquareQuantile(p, df), df), p, 1e-10, `chi ${df} ${p}`)
        expectClose(fCdf(fQuantile(p, df, 7), df, 7), p, 1e-10, `F ${df} ${p}`)
        if (p > 1e-99)
          expectClose(betaCdf(betaQuantile(p, df, 3), df, 3), p, df > 1e5 ? 1e-8 : 1e-10, `beta ${df} ${p}`)
      }
    }
  })
  it('logarithms where the number underflows', () => {
    // mpmath, 30 digits.
    expectClose(normalLogSf(40), -804.6084420137538, 1e-12)
    expectClose(normalLogCdf(-1e6), -500000000014.7345, 1e-12)
    expectClose(normalLogSf(0.5), Math.log(normalSf(0.5)), 1e-14)
    expectClose(studentTLogSf(1e200, 9), 9 * (Math.log(3) - 200 * Math.LN10) + logStudentConstant(9), 1e-10)
    expectClose(chiSquareLogSf(3000, 1), Math.log(2) + normalLogSf(Math.sqrt(3000)), 1e-12)
    expectClose(fLogSf(50, 1, 9), Math.log(2) + studentTLogSf(Math.sqrt(50), 9), 1e-12)
    expectClose(fSf(50, 1, 9), 2 * studentTSf(Math.sqrt(50), 9), 1e-12)
    expectClose(erfcScaled(30) * 30 * Math.sqrt(Math.PI), 1 - 1 / 1800 + 3 / (4 * 810000), 1e-8)
  })
  it('binomial and Poisson sums', () => {
    let total = 0
    for (let k = 0; k <= 50; k++) {
      total += binomialPmf(k, 50, 0.3)
      expectClose(binomialCdf(k, 50, 0.3), Math.min(1, total), 1e-12)
      if (k < 40) expectClose(binomialSf(k, 50, 0.3) + binomialCdf(k, 50, 0.3), 1, 1e-14)
    }
    expect(binomialQuantile(binomialCdf(15, 50, 0.3), 50, 0.3)).toBe(15)
    expect([binomialPmf(0, 9, 0), binomialPmf(9, 9, 1), binomialPmf(3, 9, 0), binomialCdf(9, 9, 0.2)]).toEqual([
      1, 1, 0, 1,
    ])
    expectClose(poissonCdf(2, 3) + poissonSf(2, 3), 1, 1e-14)
    expectClose(poissonCdf(2, 3), Math.exp(-3) * 8.5, 1e-13)
  })
})

/** log of lim t→∞ P(T > t)·(t/√ν)^ν: density constant over ν. */
const logStudentConstant = (df: number): number =>
  logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI) + 0.5 * Math.log(df) - Math.log(df)

describe('noncentral t', () => {
  const noncentral: readonly (readonly [t: number, df: number, delta: number, sf: number])[] = [
    [2, 10, 1.5, 0.3408459275578092],
    [5, 3, 2, 0.11094793256172279],
    [1.98, 99, 2, 0.5098857761275434],
    [40, 9, 1, 1.6132012644231136e-10],
    [2.3, 9, -8, 3.4837461731649606e-21],
    [3, 30, 40, 1],
    [0.1, 1, 0.3, 0.5870049319157558],
  ]
  it('central when the shift is 0', () => {
    for (const t of [-3, -0.5, 0, 1, 4]) expectClose(noncentralTSf(t, 7, 0), studentTSf(t, 7), 1e-12)
  })
  it('matches mpmath quadrature, also where SciPy returns NaN', () => {
    for (const [t, df, delta, expected] of noncentral)
      expectClose(noncentralTSf(t, df, delta), expected, 1e-11, `${t} ${df} ${delta}`)
  })
  it('both tails make one', () => expectClose(noncentralTSf(1.3, 4, 0.7) + noncentralTCdf(1.3, 4, 0.7), 1, 1e-13))
})
