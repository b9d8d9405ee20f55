import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ExperimentReport } from '../domain/report.ts'
import { buildReport } from './report.ts'
import { type TableRow, tableInput } from './table.ts'

const read = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8')))

const bits = (text: string): number[] => [...text].map(Number)
const row = (cells: TableRow['cells']): TableRow => ({ line: null, cells })
const options = { file: null, labVersion: '0.1.0' }
const quality = (report: ExperimentReport, candidate: string, model?: string) =>
  report.comparisons.find(
    (one) =>
      one.metric === 'quality' &&
      one.candidate.variant === candidate &&
      one.baseline.variant !== candidate &&
      (model === undefined || one.candidate.model === model),
  )

describe('BIG-Bench-Hard, direct against chain of thought', () => {
  const tasks = read(
    'recorded-bbh.json',
    z.record(
      z.string(),
      z.object({ direct: z.string(), cot: z.string(), publishedDirect: z.number(), publishedCot: z.number() }),
    ),
  )
  const rows = Object.entries(tasks).flatMap(([task, sides]) =>
    (['direct', 'cot'] as const).flatMap((variant) =>
      bits(sides[variant]).map((score, i) => row({ case: `${task} ${i}`, variant, model: task, score })),
    ),
  )
  const report = buildReport(tableInput(rows, options))

  test('published accuracies of every task under both prompts', () => {
    for (const [task, { publishedDirect, publishedCot }] of Object.entries(tasks)) {
      const mean = (variant: string) =>
        report.rows.find((one) => one.model === task && one.variant === variant)?.mean ?? -1
      expect(100 * mean('direct')).toBeCloseTo(publishedDirect, 4)
      expect(100 * mean('cot')).toBeCloseTo(publishedCot, 4)
    }
  })

  test('ruin_names is significant alone and not after Holm', () => {
    const ruin = quality(report, 'cot', 'ruin_names')
    expect(ruin?.p).toBeCloseTo(0.0498001142947286, 12)
    expect(ruin?.p).toBeLessThan(0.05)
    expect(ruin?.pAdjusted).toBeGreaterThan(0.05)
    expect(ruin?.verdict).toBe('not-enough-data')
  })

  test('the clear ones stay: navigate better, word_sorting worse', () => {
    expect(quality(report, 'cot', 'navigate')?.verdict).toBe('better')
    expect(quality(report, 'cot', 'word_sorting')?.verdict).toBe('worse')
    expect(report.comparisons.filter((one) => one.metric === 'quality')).toHaveLength(9)
  })
})

describe('support tickets of the cookbook', () => {
  const columns = read(
    'cookbook-tickets.json',
    z.array(
      z.object({
        prompt: z.string(),
        model: z.string(),
        publishedPassed: z.number(),
        publishedCostUsd: z.number(),
        passed: z.string(),
      }),
    ),
  )
  // Temperatures are repetitions of one model here; costs are published in total only.
  const rows = columns.flatMap((column) =>
    bits(column.passed).map((score, i) =>
      row({ case: i + 1, variant: column.prompt, score, cost_usd: column.publishedCostUsd / column.passed.length }),
    ),
  )
  const report = (baseline: string) => buildReport(tableInput(rows, { ...options, baseline }))

  test('published passes and costs', () => {
    const totals = report('prompt 1').rows.map(({ variant, passed, costUsd }) => ({ variant, passed, costUsd }))
    for (const { variant, passed, costUsd } of totals) {
      const own = columns.filter((column) => column.prompt === variant)
      expect(passed).toBe(own.reduce((sum, column) => sum + column.publishedPassed, 0))
      expect((costUsd ?? 0) * 68 * 5).toBeCloseTo(
        own.reduce((sum, column) => sum + column.publishedCostUsd, 0),
        9,
      )
    }
  })

  test('prompt 2 beats 1; 3 is not shown better than 2 and costs twice as much', () => {
    expect(quality(report('prompt 1'), 'prompt 2')?.verdict).toBe('better')
    const against2 = report('prompt 2')
    expect(quality(against2, 'prompt 3')?.verdict).toBe('not-enough-data')
    const cost = against2.comparisons.find((one) => one.metric === 'cost' && one.candidate.variant === 'prompt 3')
    expect(cost?.ratio).toBeGreaterThan(2)
    expect(cost?.ratio).toBeLessThan(2.2)
    expect(cost?.verdict).toBe('worse')
    expect(against2.tiedWith.map((one) => one.variant)).toEqual(['prompt 3', 'prompt 2'])
  })

  test('at each temperature alone the same verdicts hold', () => {
    const byModel = columns.flatMap((column) =>
      bits(column.passed).map((score, i) => row({ case: i + 1, variant: column.prompt, model: column.model, score })),
    )
    const all = buildReport(tableInput(byModel, { ...options, baseline: 'prompt 2' }))
    for (const model of new Set(columns.map((column) => column.model))) {
      expect(quality(all, 'prompt 1', model)?.verdict).toBe('worse')
      expect(quality(all, 'prompt 3', model)?.verdict).toBe('not-enough-data')
    }
  })
})

test('GEPA emotion: published counts; both optimised prompts beat the seed', () => {
  const sides = read(
    'recorded-gepa-confidence.json',
    z.record(z.string(), z.object({ correct: z.string(), publishedCorrect: z.number(), publishedTotal: z.number() })),
  )
  const rows = Object.entries(sides).flatMap(([variant, side]) =>
    bits(side.correct).map((score, i) => row({ case: i, variant, score })),
  )
  const report = buildReport(tableInput(rows, { ...options, baseline: 'baseline' }))
  for (const one of report.rows) {
    expect(one.passed).toBe(sides[one.variant]?.publishedCorrect)
    expect(one.n).toBe(sides[one.variant]?.publishedTotal)
  }
  expect(quality(report, 'default')?.verdict).toBe('better')
  expect(quality(report, 'confidence')?.verdict).toBe('better')
  expect(report.best).toBeNull()
})

test('GSM8K: verification beats fine-tuning at both sizes', () => {
  const { cases, ...models } = read(
    'recorded-gsm8k.json',
    z.object({ cases: z.array(z.string()) }).catchall(z.string()),
  )
  const rows = Object.entries(models).flatMap(([name, correct]) => {
    const [model = '', variant = ''] = name.split('_')
    return bits(String(correct)).map((score, i) => row({ case: cases[i] ?? '', variant, model, score }))
  })
  const report = buildReport(tableInput(rows, { ...options, baseline: 'finetuning' }))
  const passed = Object.fromEntries(report.rows.map((one) => [`${one.model} ${one.variant}`, one.passed]))
  expect(passed).toEqual({
    '6b finetuning': 86,
    '6b verification': 165,
    '175b finetuning': 133,
    '175b verification': 230,
  })
  for (const model of ['6b', '175b']) expect(quality(report, 'verification', model)?.verdict).toBe('better')
})
