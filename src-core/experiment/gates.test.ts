import { describe, expect, test } from 'vitest'
import type { Constraint, Gates } from '../domain/objective.ts'
import type { GateResult } from '../domain/report.ts'
import type { Outcome } from './outcome.ts'
import { buildReport } from './report.ts'
import { drawn, filled, outcome, scored, storedInput } from './test/inputs.ts'

const none: Gates = { passRate: null, caseMinimum: false, notWorseThanBaseline: false }
const limit = (
  metric: Constraint['metric'],
  relation: '>=' | '<=',
  value: number,
  quantile: number | null = null,
): Constraint => ({
  metric,
  relation,
  limit: value,
  quantile,
  source: `${relation} ${value}`,
})

const gatesOf = (
  outcomes: readonly Outcome[],
  constraints: readonly Constraint[],
  gates: Partial<Gates> = {},
): readonly GateResult[] =>
  buildReport(storedInput(outcomes, { snapshot: { constraints, gates: { ...none, ...gates } } })).gates

const timed = (n: number, worst: number): Outcome[] =>
  Array.from({ length: n }, (_, i) =>
    outcome({
      variant: 'a',
      case: `c${i}`,
      score: 1,
      latencyMs: i === 0 ? worst : 100 + i,
      costUsd: 0.001 * (1 + drawn(i)),
    }),
  )

describe('constraints hold by their one-sided bound', () => {
  test('a mean above the limit whose bound is below it fails', () => {
    const scores = [...filled(18, 1), 0, 0]
    const [close] = gatesOf(scored({ a: scores }), [limit('quality', '>=', 0.85)])
    // Wilson's lower bound of 18 of 20 at z = 1.645.
    expect(close).toMatchObject({ name: 'quality >= 0.85', passed: false, value: 0.9 })
    const [far] = gatesOf(scored({ a: scores }), [limit('quality', '>=', 0.7)])
    expect(far?.passed).toBe(true)
  })

  test('means of scores by Student: t(.95, 3) = 2.35336343480182', () => {
    const scores = [0.5, 0.6, 0.7, 0.8]
    const bound = 0.65 - (2.35336343480182 * Math.sqrt(0.05 / 3)) / 2
    expect(gatesOf(scored({ a: scores }), [limit('quality', '>=', bound - 1e-6)])[0]?.passed).toBe(true)
    expect(gatesOf(scored({ a: scores }), [limit('quality', '>=', bound + 1e-6)])[0]?.passed).toBe(false)
  })

  test('p95 of latency: 59 cases are the fewest that allow a bound', () => {
    const p95 = [limit('latency', '<=', 2000, 0.95)]
    expect(gatesOf(timed(58, 150), p95)[0]).toMatchObject({ passed: null })
    expect(gatesOf(timed(59, 150), p95)[0]).toMatchObject({ passed: true })
    expect(gatesOf(timed(59, 5000), p95)[0]).toMatchObject({ passed: false })
  })

  test('cost, and an unknown cost that fails nothing', () => {
    expect(gatesOf(timed(20, 1), [limit('cost', '<=', 0.002)])[0]?.passed).toBe(true)
    expect(gatesOf(timed(20, 1), [limit('cost', '<=', 0.0012)])[0]?.passed).toBe(false)
    expect(gatesOf(scored({ a: [1, 0, 1] }), [limit('cost', '<=', 1)])[0]).toMatchObject({ passed: null, value: null })
  })

  test('a declared price of $0 keeps its limit', () => {
    const free = timed(20, 1).map((cell) => ({ ...cell, costUsd: 0 }))
    expect(gatesOf(free, [limit('cost', '<=', 0.005)])[0]).toMatchObject({ passed: true, value: 0 })
  })

  test('all right passes, all wrong fails, one case is undecided', () => {
    expect(gatesOf(scored({ a: filled(40, 1) }), [limit('quality', '>=', 0.85)])[0]?.passed).toBe(true)
    expect(gatesOf(scored({ a: filled(40, 0.2) }), [limit('quality', '>=', 0.85)])[0]?.passed).toBe(false)
    expect(gatesOf(scored({ a: [1] }), [limit('quality', '>=', 0.85)])[0]?.passed).toBeNull()
  })
})

describe('gates', () => {
  const passRate = { relation: '>=' as const, limit: 0.5, source: '>= 0.5' }

  test('pass rate by the point estimate', () => {
    expect(gatesOf(scored({ a: [1, 0] }), [], { passRate })[0]).toMatchObject({ passed: true, value: 0.5 })
    expect(gatesOf(scored({ a: [1, 0, 0] }), [], { passRate })[0]).toMatchObject({ passed: false })
  })

  test('the baseline is judged only when it is alone', () => {
    expect(gatesOf(scored({ a: [1, 0], b: [1, 1] }), [], { passRate }).map((gate) => gate.variant)).toEqual(['b'])
    expect(gatesOf(scored({ a: [1, 0] }), [], { passRate }).map((gate) => gate.variant)).toEqual(['a'])
  })

  test('case minimum: fails where every repetition stays below', () => {
    const dead = scored({
      a: [
        [1, 1],
        [0, 1],
        [0.1, 0.2],
      ],
    })
    const input = storedInput(dead, {
      snapshot: { gates: { ...none, caseMinimum: true } },
      facts: () => ({ minimumQuality: 0.5 }),
    })
    expect(buildReport(input).gates[0]).toMatchObject({ passed: false, value: 1 })
    expect(buildReport(input).gates[0]?.sentence).toContain('c002')
    expect(gatesOf(dead, [], { caseMinimum: true })[0]?.passed).toBeNull()
  })

  test('not worse than the baseline: fails on worse and invalid', () => {
    const gates = { notWorseThanBaseline: true }
    const a = filled(20, 0.6)
    expect(gatesOf(scored({ a, b: filled(20, 0.4) }), [], gates)[0]).toMatchObject({ passed: false })
    expect(gatesOf(scored({ a, b: filled(20, 0.6) }), [], gates)[0]).toMatchObject({ passed: true })
    const fallen = scored({ a, b: a }).map((cell, i) => (i > 30 ? { ...cell, substituted: true } : cell))
    expect(gatesOf(fallen, [], gates)[0]).toMatchObject({ passed: false })
  })
})

describe('best and recommendation', () => {
  const rising = (shift: number) =>
    Array.from({ length: 40 }, (_, c) => 0.2 + 0.2 * drawn(c) + shift + 0.02 * drawn(c + 77))

  test('the highest that a comparison shows better than the next', () => {
    const report = buildReport(storedInput(scored({ a: rising(0), b: rising(0.2) })))
    expect(report.best).toEqual({ variant: 'b', model: 'm' })
    expect(report.tiedWith).toEqual([])
    expect(report.recommendation).toMatchObject({ action: 'deploy' })
    expect(report.recommendation.sentence).toMatch(/^Deploy b: /)
  })

  test('two that were never compared are tied; who lost to one of them is not', () => {
    const report = buildReport(storedInput(scored({ a: rising(0), b: rising(0.2), c: rising(0.21) })))
    expect(report.best).toBeNull()
    expect(report.tiedWith.map((one) => one.variant)).toEqual(['c', 'b'])
  })

  test('who breaks a constraint is neither best nor deployed', () => {
    const cells = scored({ a: rising(0), b: rising(0.2) }).map((cell) => ({
      ...cell,
      costUsd: cell.variant === 'a' ? 0.001 : 0.1,
    }))
    const report = buildReport(storedInput(cells, { snapshot: { constraints: [limit('cost', '<=', 0.01)] } }))
    expect(report.best).toEqual({ variant: 'a', model: 'm' })
    expect(report.gates).toMatchObject([{ variant: 'b', passed: false }])
    expect(report.recommendation.action).not.toBe('deploy')
  })

  test('every alternative worse: keep; no comparison: keep; everything failed: repeat', () => {
    expect(buildReport(storedInput(scored({ a: rising(0.2), b: rising(0) }))).recommendation.action).toBe('keep')
    expect(buildReport(storedInput(scored({ a: rising(0) }))).recommendation.action).toBe('keep')
    const failed = scored({ a: [0, 0], b: [0, 0] }, { failed: true, passed: false })
    expect(buildReport(storedInput(failed)).recommendation.sentence).toContain('every cell failed')
  })
})
