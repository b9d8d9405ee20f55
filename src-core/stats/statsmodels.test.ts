import { describe, expect, it } from 'vitest'
import { mcnemar, variantByCase } from './index.ts'
import { expectClose, got, testdata } from './test/reference.ts'

describe('statsmodels result files', () => {
  it('repeated-measures analysis of variance of factor B where A = a and D = a', () => {
    const rows = testdata('statsmodels/anova-rm-test-data.csv')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .filter(([, , a, , d]) => a === 'a' && d === 'a')
    const levels = [...new Set(rows.map((r) => r[3]))]
    const scores = levels.map((b) => rows.filter((r) => r[3] === b).map((r) => [Number(r[5])]))
    const r = got(variantByCase(scores))
    expect(r.df).toEqual([2, 14])
    // statsmodels AnovaRM on the same rows.
    expectClose(r.statistic, 20.631578947368425)
    expectClose(r.p, 6.696476713203469e-5)
    expect(r.meanSquares.error).toBeNull()
  })

  it("McNemar without correction is Bowker's statistic of the first table", () => {
    const [head = '', first = ''] = testdata('statsmodels/contingency_table_r_results.csv').split('\n')
    const values = first.split(',').map(Number)
    const column = (name: string): number => values[head.replaceAll('"', '').split(',').indexOf(name)] as number
    // The table is [[23, 15], [19, 31]] (test_contingency_tables.py).
    const r = got(mcnemar(15, 19, 'chi-square'))
    expectClose(r.statistic, column('bowker_stat'))
    expectClose(r.p, column('bowker_pvalue'))
  })
})
