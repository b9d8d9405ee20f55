import { describe, expect, it } from 'vitest'
import { carefulTests, continuousTests, coverages, naive, sequences, winnersInflation } from '../test/scenarios.ts'
import { type Draws, errorRate, type Scenario } from '../test/simulate.ts'

const runs = 2000
const seed = 20_261_123

const hold = (scenarios: readonly Scenario[]): void => {
  it.each(scenarios)('$name', (scenario) => {
    const rate = errorRate(scenario, runs, seed)
    process.stdout.write(`${JSON.stringify({ scenario: scenario.name, runs, rate, within: scenario.within })}\n`)
    expect(rate).toBeGreaterThanOrEqual(scenario.within[0])
    expect(rate).toBeLessThanOrEqual(scenario.within[1])
  })
}

describe('type I error of tests on continuous scores', () => hold(continuousTests))
describe('type I error of discrete and composite tests', () => hold(carefulTests))
describe('confidence sequences: ever missing', () => hold(sequences))
describe('intervals with ICC .5: missing', () => hold(coverages))
describe('naive estimators fail the same harness', () => {
  hold(naive)
  it('and every one of them lies above what is allowed to the others', () => {
    for (const { within } of naive) expect(within[0]).toBeGreaterThan(0.07)
  })
})

it('the best of 20 equal arms is overstated by .056', () => {
  let total = 0
  const name = 'inflation'
  const errs = (draws: Draws): boolean => {
    total += winnersInflation(draws)
    return false
  }
  errorRate({ name, errs, within: [0, 0] }, runs, seed)
  expect(total / runs).toBeGreaterThan(0.054)
  expect(total / runs).toBeLessThan(0.058)
})
