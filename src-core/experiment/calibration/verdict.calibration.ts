import { describe, expect, it } from 'vitest'
import { errorRate, type Scenario } from '../../stats/test/simulate.ts'
import { claimNulls, fixedNulls, watchedNull } from '../test/null-experiments.ts'

const seed = 20_261_123

const hold = (scenarios: readonly Scenario[], runs: number): void => {
  it.each(scenarios)('$name', (scenario) => {
    const rate = errorRate(scenario, runs, seed)
    process.stdout.write(`${JSON.stringify({ scenario: scenario.name, runs, rate, within: scenario.within })}\n`)
    expect(rate).toBeGreaterThanOrEqual(scenario.within[0])
    expect(rate).toBeLessThanOrEqual(scenario.within[1])
  })
}

describe('familywise error of whole reports', () => hold(fixedNulls, 2000))
describe('claims at their margin', () => hold(claimNulls, 2000))
describe('a live run that is watched', () =>
  hold([watchedNull('quality', 'sequential'), watchedNull('latency', 'sequential')], 1000))
describe('the fixed analysis, watched, fails the same harness', () => hold([watchedNull('quality', 'fixed')], 1000))
