/** A short form of `npm run test:calibration`, so that a broken method does not wait for the long one. */
import { describe, expect, it } from 'vitest'
import { carefulTests, continuousTests, coverages, naive, sequences } from './test/scenarios.ts'
import { errorRate, type Scenario } from './test/simulate.ts'

const runs = 200
const seed = 7

/** Four standard errors of a share estimated from so few runs. */
const slack = (rate: number): number => 4 * Math.sqrt((Math.max(0.02, rate) * (1 - Math.min(0.98, rate))) / runs)

const hold = (scenarios: readonly Scenario[]): void => {
  it.each(scenarios)('$name', (scenario) => {
    const [low, high] = scenario.within
    const rate = errorRate(scenario, runs, seed)
    expect(rate).toBeGreaterThanOrEqual(low - slack(low))
    expect(rate).toBeLessThanOrEqual(high + slack(high))
  })
}

describe('sound', () => hold([...continuousTests, ...carefulTests, ...sequences, ...coverages]))

describe('naive: caught by the same harness', () => {
  hold(naive)
  it.each(naive)('$name is beyond what is allowed', (scenario) =>
    expect(errorRate(scenario, runs, seed)).toBeGreaterThan(0.07 + slack(0.07)),
  )
})
