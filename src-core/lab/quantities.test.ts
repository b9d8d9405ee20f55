import { describe, expect, test } from 'vitest'

import type { Metric } from '../domain/objective.ts'
import { parseConstraint, parseDuration, parsePassRateGate, pointsTheWrongWay } from './quantities.ts'

describe('durations, in milliseconds', () => {
  test.each([
    ['2s', 2000],
    ['500ms', 500],
    ['1.5 min', 90_000],
    ['1m', 60_000],
    ['1h', 3_600_000],
    [' 0.25s ', 250],
  ])('%s', (text, value) => expect(parseDuration(text)).toEqual({ value }))

  test.each(['2', 's', '-1s', '2 seconds', '1e3s', ''])('%j is refused', (text) => {
    expect(parseDuration(text)).toHaveProperty('expected')
  })
})

describe('constraints', () => {
  test.each<[Metric, string, { quantile: number | null; relation: string; limit: number }]>([
    ['cost', '<= $0.005', { quantile: null, relation: '<=', limit: 0.005 }],
    ['cost', '<= 0.005 usd', { quantile: null, relation: '<=', limit: 0.005 }],
    ['latency', 'p95 <= 2s', { quantile: 0.95, relation: '<=', limit: 2000 }],
    ['latency', '<=2s', { quantile: 0.95, relation: '<=', limit: 2000 }],
    ['latency', 'p50<=800ms', { quantile: 0.5, relation: '<=', limit: 800 }],
    ['latency', 'p99.9 <= 1 min', { quantile: 0.999, relation: '<=', limit: 60_000 }],
    ['quality', '>= 0.85', { quantile: null, relation: '>=', limit: 0.85 }],
    ['quality', '≥ 85%', { quantile: null, relation: '>=', limit: 0.85 }],
    ['inputTokens', '<= 400 tokens', { quantile: null, relation: '<=', limit: 400 }],
    ['promptTokens', '<= 1e3', { quantile: null, relation: '<=', limit: 1000 }],
  ])('%s %s', (metric, source, rest) => {
    const parsed = parseConstraint(metric, source)
    if (!('value' in parsed)) throw new Error(parsed.expected)
    expect(parsed.value).toMatchObject({ metric, source, quantile: rest.quantile, relation: rest.relation })
    expect(parsed.value.limit).toBeCloseTo(rest.limit, 12)
  })

  test.each<[Metric, string]>([
    ['quality', '> 0.85'],
    ['quality', '0.85'],
    ['quality', '>= 85'],
    ['quality', 'p95 >= 0.8'],
    ['latency', '<= 2'],
    ['latency', 'p0 <= 2s'],
    ['cost', '<= €5'],
    ['inputTokens', '<= many'],
    ['cost', '<= -1'],
  ])('%s %s is refused with what was expected', (metric, source) => {
    expect(parseConstraint(metric, source)).toEqual({ expected: expect.stringMatching(/./) })
  })

  test('a limit that asks for worse is noticed', () => {
    const wrong = parseConstraint('cost', '>= $1')
    const right = parseConstraint('quality', '>= 0.5')
    expect('value' in wrong && pointsTheWrongWay(wrong.value)).toBe(true)
    expect('value' in right && pointsTheWrongWay(right.value)).toBe(false)
  })

  test('a pass-rate gate', () => {
    expect(parsePassRateGate('>= 90 %')).toEqual({ value: { relation: '>=', limit: 0.9, source: '>= 90 %' } })
  })
})
