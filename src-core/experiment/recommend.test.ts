import { describe, expect, it } from 'vitest'
import type { Outcome } from './outcome.ts'
import { buildReport } from './report.ts'
import { filled, inputOf, scored } from './test/inputs.ts'

/** Two variants that beat the baseline and tie with each other; `long` has the higher mean and costs more. */
const tied = (long: Partial<Outcome>, short: Partial<Outcome>, plain: Partial<Outcome>): Outcome[] => {
  const [right, wrong] = [filled(45, 1), filled(15, 0)]
  return [
    ...scored({ plain: [...filled(3, 1), ...filled(57, 0)] }, plain),
    ...scored({ long: [...right, 1, ...wrong.slice(1)] }, long),
    ...scored({ short: [...right, ...wrong] }, short),
  ]
}

describe('recommendation among winners that tie', () => {
  it('takes the cheapest in dollars', () => {
    const report = buildReport(inputOf(tied({ costUsd: 0.003 }, { costUsd: 0.001 }, { costUsd: 0.002 })))
    expect(report.best).toBeNull()
    expect(report.recommendation.sentence).toContain('Deploy short')
  })

  it('takes the one with fewest tokens where the model costs nothing', () => {
    const tokens = (inputTokens: number) => ({ costUsd: 0, inputTokens, outputTokens: 2 })
    const report = buildReport(inputOf(tied(tokens(75), tokens(25), tokens(45))))
    expect(report.recommendation).toMatchObject({ action: 'deploy' })
    expect(report.recommendation.sentence).toContain('Deploy short')
    expect(report.recommendation.sentence).toContain('cheapest of 2')
  })
})
