import { describe, expect, it } from 'vitest'
import { createPaceMeter } from './progress.ts'

describe('rate and time to go', () => {
  it('are hidden before ten completions', () => {
    const meter = createPaceMeter(0)
    meter.completed(900, 9)
    expect(meter.rate(1000)).toBeNull()
    expect(meter.eta(1000, 100)).toBeNull()
    meter.completed(1000, 1)
    expect(meter.rate(1000)).toBe(10)
    expect(meter.eta(1000, 100)).not.toBeNull()
  })

  it('of a steady run is a narrow range around the truth', () => {
    const meter = createPaceMeter(0)
    for (let at = 100; at <= 40_000; at += 100) meter.completed(at, 1)
    const [low, high] = meter.eta(40_000, 100) ?? [0, 0]
    expect(low).toBeLessThanOrEqual(10_000 * 1.01)
    expect(high).toBeGreaterThanOrEqual(10_000 * 0.99)
    expect(high - low).toBeLessThan(1500)
  })

  it('of a run in bursts is a wide one, and never upside down', () => {
    const meter = createPaceMeter(0)
    meter.completed(1000, 30)
    const [low, high] = meter.eta(10_000, 90) ?? [0, 0]
    expect(low).toBeLessThan(30_000)
    expect(high).toBeGreaterThan(30_000)
    expect(high / low).toBeGreaterThan(3)
  })

  it('follows a change of speed, as only the recent past counts', () => {
    const meter = createPaceMeter(0)
    for (let at = 10; at <= 10_000; at += 10) meter.completed(at, 1)
    for (let at = 11_000; at <= 400_000; at += 1000) meter.completed(at, 1)
    expect(meter.rate(400_000)).toBeCloseTo(1, 1)
  })
})
