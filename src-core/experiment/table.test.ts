import { describe, expect, test } from 'vitest'
import { LabError } from '../domain/errors.ts'
import type { JsonValue } from '../domain/json.ts'
import { buildReport } from './report.ts'
import { tableInput } from './table.ts'

const rows = (...cells: Record<string, JsonValue>[]) => cells.map((one, i) => ({ line: i + 2, cells: one }))
const options = { file: 'results.csv', labVersion: '0.1.0' }
const errorOf = (run: () => unknown): LabError => {
  try {
    run()
  } catch (error) {
    if (error instanceof LabError) return error
  }
  throw new Error('no LabError was thrown')
}

test('texts of a CSV and values of JSON lines mean the same', () => {
  const text = tableInput(
    rows({ case: '1', variant: 'a', score: '0.5', passed: 'true', cost_usd: '0.01', latency_ms: '', cluster: 'x' }),
    options,
  )
  const json = tableInput(
    rows({ case: 1, variant: 'a', score: 0.5, passed: true, cost_usd: 0.01, latency_ms: null, cluster: 'x' }),
    options,
  )
  expect(text).toEqual(json)
  expect(text.outcomes[0]).toMatchObject({
    case: '1',
    model: 'model',
    repetition: 1,
    passed: true,
    costUsd: 0.01,
    latencyMs: null,
  })
  expect(text.cases.get('1')?.cluster).toBe('x')
  expect(text.plan.cluster).toBe('cluster')
})

test('without `passed`: score = 1 where all scores are 0 or 1, else unknown', () => {
  const passed = (...scores: number[]) =>
    tableInput(rows(...scores.map((score, i) => ({ case: i, variant: 'a', score }))), options).outcomes.map(
      (one) => one.passed,
    )
  expect(passed(0, 1)).toEqual([false, true])
  expect(passed(0, 1, 0.5)).toEqual([null, null, null])
})

test('rows without a repetition are numbered, and order does not decide who is first listed', () => {
  const input = tableInput(
    rows({ case: 1, variant: 'z', score: 1 }, { case: 1, variant: 'z', score: 0 }, { case: 1, variant: 'a', score: 0 }),
    options,
  )
  expect(input.outcomes.map((one) => one.repetition)).toEqual([1, 2, 1])
  expect(input.baseline).toBe('z')
  expect(buildReport(input).rows.map((row) => row.variant)).toEqual(['z', 'a'])
})

test('analysis options', () => {
  const input = tableInput(rows({ case: 1, variant: 'a', score: 1 }, { case: 1, variant: 'b', score: 1 }), {
    ...options,
    baseline: 'b',
    plan: { alpha: 0.1, margin: 0.05, family: 'all-pairs' },
  })
  expect(input.baseline).toBe('b')
  expect(input.plan).toMatchObject({ alpha: 0.1, margin: 0.05, family: 'all-pairs', mde: 0.05 })
  expect(buildReport(input).label).toBe('exploratory')
})

describe('bad tables get every place and the fix', () => {
  test('missing columns', () => {
    expect(errorOf(() => tableInput(rows({ case: 1, prompt: 'a' }), options)).message).toContain(
      '`variant` and `score`',
    )
  })
  test('no rows', () => {
    expect(errorOf(() => tableInput([], options)).message).toContain('no rows')
  })
  test('all bad rows at once, with their lines', () => {
    const error = errorOf(() =>
      tableInput(
        rows(
          { case: 1, variant: 'a', score: '85' },
          { case: 2, variant: 'a', score: 1 },
          { case: 3, variant: '', score: 1 },
          { case: 4, variant: 'a', score: '' },
          { case: 5, variant: 'a', score: 'good' },
          { case: 6, variant: 'a', score: 1, passed: 'maybe' },
          { case: 7, variant: 'a', score: 1, cost_usd: -1 },
          { case: 8, variant: 'a', score: 1, repetition: 1.5 },
        ),
        options,
      ),
    )
    expect(error.code).toBe('lab-file')
    expect(error.problems.map((one) => one.line)).toEqual([2, 4, 5, 6, 7, 8, 9])
    expect(error.problems[0]).toMatchObject({ file: 'results.csv' })
    expect(error.problems[0]?.message).toContain('divide by the largest possible score')
  })
  test('a repetition twice, a case in two clusters', () => {
    const twice = rows(
      { case: 1, variant: 'a', score: 1, repetition: 1 },
      { case: 1, variant: 'a', score: 1, repetition: 1 },
    )
    expect(errorOf(() => tableInput(twice, options)).message).toContain('repetition 1 twice')
    const moved = rows(
      { case: 1, variant: 'a', score: 1, cluster: 'x' },
      { case: 1, variant: 'b', score: 1, cluster: 'y' },
    )
    expect(errorOf(() => tableInput(moved, options)).message).toContain('two clusters')
  })
  test('an unknown baseline names the known ones', () => {
    const error = errorOf(() => tableInput(rows({ case: 1, variant: 'a', score: 1 }), { ...options, baseline: 'x' }))
    expect(error.code).toBe('usage')
    expect(error.message).toContain('It has a.')
  })
})
