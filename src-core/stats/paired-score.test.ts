import { describe, expect, it } from 'vitest'
import { mcnemar, normalSf, pairedScoreTest } from './index.ts'
import { got } from './test/reference.ts'

describe('score test of paired pass rates (Tango 1998)', () => {
  it.each([
    [60, 0, 1, 0.05, 1.185, 0.118],
    [300, 0, 3, 0.02, 1.237, 0.108],
  ])('n %d, %d for, %d against, margin %d', (n, won, lost, margin, z, p) => {
    const test = got(pairedScoreTest(n, won, lost, margin))
    expect(test.statistic).toBeCloseTo(z, 3)
    expect(test.p).toBeCloseTo(p, 3)
  })
  it('no margin: z of McNemar without correction', () => {
    const z = got(pairedScoreTest(50, 12, 4, 0)).statistic
    expect(z * z).toBeCloseTo(got(mcnemar(12, 4, 'chi-square')).statistic, 10)
  })
  it('identical verdicts: the square root of n margin / (1 - margin)', () => {
    const test = got(pairedScoreTest(200, 0, 0, 0.02))
    expect(test.statistic).toBeCloseTo(Math.sqrt((200 * 0.02) / 0.98), 12)
    expect(test.p).toBeCloseTo(normalSf(Math.sqrt(4 / 0.98)), 12)
  })
  it('all for, all against', () => {
    expect(got(pairedScoreTest(20, 20, 0, 0.1)).p).toBeLessThan(1e-6)
    expect(got(pairedScoreTest(20, 0, 20, 0.1)).p).toBeGreaterThan(0.999)
  })
  it('poor data are refused, wrong arguments thrown', () => {
    expect(pairedScoreTest(0, 0, 0, 0.1)).toMatchObject({ reason: 'empty' })
    expect(pairedScoreTest(9, 0, 0, 0)).toMatchObject({ reason: 'no-discordant-pairs' })
    expect(pairedScoreTest(9, Number.NaN, 0, 0.1)).toMatchObject({ reason: 'not-a-number' })
    expect(() => pairedScoreTest(9, 0, 0, 1)).toThrow(RangeError)
    expect(() => pairedScoreTest(9, 0, 0, Number.NaN)).toThrow(RangeError)
    expect(() => pairedScoreTest(9, 6, 6, 0.1)).toThrow(RangeError)
  })
})
