import { describe, expect, test } from 'vitest'
import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { Comparison, ExperimentReport } from '../domain/report.ts'
import { buildReport } from './report.ts'
import { drawn, filled, inputOf, modelOf, outcome, scored, storedInput } from './test/inputs.ts'

const of = (report: ExperimentReport, metric = 'quality', candidate = 'b'): Comparison => {
  const found = report.comparisons.find((one) => one.metric === metric && one.candidate.variant === candidate)
  if (found === undefined) throw new Error('no such comparison')
  return found
}

/** n cases around a base; `shift` is added to the second side, noise is different on both sides. */
const sides = (n: number, options: { shift?: number; noise?: number; costs?: readonly [number, number] } = {}) => {
  const { shift = 0, noise = 0.02, costs = [0.01, 0.01] } = options
  return Array.from({ length: n }, (_, c) => {
    const base = 0.3 + 0.4 * drawn(c)
    const cell = (variant: string, side: 0 | 1) =>
      outcome({
        variant,
        case: `c${String(c).padStart(3, '0')}`,
        score: base + side * shift + noise * (drawn(1000 * (side + 1) + c) - 0.5),
        passed: null,
        costUsd: costs[side] * (0.9 + 0.2 * drawn(5000 * (side + 1) + c)),
      })
    return [cell('a', 0), cell('b', 1)]
  }).flat()
}

describe('precedence', () => {
  test('better and worse follow the adjusted p', () => {
    expect(of(buildReport(inputOf(sides(40, { shift: 0.2 })))).verdict).toBe('better')
    expect(of(buildReport(inputOf(sides(40, { shift: -0.2 })))).verdict).toBe('worse')
  })

  test('cheaper-not-worse goes before equivalent, and only with a proven saving', () => {
    const cheaper = of(buildReport(inputOf(sides(60, { costs: [0.01, 0.006] }))))
    expect(cheaper.verdict).toBe('cheaper-not-worse')
    expect(cheaper.sentence).toContain('cheaper than a and not worse by more than 0.020')
    expect(of(buildReport(inputOf(sides(60)))).verdict).toBe('equivalent')
  })

  test('better goes before cheaper', () => {
    expect(of(buildReport(inputOf(sides(60, { shift: 0.1, costs: [0.01, 0.005] })))).verdict).toBe('better')
  })

  test('noise leaves not-enough-data with cases planned on mde and spread, never on the observed effect', () => {
    const report = buildReport(inputOf(sides(40, { noise: 1 })))
    const found = of(report)
    expect(found.verdict).toBe('not-enough-data')
    expect(found.moreCases).toBeGreaterThan(0)
    const moved = of(buildReport(inputOf(sides(40, { noise: 1, shift: 0.02 }))))
    expect(moved.verdict).toBe('not-enough-data')
    expect(Math.abs((moved.moreCases ?? 0) - (found.moreCases ?? 0))).toBeLessThanOrEqual(1)
    expect(report.recommendation).toMatchObject({ action: 'gather', moreCases: found.moreCases })
  })

  test('where mde is reached, cases for equivalence within the margin are named', () => {
    const found = of(buildReport(inputOf(sides(40, { noise: 0.2 }), { plan: { mde: 0.3, margin: 0.005 } })))
    expect(found.verdict).toBe('not-enough-data')
    expect(found.reason).toContain('equivalence within 0.005')
  })

  test('identical answers everywhere prove no equivalence: their spread is unknown', () => {
    const found = of(buildReport(inputOf(scored({ a: filled(40, 0.5), b: filled(40, 0.5) }))))
    expect(found).toMatchObject({ verdict: 'not-enough-data', p: 1, pAdjusted: 1, difference: 0, moreCases: null })
  })
})

describe('claims on right and wrong', () => {
  const cost = (cells: ReturnType<typeof scored>, b: number) =>
    cells.map((cell) => ({ ...cell, costUsd: cell.variant === 'b' ? b : 1 }))
  const passes = (n: number, lost: number): number[] => filled(n, 1).map((_, i) => (i < lost ? 0 : 1))

  test('one loss in 60 does not show "not worse by .05": the score test says p = .118, the t test said .02', () => {
    const cells = scored({ a: passes(60, 0), b: passes(60, 1) }).map((cell, i) => ({
      ...cell,
      costUsd: (cell.variant === 'b' ? 0.2 : 1) * (1 + drawn(i) / 10),
    }))
    const found = of(buildReport(inputOf(cells, { plan: { margin: 0.05 } })))
    expect(found.verdict).toBe('not-enough-data')
    expect(found.method).toContain('Tango score test')
  })

  test('identical verdicts are equivalent from z^2 (1 - margin) / margin cases on', () => {
    const at = (n: number) => of(buildReport(inputOf(scored({ a: passes(n, n / 2), b: passes(n, n / 2) }))))
    expect(at(134).verdict).toBe('equivalent')
    expect(at(132).verdict).toBe('not-enough-data')
  })

  test('a saving that is the same in every case is a saving', () => {
    const cells = cost(scored({ a: passes(200, 40), b: passes(200, 40) }), 0.5)
    expect(of(buildReport(inputOf(cells))).verdict).toBe('cheaper-not-worse')
    expect(of(buildReport(inputOf(cost(cells, 2)))).verdict).toBe('equivalent')
    expect(of(buildReport(inputOf(cost(cells, 1)))).verdict).toBe('equivalent')
    const graded = cost(sides(60), 0.5)
    expect(of(buildReport(inputOf(graded))).verdict).toBe('cheaper-not-worse')
  })
})

describe('invalid', () => {
  const cells = scored({ a: filled(20, 0.4), b: filled(20, 0.6) })

  test('more than 5 % of pairs missing; exactly 5 % is still valid', () => {
    const substituted = (n: number) =>
      cells.map((cell, i) => (cell.variant === 'b' && i < 20 + n ? { ...cell, substituted: true } : cell))
    expect(of(buildReport(inputOf(substituted(1)))).verdict).toBe('better')
    const found = of(buildReport(inputOf(substituted(2))))
    expect(found).toMatchObject({ verdict: 'invalid', p: null, ci: null, n: 18 })
    expect(found.reason).toContain('10 % of its pairs are missing')
  })

  test('no case in common: invalid, and still a member of the family', () => {
    const apart = scored({ c: filled(20, 0.5) }).map((cell) => ({ ...cell, case: `x${cell.case}` }))
    const report = buildReport(inputOf([...cells, ...apart]))
    expect(of(report, 'quality', 'c')).toMatchObject({ verdict: 'invalid', p: null, ci: null, n: 0 })
    expect(of(report, 'quality', 'c').reason).toBe('no case in common')
    expect(of(report, 'quality', 'c').sentence).toContain('no case in common')
    expect(of(report).ciLevel).toBe(0.975)
    const alone = buildReport(inputOf([...cells.slice(0, 20), ...apart]))
    expect(of(alone, 'quality', 'c').reason).toBe('no case in common')
  })

  test('a case that one side never ran is a missing pair', () => {
    expect(of(buildReport(inputOf(cells.slice(0, 36)))).verdict).toBe('invalid')
  })

  test('with repetitions a substituted one is part of a pair', () => {
    const repeated = scored({ a: filled(20, [0.4, 0.5]), b: filled(20, [0.6, 0.7]) })
    const marked = (n: number) => repeated.map((cell, i) => (i < n ? { ...cell, substituted: true } : cell))
    expect(of(buildReport(inputOf(marked(2)))).verdict).toBe('better')
    expect(of(buildReport(inputOf(marked(3)))).verdict).toBe('invalid')
  })

  test('a failure is no missing pair for quality: it scores 0', () => {
    const failing = cells.map((cell) =>
      cell.variant === 'b' ? { ...cell, score: 0, failed: true, passed: false } : cell,
    )
    expect(of(buildReport(inputOf(failing)))).toMatchObject({ verdict: 'worse', n: 20, difference: -0.4 })
  })

  test('failing fast is not fast: a ratio lacks the failed cases and says so', () => {
    const timed = cells.map((cell, i) =>
      cell.variant === 'b' && i % 2 === 0
        ? { ...cell, score: 0, failed: true }
        : { ...cell, latencyMs: 100 + drawn(i) },
    )
    expect(of(buildReport(inputOf(timed)), 'latency').verdict).toBe('invalid')
  })

  test('a failed call that was billed nothing is no bargain', () => {
    const costs = (failing: number) =>
      cells.map((cell, i) => {
        const failed = cell.variant === 'b' && i % 20 < failing
        return failed ? { ...cell, score: 0, failed, costUsd: 0 } : { ...cell, costUsd: 1 + drawn(i) / 10 }
      })
    expect(of(buildReport(inputOf(costs(1))), 'cost')).toMatchObject({ n: 19, verdict: 'not-enough-data' })
    expect(of(buildReport(inputOf(costs(6))), 'cost')).toMatchObject({ verdict: 'invalid', p: null })
  })

  test('a saving on the cases that did not fail is not cheaper-not-worse', () => {
    const failing = (n: number) =>
      sides(60, { costs: [0.01, 0.004] }).map((cell, i) =>
        cell.variant === 'b' && i < 2 * n ? { ...cell, score: cell.score, failed: true, costUsd: null } : cell,
      )
    expect(of(buildReport(inputOf(failing(0)))).verdict).toBe('cheaper-not-worse')
    expect(of(buildReport(inputOf(failing(6)))).verdict).not.toBe('cheaper-not-worse')
  })

  const judgedBy = (model: string): EvaluatorSpec => ({
    type: 'all-of',
    name: 'all',
    weight: 1,
    threshold: 0.5,
    negate: false,
    field: 'output',
    params: { evaluators: [{ type: 'rubric', params: { model } }] },
  })
  const twoModels = ['m', 'n'].flatMap((model) =>
    scored({ a: filled(20, 0.4) }, { model }).map((cell, i) => ({
      ...cell,
      score: model === 'm' ? 0.3 : 0.5 + i / 100,
    })),
  )

  test('the judge is one of two different models compared, also under another name', () => {
    const models = [modelOf('m'), modelOf('n'), modelOf('judge', { model: 'n', experiment: false })]
    const report = buildReport(storedInput(twoModels, { snapshot: { models, evaluators: [judgedBy('judge')] } }))
    const found = report.comparisons.find((one) => one.metric === 'quality')
    expect(found?.verdict).toBe('invalid')
    expect(found?.reason).toContain('n judged the answers')
    const apart = buildReport(
      storedInput(twoModels, {
        snapshot: { models: [...models.slice(0, 2), modelOf('x')], evaluators: [judgedBy('x')] },
      }),
    )
    expect(apart.comparisons.find((one) => one.metric === 'quality')?.verdict).toBe('better')
  })

  test('a judge equal to the only model is a warning', () => {
    const report = buildReport(
      storedInput(cells, { snapshot: { models: [modelOf('m')], evaluators: [judgedBy('m')] } }),
    )
    expect(of(report).verdict).toBe('better')
    expect(report.notes.join(' ')).toContain('m judges its own answers')
  })

  test('the server changed the model within one side', () => {
    const changed = cells.map((cell, i) => ({ ...cell, servedModel: i < 30 ? 'x-1' : 'x-2' }))
    const found = of(buildReport(inputOf(changed)))
    expect(found.verdict).toBe('invalid')
    expect(found.reason).toContain('x-1, x-2')
  })
})

describe('cost', () => {
  const priced = (
    a: number | null,
    b: number | null,
    more: { tokens?: readonly [number, number]; model?: string } = {},
  ) =>
    Array.from({ length: 30 }, (_, c) =>
      (['a', 'b'] as const).map((variant, side) =>
        outcome({
          variant,
          case: `c${c}`,
          score: 1,
          costUsd: [a, b][side] === null ? null : ([a, b][side] ?? 0) * (1 + drawn(c + 100 * side)),
          inputTokens:
            more.tokens === undefined ? null : Math.round((more.tokens[side] ?? 0) * (1 + drawn(c + 100 * side))),
          outputTokens: more.tokens === undefined ? null : 1,
        }),
      ),
    ).flat()

  test('dollars where both are positive', () => {
    expect(of(buildReport(inputOf(priced(1, 0.2))), 'cost')).toMatchObject({ verdict: 'better', n: 30 })
  })
  test('tokens where dollars are zero or unknown and the model is the same', () => {
    const found = of(buildReport(inputOf(priced(0, 0, { tokens: [100, 400] }))), 'cost')
    expect(found.verdict).toBe('worse')
    expect(found.sentence).toContain('tokens')
  })
  test('zero or unknown gives null', () => {
    for (const report of [buildReport(inputOf(priced(0, 1))), buildReport(inputOf(priced(1, null)))]) {
      expect(of(report, 'cost')).toMatchObject({ ratio: null, p: null, ci: null, verdict: 'not-enough-data' })
    }
  })
  test('tokens of different models are not compared', () => {
    const cells = priced(0, 0, { tokens: [100, 400] }).map((cell) => ({ ...cell, model: cell.variant, variant: 'a' }))
    expect(buildReport(inputOf(cells)).comparisons.find((one) => one.metric === 'cost')?.ratio).toBeNull()
  })
  test('costMetric usd never turns to tokens', () => {
    const input = inputOf(priced(0, 0, { tokens: [100, 400] }), { plan: { costMetric: 'usd' } })
    expect(of(buildReport(input), 'cost').ratio).toBeNull()
  })
  test('the same ratio in every case is decided by the sign test', () => {
    const cells = scored({ a: filled(12, 1), b: filled(12, 1) }).map((cell) => ({
      ...cell,
      costUsd: cell.variant === 'a' ? 1 : 2,
    }))
    const found = of(buildReport(inputOf(cells)), 'cost')
    expect(found).toMatchObject({ ratio: 2, verdict: 'worse', ci: null })
    expect(found.p).toBeCloseTo(2 / 2 ** 12, 12)
  })
})

test('sentences name both, the numbers, the interval, p and cases', () => {
  const { sentence } = of(buildReport(inputOf(scored({ a: [...filled(30, 0), ...filled(10, 1)], b: filled(40, 1) }))))
  expect(sentence).toMatch(
    /^b is better than a: quality 1\.000 against 0\.250, \+0\.750 \(95 % interval \+0\.\d+ to \+0\.\d+\); p = \d\.\de-\d+, 40 cases\.$/,
  )
})

test('means that contradict the ratio are left out of the sentence', () => {
  const cells = scored({ a: filled(40, 1), b: filled(40, 1) }).map((cell, i) => {
    const slow = cell.variant === 'b' && i % 20 === 0
    return { ...cell, latencyMs: (cell.variant === 'a' ? 1000 : slow ? 60_000 : 450) * (1 + drawn(i) / 10) }
  })
  const found = of(buildReport(inputOf(cells)), 'latency')
  expect(found.difference).toBeGreaterThan(0)
  expect(found.sentence).toMatch(/latency typically 0\.\d+ times as long/)
  expect(found.sentence).not.toContain('against')
})

test('where the test decides although the interval touches 0, the sentence says so', () => {
  // b wins 13 and loses 4 cases (McNemar p = .049), c wins 20: Holm tests b at 5 %, its simultaneous interval is at 97.5 %.
  const of60 = (value: (i: number) => boolean): number[] => Array.from({ length: 60 }, (_, i) => (value(i) ? 1 : 0))
  const cells = scored({ a: of60((i) => i >= 20), b: of60((i) => i < 13 || i >= 24), c: of60(() => true) })
  const report = buildReport(inputOf(cells))
  expect(of(report)).toMatchObject({ verdict: 'better', ciLevel: 0.975 })
  expect(of(report).p).toBeCloseTo(0.04904174804, 9)
  expect(of(report).ci?.[0]).toBeLessThan(0)
  expect(of(report).sentence).toContain("The interval touches 0; Holm's procedure for 2 comparisons decides.")
  expect(of(report, 'quality', 'c').sentence).not.toContain('touches')
})
