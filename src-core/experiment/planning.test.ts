import { describe, expect, test } from 'vitest'
import { pairedMinimumEffect, pairedSampleSize } from '../stats/power.ts'
import { buildReport } from './report.ts'
import { filled, inputOf, scored } from './test/inputs.ts'

/** 100 differences of +0.1 and -0.1 in turn: mean 0 and a known spread. */
const turns = filled(100, 0).map((_, i) => 0.5 + (i % 2 === 0 ? 0.1 : -0.1))
const flat = filled(100, 0.5)
const sd = 0.1 * Math.sqrt(100 / 99)

const reportOf = (plan: { readonly mde?: number; readonly margin?: number }, variants: Record<string, number[]> = {}) =>
  buildReport(inputOf(scored({ a: flat, b: turns, ...variants }), { plan: { margin: 0.0001, ...plan } }))

const more = (report: ReturnType<typeof reportOf>): number | null | undefined =>
  report.comparisons.find((one) => one.metric === 'quality' && one.candidate.variant === 'b')?.moreCases

describe('plans rest on the registered effect and the observed spread', () => {
  test('n = 100 detects .2829 spreads with 80 % power (statistics.md 4.10)', () => {
    expect(reportOf({}).minimumDetectableDifference).toBeCloseTo(0.282912632781 * sd, 10)
  })

  test('an effect of .2 spreads needs 198.15 cases: 99 more than 100', () => {
    expect(more(reportOf({ mde: 0.2 * sd }))).toBe(99)
  })

  test('a family of two is planned at alpha / 2, as it is decided', () => {
    const report = reportOf({ mde: 0.2 * sd }, { c: turns.toReversed() })
    const needed = pairedSampleSize(0.2, { alpha: 0.025 })
    expect(more(report)).toBe(Math.ceil(Number(needed)) - 100)
    expect(report.minimumDetectableDifference).toBeCloseTo(Number(pairedMinimumEffect(100, { alpha: 0.025 })) * sd, 10)
  })

  test('where the effect would have been seen, cases for equivalence: ((z.05 + z.10) sd / margin)^2', () => {
    const margin = sd / 10
    const needed = ((1.6448536269514722 + 1.2815515655446004) * 10) ** 2
    const report = reportOf({ mde: sd, margin })
    expect(report.comparisons[0]?.verdict).toBe('not-enough-data')
    expect(more(report)).toBe(Math.ceil(needed) - 100)
  })

  test('clusters count as units, and more of them means more cases', () => {
    const plan = { mde: 0.2 * sd, margin: 0.0001 }
    const cells = scored({ a: flat, b: turns.map((_, i) => 0.5 + (Math.floor(i / 4) % 2 === 0 ? 0.1 : -0.1)) })
    const report = buildReport(inputOf(cells, { plan, facts: (_, i) => ({ cluster: `k${Math.floor(i / 4)}` }) }))
    const [quality] = report.comparisons
    const spread = 0.1 * Math.sqrt((25 / 24) * (1 - 1 / 625))
    const units = Number(pairedSampleSize((0.2 * sd) / spread))
    expect(quality?.moreCases).toBe(Math.ceil(units * 4 - 1e-9) - 100)
  })
})

describe('what no number of such cases, or only more of them, can show', () => {
  const quality = (report: ReturnType<typeof buildReport>) => report.comparisons.find((one) => one.metric === 'quality')
  const up = (n: number) => filled(n, 0).map((_, i) => 0.6 + i / 100)

  test('five cases cannot reach alpha: no detectable difference, and at least one more', () => {
    const report = buildReport(inputOf(scored({ a: filled(5, 0.1), b: up(5) }), { plan: { mde: 0.9, margin: 0.5 } }))
    expect(report.minimumDetectableDifference).toBeNull()
    expect(quality(report)).toMatchObject({ verdict: 'not-enough-data', moreCases: 1 })
    expect(quality(report)?.sentence).not.toContain('would probably have been seen')
  })

  test('six cases reach .05 alone, but not as one of three comparisons', () => {
    const cells = { a: filled(6, 0.1), b: up(6) }
    expect(quality(buildReport(inputOf(scored(cells))))?.verdict).toBe('better')
    const report = buildReport(inputOf(scored({ ...cells, c: up(6), d: up(6) }), { plan: { mde: 0.9 } }))
    expect(quality(report)).toMatchObject({ verdict: 'not-enough-data', moreCases: 1 })
    expect(report.minimumDetectableDifference).toBeNull()
    expect(report.notes.join(' ')).toContain('fewer than 7 can never show a difference at alpha 0.05 shared by 3')
  })

  test('identical verdicts: the cases at which the score test shows equivalence', () => {
    const right = filled(50, 0).map((_, i) => i % 2)
    const found = quality(buildReport(inputOf(scored({ a: right, b: right }))))
    // 1.6449^2 * 0.98 / 0.02 = 132.6
    expect(found).toMatchObject({ verdict: 'not-enough-data', moreCases: 133 - 50 })
    expect(found?.reason).toContain('takes 133 cases')
  })

  test('a sequential plan does not say what a fixed design would have seen', () => {
    for (const margin of [0.005, 0.02, 0.5]) {
      const plan = { design: 'sequential', mde: 0.3, margin } as const
      const report = buildReport(inputOf(scored({ a: flat, b: turns }), { plan }))
      for (const one of report.comparisons) expect(one.sentence).not.toContain('would probably have been seen')
    }
  })
})
