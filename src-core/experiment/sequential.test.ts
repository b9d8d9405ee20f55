import { describe, expect, test } from 'vitest'
import type { ExperimentReport } from '../domain/report.ts'
import { createPhilox } from '../ports/philox.ts'
import type { Outcome } from './outcome.ts'
import { buildReport } from './report.ts'
import { dealtOrder, lookInput } from './test/dealt.ts'
import { drawn, inputOf, modelOf, outcome, scored } from './test/inputs.ts'

const plan = { design: 'sequential' as const, margin: 0.05 }
const quality = (report: ExperimentReport) => report.comparisons.find((one) => one.metric === 'quality')
const metric = (report: ExperimentReport, name: string) => report.comparisons.find((one) => one.metric === name)
const scores = (n: number, chance: number, seed: number): number[] =>
  Array.from({ length: n }, (_, i) => (drawn(seed * 100_000 + i) < chance ? 1 : 0))

describe('quality by betting', () => {
  const report = buildReport(inputOf(scored({ a: scores(150, 0.5, 1), b: scores(150, 0.95, 2) }), { plan }))
  const found = quality(report)

  test('better, by an always-valid p and a sequence that leaves 0 out', () => {
    expect(found).toMatchObject({ verdict: 'better', method: 'betting confidence sequence on case differences' })
    expect(found?.p).toBeLessThan(0.05)
    expect(found?.ci?.[0]).toBeGreaterThan(0)
    expect(found?.sentence).toContain('95 % confidence sequence +')
    expect(found?.sentence).toContain('always-valid p')
    expect(found?.reason).toContain('valid at every look')
    expect(report.notes.join(' ')).toContain('watched and stopped at any time')
  })
  test('swapping the sides mirrors it', () => {
    const swapped = quality(buildReport(inputOf(scored({ a: scores(150, 0.95, 2), b: scores(150, 0.5, 1) }), { plan })))
    expect(swapped?.verdict).toBe('worse')
    expect(swapped?.p).toBeCloseTo(found?.p ?? 0, 12)
    expect(swapped?.ci?.[1]).toBeCloseTo(-(found?.ci?.[0] ?? 0), 9)
  })
  test('the order of outcomes is not the order of the sequence', () => {
    const outcomes = scored({ a: scores(80, 0.5, 3), b: scores(80, 0.7, 4) })
    const straight = quality(buildReport(inputOf(outcomes, { plan, baseline: 'a' })))
    expect(quality(buildReport(inputOf([...outcomes].reverse(), { plan, baseline: 'a' })))).toEqual(straight)
  })
  test('wider than the fixed interval: watching has a price', () => {
    const outcomes = scored({ a: scores(150, 0.5, 1), b: scores(150, 0.95, 2) })
    const fixed = quality(buildReport(inputOf(outcomes)))
    const width = (ci: readonly [number, number] | null | undefined): number => (ci == null ? 0 : ci[1] - ci[0])
    expect(width(found?.ci)).toBeGreaterThan(width(fixed?.ci))
    expect(width(found?.ci)).toBeLessThan(2 * width(fixed?.ci))
  })
  test('equivalent by the sequence against the margin on both sides, and only then', () => {
    const same = Array.from({ length: 1200 }, (_, i) => drawn(i))
    const near = same.map((x, i) => Math.min(1, Math.max(0, x + 0.02 * (drawn(i + 5000) - 0.5))))
    const equal = quality(buildReport(inputOf(scored({ a: same, b: near }), { plan })))
    expect(equal?.verdict).toBe('equivalent')
    expect(equal?.ci?.[0]).toBeGreaterThan(-0.05)
    expect(equal?.ci?.[1]).toBeLessThan(0.05)
    const few = quality(buildReport(inputOf(scored({ a: same.slice(0, 40), b: near.slice(0, 40) }), { plan })))
    expect(few?.verdict).toBe('not-enough-data')
  })
  test('a cluster is one increment', () => {
    const base = scores(60, 0.4, 8)
    const better = scores(60, 0.9, 9)
    const alone = quality(buildReport(inputOf(scored({ a: base, b: better }), { plan })))
    const copied = (values: readonly number[]): number[] => values.flatMap((x) => [x, x, x])
    const clustered = quality(
      buildReport(
        inputOf(scored({ a: copied(base), b: copied(better) }), {
          plan,
          facts: (_, i) => ({ cluster: `k${Math.floor(i / 3)}` }),
        }),
      ),
    )
    // Another order of the units, the same evidence: the p of a shuffled game is of the same size, not its cube.
    expect(Math.log(clustered?.p ?? 0) / Math.log(alone?.p ?? 1)).toBeLessThan(1.5)
    expect(clustered?.n).toBe(180)
  })
})

describe('latency and cost by the asymptotic sequence', () => {
  const timed = (n: number, ratio: number): Outcome[] =>
    Array.from({ length: n }, (_, c) =>
      (['a', 'b'] as const).map((variant, v) =>
        outcome({
          variant,
          case: `c${c}`,
          score: 1,
          latencyMs: 500 * (1 + drawn(2 * c + v)) * (v === 1 ? ratio : 1),
          costUsd: 0.001 * (1 + drawn(7000 + 2 * c + v)) * (v === 1 ? 0.5 : 1),
        }),
      ),
    ).flat()
  test('not before 100 units', () => {
    const few = metric(buildReport(inputOf(timed(99, 3), { plan })), 'latency')
    expect(few).toMatchObject({ verdict: 'not-enough-data', p: null, ci: null })
    expect(few?.reason).toContain('100 independent units')
  })
  test('from there on it decides on the ratio', () => {
    const report = buildReport(inputOf(timed(150, 1.5), { plan }))
    const slower = metric(report, 'latency')
    expect(slower).toMatchObject({ verdict: 'worse', method: 'asymptotic confidence sequence on log ratio' })
    expect(slower?.ci?.[0]).toBeGreaterThan(1)
    expect(slower?.ci?.[1]).toBeGreaterThan(slower?.ratio ?? 9)
    expect(metric(report, 'cost')?.verdict).toBe('better')
  })
  test('cheaper and not worse needs both sequences', () => {
    const wide = { ...plan, margin: 0.2 }
    const outcomes = timed(400, 1).map((one, i) => ({ ...one, score: drawn(90_000 + i) < 0.5 ? 0.45 : 0.55 }))
    expect(quality(buildReport(inputOf(outcomes, { plan: wide })))?.verdict).toBe('cheaper-not-worse')
    const unpriced = outcomes.map((one) => ({ ...one, costUsd: null }))
    expect(quality(buildReport(inputOf(unpriced, { plan: wide })))?.verdict).toBe('equivalent')
  })
})

describe('a run that is watched', () => {
  const ids = Array.from({ length: 60 }, (_, i) => `c${String(i).padStart(3, '0')}`)
  const all = scored({ a: scores(60, 0.3, 21), b: scores(60, 0.8, 22) })
  const look = (outcomes: readonly Outcome[], status: 'running' | 'done') =>
    quality(buildReport(lookInput(ids, outcomes, { plan, record: { status, cells: 120 } })))
  const order = dealtOrder(ids, all, { plan })

  test('an unfinished run contributes the complete beginning of the dealt order, whatever else is back', () => {
    const beginning = look(
      all.filter((one) => order.indexOf(one.case) < 30),
      'running',
    )
    const withGap = look(
      all.filter((one) => one.case !== order[30]),
      'running',
    )
    expect(withGap?.p).toBe(beginning?.p)
    expect(withGap?.ci).toEqual(beginning?.ci)
    expect(look(all, 'done')?.p).toBeLessThan(beginning?.p ?? 0)
    expect(
      look(
        all.filter((one) => one.case !== order[0]),
        'running',
      ),
    ).toMatchObject({ p: null, ci: null })
  })

  test('a model whose turn comes later is a member of the family from the start', () => {
    const models = [modelOf('m'), modelOf('later')]
    const found = quality(
      buildReport(lookInput(ids, all, { plan, snapshot: { models }, record: { status: 'running', cells: 240 } })),
    )
    expect(found?.ciLevel).toBeCloseTo(0.975, 12)
    expect(found?.pAdjusted).toBeCloseTo(2 * (found?.p ?? 0), 12)
  })

  test('a null experiment looked at 10 times is rejected in fewer than 5 % of runs', () => {
    const random = createPhilox(3)
    const runs = 40
    let ever = 0
    for (let run = 0; run < runs; run++) {
      const draw = (i: number): number => (random.uniform('null', run * 1000 + i) < 0.6 ? 1 : 0)
      const outcomes = scored({ a: ids.map((_, i) => draw(i)), b: ids.map((_, i) => draw(500 + i)) })
      const rejected = Array.from({ length: 10 }, (_, k) => new Set(order.slice(0, 6 * (k + 1)))).some((seen) => {
        const verdict = look(
          outcomes.filter((one) => seen.has(one.case)),
          'running',
        )?.verdict
        return verdict === 'better' || verdict === 'worse'
      })
      if (rejected) ever++
    }
    expect(ever / runs).toBeLessThanOrEqual(0.05)
  })
})
