import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Comparison, ExperimentReport } from '../domain/report.ts'
import type { Outcome } from './outcome.ts'
import { buildReport } from './report.ts'
import { drawn, filled, inputOf, modelOf, outcome, scored, storedInput } from './test/inputs.ts'

const comparison = (report: ExperimentReport, metric: string, candidate: string, model?: string): Comparison => {
  const found = report.comparisons.find(
    (one) =>
      one.metric === metric &&
      one.candidate.variant === candidate &&
      (model === undefined || one.candidate.model === model),
  )
  if (found === undefined) throw new Error(`no comparison of ${candidate} by ${metric}`)
  return found
}

describe('numbers worked out by hand', () => {
  test('sleep data: paired by case, exact sign-flip below 30 cases, t interval', () => {
    // Student's sleep data (statistics.md 4.1, 4.2) moved into [0, 1] by a common scale of 10.
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const at = (values: number[]) => values.map((value) => (value + 2) / 10)
    const report = buildReport(inputOf(scored({ a: at(second), b: at(first) })))
    const quality = comparison(report, 'quality', 'b')
    expect(quality.n).toBe(10)
    expect(quality.difference).toBeCloseTo(-0.158, 12)
    expect(quality.p).toBe(4 / 1024)
    expect(quality.ci?.[0]).toBeCloseTo(-0.245988576327698, 12)
    expect(quality.ci?.[1]).toBeCloseTo(-0.0700114236723018, 12)
    expect(quality.ciLevel).toBe(0.95)
    expect(quality.verdict).toBe('worse')
    expect(quality.method).toContain('sign-flip permutation (exact)')
  })

  test('right or wrong, once each: exact McNemar and Newcombe paired, whatever the number of cases', () => {
    // Cells 36, 12, 2, 0 (statistics.md 4.5): McNemar p of (12, 2), interval published there for first minus second.
    const cells = (pair: [number, number], n: number) => filled(n, pair)
    const pairs = [...cells([1, 1], 36), ...cells([1, 0], 12), ...cells([0, 1], 2)]
    const report = buildReport(inputOf(scored({ a: pairs.map(([, b]) => b), b: pairs.map(([a]) => a) })))
    const quality = comparison(report, 'quality', 'b')
    expect(quality.difference).toBeCloseTo(0.2, 12)
    expect(quality.p).toBeCloseTo((2 * (1 + 14 + 91)) / 2 ** 14, 14)
    expect(quality.ci?.[0]).toBeCloseTo(0.0569295840032, 10)
    expect(quality.ci?.[1]).toBeCloseTo(0.340427602975, 10)
    expect(quality.verdict).toBe('better')
    expect(quality.method).toBe('exact McNemar; Newcombe paired interval; Tango score test against the margin')
  })

  test('a row: mean of case means, n - 1, Student interval, failures 0 and in every denominator', () => {
    const cells = [
      ...scored({
        a: [
          [0.4, 0.8],
          [1, 1],
          [0.2, 0.4],
        ],
      }),
      outcome({ variant: 'a', case: 'c003', score: 0, repetition: 1, failed: true, passed: false }),
      outcome({ variant: 'a', case: 'c003', score: 0.2, repetition: 2 }),
    ]
    const [row] = buildReport(inputOf(cells)).rows
    // Case means .6, 1, .3, .1: mean .5, sum of squares .01 + .25 + .04 + .16.
    expect(row?.n).toBe(4)
    expect(row?.mean).toBeCloseTo(0.5, 12)
    expect(row?.sd).toBeCloseTo(Math.sqrt(0.46 / 3), 12)
    expect(row?.failed).toBe(1)
    expect(row?.passed).toBe(2)
    expect(row?.passRate).toBe(0.25)
    // t(.975, 3) = 3.18244630528371: the interval is cut at 0 and 1, where no mean can lie.
    const half = (3.18244630528371 * Math.sqrt(0.46 / 3)) / 2
    expect(row?.ci?.[0]).toBe(Math.max(0, 0.5 - half))
    expect(row?.ci?.[1]).toBe(Math.min(1, 0.5 + half))
  })

  test("Wilson's interval of 81 of 263, the published one", () => {
    const [row] = buildReport(inputOf(scored({ a: [...filled(81, 1), ...filled(182, 0)] }))).rows
    expect(row?.passRateCi?.[0]).toBeCloseTo(0.255288519878274, 12)
    expect(row?.passRateCi?.[1]).toBeCloseTo(0.3662095769828, 12)
    expect(row?.ci).toEqual(row?.passRateCi)
  })

  test('all right or all wrong keeps an interval with a width', () => {
    const report = buildReport(inputOf(scored({ a: filled(20, 0), b: filled(20, 1) })))
    expect(report.rows[0]?.ci?.[0]).toBe(0)
    expect(report.rows[0]?.ci?.[1]).toBeCloseTo(0.161125158052819, 12)
    expect(report.rows[1]?.ci?.[1]).toBe(1)
    expect(comparison(report, 'quality', 'b').verdict).toBe('better')
  })

  test('costs: geometric mean of paired ratios, cost per success, units without effect', () => {
    const costs = { a: [1, 2, 4, 8], b: [2, 2, 16, 8] }
    const cells = (factor: number) =>
      Object.entries(costs).flatMap(([variant, values]) =>
        values.map((cost, i) => outcome({ variant, case: `c${i}`, score: i === 0 ? 0 : 1, costUsd: factor * cost })),
      )
    const report = buildReport(inputOf(cells(1)))
    const cost = comparison(report, 'cost', 'b')
    // Ratios 2, 1, 4, 1: product 8, fourth root 2^(3/4).
    expect(cost.ratio).toBeCloseTo(2 ** 0.75, 12)
    expect(cost.difference).toBeCloseTo(28 / 4 - 15 / 4, 12)
    expect(report.rows[0]?.costUsd).toBeCloseTo(15 / 4, 12)
    expect(report.rows[0]?.costPerSuccessUsd).toBeCloseTo(5, 12)
    const other = buildReport(inputOf(cells(1e-6)))
    expect(comparison(other, 'cost', 'b')).toMatchObject({ verdict: cost.verdict, n: cost.n })
    expect(comparison(other, 'cost', 'b').ratio).toBeCloseTo(cost.ratio ?? 0, 12)
    expect(comparison(other, 'cost', 'b').p).toBeCloseTo(cost.p ?? 0, 10)
  })

  test('clusters are the unit: the published clustered standard error', () => {
    const y = [1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0]
    const g = [1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5]
    const input = inputOf(scored({ a: y }), { facts: (_, i) => ({ cluster: `g${g[i]}` }) })
    const [row] = buildReport(input).rows
    // SE .199161533329167 (statistics.md 3.2), t(.975, 4) = 2.77644510519779.
    const half = 2.77644510519779 * 0.199161533329167
    expect(row?.ci?.[0]).toBeCloseTo(0.583333333333333 - half, 10)
    expect(row?.ci?.[1]).toBe(1)
    expect(row?.n).toBe(12)
  })

  test('weights enter every mean', () => {
    const input = inputOf(scored({ a: [0, 1, 1], b: [1, 1, 0] }), { facts: (_, i) => ({ weight: [1, 2, 5][i] ?? 1 }) })
    const report = buildReport(input)
    expect(report.rows.map((row) => row.mean)).toEqual([7 / 8, 3 / 8])
    expect(report.rows.map((row) => row.passRate)).toEqual([7 / 8, 3 / 8])
    expect(comparison(report, 'quality', 'b').difference).toBeCloseTo(-0.5, 12)
    expect(report.notes.join(' ')).toContain('weights')
  })

  test('a single case has no interval, no p and no crash', () => {
    const report = buildReport(inputOf(scored({ a: [0.3], b: [0.4] })))
    expect(report.rows[0]).toMatchObject({ n: 1, mean: 0.3, sd: null, ci: null })
    expect(comparison(report, 'quality', 'b').verdict).toBe('not-enough-data')
  })

  test('no outcomes at all', () => {
    const report = buildReport(inputOf([]))
    expect(report).toMatchObject({ rows: [], comparisons: [], best: null, tiedWith: [], gates: [] })
    expect(report.recommendation.action).toBe('gather')
  })
})

describe('families', () => {
  const grid = (models: readonly string[], variants: readonly string[]): Outcome[] =>
    variants.flatMap((variant, v) =>
      models.flatMap((model, m) =>
        Array.from({ length: 40 }, (_, c) =>
          outcome({ variant, model, case: `c${c}`, score: drawn(1000 * v + 100 * m + c) < 0.4 + 0.1 * v ? 1 : 0 }),
        ),
      ),
    )

  test('baseline: others against it on each model, models against the first; Holm and intervals within each', () => {
    const report = buildReport(inputOf(grid(['m', 'n'], ['a', 'b', 'c'])))
    const quality = report.comparisons.filter((one) => one.metric === 'quality')
    const variants = quality.filter((one) => one.baseline.model === one.candidate.model)
    const models = quality.filter((one) => one.baseline.model !== one.candidate.model)
    expect(variants.map((one) => `${one.candidate.variant} ${one.candidate.model}`)).toEqual([
      'b m',
      'c m',
      'b n',
      'c n',
    ])
    expect(variants.every((one) => one.baseline.variant === 'a' && one.ciLevel === 1 - 0.05 / 4)).toBe(true)
    expect(models.map((one) => `${one.candidate.variant} ${one.baseline.model} ${one.candidate.model}`)).toEqual([
      'a m n',
      'b m n',
      'c m n',
    ])
    expect(models.every((one) => one.ciLevel === 1 - 0.05 / 3)).toBe(true)
    const sorted = variants.map((one) => one.p ?? 1).sort((x, y) => x - y)
    let running = 0
    const holm = sorted.map((p, i) => (running = Math.max(running, Math.min(1, (4 - i) * p))))
    expect(variants.map((one) => one.pAdjusted ?? 1).sort((x, y) => x - y)).toEqual(holm)
  })

  test('all pairs of variants on a model and of models on a variant', () => {
    const report = buildReport(
      inputOf(grid(['m', 'n'], ['a', 'b', 'c']), { plan: { family: 'all-pairs' }, baseline: 'b' }),
    )
    const quality = report.comparisons.filter((one) => one.metric === 'quality')
    expect(quality.filter((one) => one.baseline.model === one.candidate.model)).toHaveLength(6)
    expect(quality.filter((one) => one.baseline.model !== one.candidate.model)).toHaveLength(3)
    expect(quality.some((one) => one.candidate.variant === 'b' && one.baseline.variant !== 'b')).toBe(false)
  })
})

describe('properties', () => {
  const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), {
    minLength: 2,
    maxLength: 45,
  })
  const settings = { seed: 4711, numRuns: 60 }
  const asReport = (pairs: readonly (readonly [number, number])[], baseline = 'a') =>
    buildReport(inputOf(scored({ a: pairs.map(([a]) => a / 20), b: pairs.map(([, b]) => b / 20) }), { baseline }))

  test('swapping the sides negates the difference and keeps p', () => {
    fc.assert(
      fc.property(scores, (pairs) => {
        const forth = comparison(asReport(pairs), 'quality', 'b')
        const back = comparison(asReport(pairs, 'b'), 'quality', 'a')
        expect(back.difference).toBeCloseTo(-(forth.difference ?? 0), 12)
        expect(back.p === null).toBe(forth.p === null)
        if (forth.p !== null) expect(back.p).toBeCloseTo(forth.p, 12)
        if (forth.ci !== null) expect(back.ci?.[0]).toBeCloseTo(-forth.ci[1], 10)
        const mirrored = { better: 'worse', worse: 'better' } as Record<string, string>
        expect(back.verdict).toBe(mirrored[forth.verdict] ?? forth.verdict)
      }),
      settings,
    )
  })

  test('the order of outcomes changes nothing', () => {
    const cells = scored({
      a: filled(12, 0).map((_, i) => [drawn(i), drawn(i + 50), drawn(i + 90)]),
      b: filled(12, 0.5),
    })
    const input = inputOf(cells)
    const expected = buildReport(input)
    fc.assert(
      fc.property(fc.shuffledSubarray(cells, { minLength: cells.length }), (outcomes) => {
        expect(buildReport({ ...input, outcomes })).toEqual(expected)
      }),
      { seed: 4711, numRuns: 20 },
    )
  })

  test.each([
    ['right or wrong', [1, 0]],
    ['scores', [0.3, 0.8, 0.55]],
  ])('repeating every repetition changes no interval, no p and no verdict (%s)', (_, palette) => {
    const once = (variant: string, offset: number): Outcome[] =>
      Array.from({ length: 40 }, (_, c) => {
        const score = palette[Math.floor(drawn(c + offset) * palette.length)] ?? 0
        return outcome({ variant, case: `c${c}`, score, costUsd: 1 + drawn(c), latencyMs: 100 * drawn(c + offset) + 1 })
      })
    const cells = [...once('a', 0), ...once('b', 100)]
    const twice = cells.flatMap((cell) => [cell, { ...cell, repetition: 2 }, { ...cell, repetition: 3 }])
    const [one, three] = [buildReport(inputOf(cells)), buildReport(inputOf(twice))]
    expect(three.comparisons).toEqual(one.comparisons)
    expect(three.rows).toEqual(one.rows)
    expect(three.notes.join(' ')).toContain('160 repetitions only copied an earlier answer')
  })

  test('repetitions copied without any sign of it still change neither p nor interval', () => {
    const once = scored({ a: [1, 0, 0, 0, 1, 0, 1, 0], b: [1, 1, 1, 1, 1, 1, 1, 0] })
    const twice = once.flatMap((cell) => [cell, { ...cell, repetition: 2 }])
    const [one, two] = [buildReport(inputOf(once)), buildReport(inputOf(twice))]
    expect(two.comparisons).toEqual(one.comparisons)
    two.rows.forEach((row, i) => {
      expect(row.passRateCi?.[0]).toBeCloseTo(one.rows[i]?.passRateCi?.[0] ?? -1, 12)
      expect(row.ci).toEqual(one.rows[i]?.ci)
    })
  })

  test('naive counting of repetitions would find a difference here; the case as unit does not', () => {
    // Six cases, 30 repetitions each that nearly repeat the case: 180 "observations" of six facts.
    const side = (bases: readonly number[], offset: number) =>
      bases.map((base, c) => Array.from({ length: 30 }, (_, r) => base + 0.001 * drawn(100 * c + r + offset)))
    const report = buildReport(
      inputOf(scored({ a: side([0.2, 0.5, 0.4, 0.7, 0.3, 0.6], 0), b: side([0.5, 0.6, 0.3, 0.9, 0.6, 0.5], 999) })),
    )
    expect(comparison(report, 'quality', 'b')).toMatchObject({ n: 6, verdict: 'not-enough-data' })
  })
})

describe('speed and memory', () => {
  const big = (variants: number, cases: number, repetitions: number): Outcome[] => {
    const cells: Outcome[] = []
    for (let v = 0; v < variants; v++)
      for (let c = 0; c < cases; c++)
        for (let r = 1; r <= repetitions; r++) {
          const x = drawn((v * cases + c) * repetitions + r)
          cells.push(
            outcome({
              variant: `v${v}`,
              case: `c${c}`,
              repetition: r,
              score: x,
              costUsd: x + 1,
              latencyMs: 1000 * x + 1,
            }),
          )
        }
    return cells
  }
  test('20 variants x 500 cases x 3 repetitions within a second of processor time', () => {
    const input = inputOf(big(20, 500, 3))
    // Processor time, because a test must not fail for what else a machine does; bench/statistics.ts measures the wall.
    const before = process.cpuUsage()
    buildReport(input)
    const used = process.cpuUsage(before)
    expect((used.user + used.system) / 1000).toBeLessThan(1000)
  })
})

test('a stored experiment is confirmatory until its plan changes', () => {
  const cells = scored({ a: [0, 1, 1, 0], b: [1, 1, 1, 0] })
  expect(buildReport(storedInput(cells)).label).toBe('confirmatory')
  const changed = buildReport(storedInput(cells, { planChanged: true }))
  expect(changed.label).toBe('exploratory')
  expect(changed.notes[0]).toContain('changed after data existed')
  expect(buildReport(storedInput(cells)).rows[0]?.version).toBe(3)
})

test('blocks that a budget stop left open are dropped whole', () => {
  const cells = scored({ a: [0, 1, 1, 1], b: [1, 1, 1] })
  const report = buildReport(storedInput(cells, { record: { status: 'budget', cells: 8, results: 7 } }))
  expect(report.rows.map((row) => row.n)).toEqual([3, 3])
  expect(comparison(report, 'quality', 'b').verdict).not.toBe('invalid')
  expect(report.notes.join(' ')).toContain('1 result of unfinished blocks is left out')
})

test('cached and simulated answers are told at the top', () => {
  const cells = scored({ a: [0, 1], b: [1, 1] }, { fromCache: true })
  const input = storedInput(cells)
  const reproduction = {
    ...input.reproduction,
    models: [{ model: 'm', provider: 'simulated', name: 'w', digest: null, parameters: null, simulated: true }],
  }
  const report = buildReport({ ...input, reproduction })
  expect(report.notes[0]).toMatch(/^SIMULATED/)
  expect(report.notes.join(' ')).toContain('4 cells of 4 came from the cache')
})

test('at temperature 0 equal outputs are one draw; at another temperature they are evidence', () => {
  const cells = scored(
    {
      a: [
        [1, 1],
        [0, 0],
      ],
      b: [
        [1, 1],
        [1, 1],
      ],
    },
    { outputHash: 'same' },
  )
  const cold = { models: [modelOf('m', { parameters: { ...modelOf('m').parameters, temperature: 0 } })] }
  expect(buildReport(storedInput(cells, { snapshot: cold })).rows[0]?.passed).toBe(1)
  expect(buildReport(storedInput(cells)).rows[0]?.passed).toBe(2)
})
