import { describe, expect, it } from 'vitest'
import {
  benjaminiHochberg,
  bonferroni,
  clopperPearson,
  cochranQ,
  cohenD,
  cohenKappa,
  discordant,
  dz,
  fisherExact,
  friedman,
  holm,
  kruskalWallis,
  mannWhitney,
  mcnemar,
  oneWayAnova,
  pairedT,
  pearson,
  quantile,
  sampleSd,
  shapiroWilk,
  spearman,
  studentInterval,
  studentT,
  twoProportionChiSquare,
  welchT,
  wilcoxonSignedRank,
  wilson,
} from './index.ts'
import { classics, expectClose, got, testdata } from './test/reference.ts'

type Row = Readonly<Record<string, string>>

const parse = (text: string): Row[] => {
  const [head = '', ...lines] = text.trim().split('\n')
  const cells = (line: string): string[] =>
    [...line.matchAll(/"([^"]*)"|([^,]+)|(?<=,)(?=,|$)/g)].map((m) => m[1] ?? m[2] ?? '')
  const names = cells(head)
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] as string, cell])))
}

const rows = parse(testdata('expected-r.csv'))
const bbh = parse(testdata('bbh.csv'))
const gsm = parse(testdata('gsm8k.csv'))
const models = ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification']
const gsmColumn = (name: string): number[] => gsm.map((r) => Number(r[name]))
const bbhColumn = (task: string, name: string): number[] =>
  bbh.filter((r) => r.task === task).map((r) => Number(r[name]))
const tasks = [...new Set(bbh.map((r) => r.task as string))]
const flags = (xs: readonly number[]): boolean[] => xs.map((x) => x === 1)
const successes = (xs: readonly number[]) => ({ successes: xs.filter((x) => x === 1).length, n: xs.length })
const exactP = (task: string): number => {
  const d = discordant(flags(bbhColumn(task, 'cot')), flags(bbhColumn(task, 'direct')))
  return got(mcnemar(d.onlyFirst, d.onlySecond)).p
}
const corrected = (adjust: (ps: readonly number[]) => number[], task: string): number =>
  adjust(tasks.map(exactP))[tasks.indexOf(task)] as number

type Values = {
  statistic?: number
  df?: number
  p_value?: number
  estimate?: number
  ci_low?: number
  ci_high?: number
}

const withCi = (r: { ci: readonly [number, number] | null }): Values =>
  r.ci === null ? {} : { ci_low: r.ci[0], ci_high: r.ci[1] }
const ofT = (r: {
  statistic: number
  df: number
  p: number
  estimate: number
  ci: readonly [number, number]
}): Values => ({
  statistic: r.statistic,
  df: r.df,
  p_value: r.p,
  estimate: r.estimate,
  ...withCi(r),
})
const ofOmnibus = (r: { statistic: number; df: number; p: number }): Values => ({
  statistic: r.statistic,
  df: r.df,
  p_value: r.p,
})

const bbhValues = (task: string, test: string): Values | null => {
  const direct = bbhColumn(task, 'direct')
  const cot = bbhColumn(task, 'cot')
  const { onlyFirst, onlySecond } = discordant(flags(cot), flags(direct))
  const proportion = test.endsWith('_cot') ? cot : direct
  const { successes: k, n } = successes(proportion)
  switch (test) {
    case 'mcnemar_exact_binomial':
      return { statistic: onlyFirst, df: onlyFirst + onlySecond, p_value: exactP(task) }
    case 'mcnemar_chisq_continuity':
    case 'mcnemar_chisq_plain': {
      const r = got(
        mcnemar(onlyFirst, onlySecond, test === 'mcnemar_chisq_plain' ? 'chi-square' : 'chi-square-corrected'),
      )
      return { statistic: r.statistic, df: 1, p_value: r.p }
    }
    case 'paired_t_0_1_cot_minus_direct':
      return ofT(got(pairedT(cot, direct)))
    case 'wilson95_direct':
    case 'wilson95_cot':
      return { estimate: k / n, ...withCi(got(wilson(k, n))) }
    case 'clopper_pearson95_direct':
    case 'clopper_pearson95_cot':
      return { estimate: k / n, ...withCi(got(clopperPearson(k, n))) }
    case 'mean_sd_ci_t95_cot_output_chars': {
      const chars = bbhColumn(task, 'cot_output_chars')
      const r = got(studentInterval(chars))
      return { statistic: sampleSd(chars) as number, df: r.df, estimate: r.estimate, ...withCi(r) }
    }
    case 'p_adjust_holm_of_mcnemar_exact':
      return { p_value: corrected(holm, task) }
    case 'p_adjust_BH_of_mcnemar_exact':
      return { p_value: corrected(benjaminiHochberg, task) }
    case 'p_adjust_bonferroni_of_mcnemar_exact':
      return { p_value: corrected(bonferroni, task) }
    default:
      return null
  }
}

const pairValues = (first: string, second: string, test: string): Values | null => {
  const a = gsmColumn(`${first}_chars`)
  const b = gsmColumn(`${second}_chars`)
  const x = gsmColumn(`${first}_correct`)
  const y = gsmColumn(`${second}_correct`)
  const counts = discordant(flags(x), flags(y))
  const differences = a.map((v, i) => v - (b[i] as number))
  switch (test) {
    case 'welch_t_chars':
      return ofT(got(welchT(a, b)))
    case 'student_t_chars':
      return ofT(got(studentT(a, b)))
    case 'paired_t_chars':
      return ofT(got(pairedT(a, b)))
    case 'wilcoxon_signed_rank_normal_cc': {
      const r = got(wilcoxonSignedRank(differences, { method: 'normal', continuity: true }))
      return { statistic: r.statistic, p_value: r.p }
    }
    case 'mann_whitney_normal_cc': {
      const r = got(mannWhitney(a, b, { continuity: true }))
      return { statistic: r.statistic, p_value: r.p }
    }
    case 'cohen_d_pooled':
      return { estimate: got(cohenD(a, b)) }
    case 'cohen_dz_paired':
      return { estimate: got(dz(differences)) }
    case 'mcnemar_exact_binomial':
      return {
        statistic: counts.onlySecond,
        df: counts.onlyFirst + counts.onlySecond,
        p_value: got(mcnemar(counts.onlyFirst, counts.onlySecond)).p,
      }
    case 'two_proportion_chisq_plain': {
      const r = got(twoProportionChiSquare(successes(x), successes(y)))
      return { statistic: r.statistic, df: 1, p_value: r.p, estimate: r.estimate, ...withCi(r) }
    }
    case 'fisher_exact': {
      const r = got(fisherExact(successes(x), successes(y)))
      return { p_value: r.p, estimate: r.oddsRatio, ...withCi(r) }
    }
    case 'cohen_kappa':
      return {
        estimate: got(
          cohenKappa([
            [counts.bothPass, counts.onlyFirst],
            [counts.onlySecond, counts.neither],
          ]),
        ).kappa,
      }
    case 'pearson_chars':
      return ofT(got(pearson(a, b)) as Parameters<typeof ofT>[0])
    case 'spearman_chars': {
      const r = got(spearman(a, b))
      return { p_value: r.p, estimate: r.estimate }
    }
    default:
      return null
  }
}

const sleepValues = (test: string): Values | null => {
  const { first, second } = classics.sleep
  if (test === 'paired_t') return ofT(got(pairedT(first, second)))
  const differences = first.map((x, i) => x - (second[i] as number))
  const r = got(wilcoxonSignedRank(differences, { method: 'normal', continuity: true }))
  return test === 'wilcoxon_signed_rank_normal_cc' ? { statistic: r.statistic, p_value: r.p } : null
}

const groupValues = (test: string): Values | null => {
  const chars = models.map((m) => gsmColumn(`${m}_chars`))
  const correct = models.map((m) => gsmColumn(`${m}_correct`))
  const rowsOf = (columns: readonly (readonly number[])[]): number[][] =>
    gsm.map((_, i) => columns.map((c) => c[i] as number))
  if (test === 'cochran_q') return ofOmnibus(got(cochranQ(rowsOf(correct))))
  if (test === 'friedman') return ofOmnibus(got(friedman(rowsOf(chars))))
  if (test === 'kruskal_wallis') return ofOmnibus(got(kruskalWallis(chars)))
  if (test !== 'anova_oneway') return null
  const r = got(oneWayAnova(chars))
  return { statistic: r.statistic, p_value: r.p }
}

const valuesOf = (row: Row): Values | null => {
  const group = row.group as string
  const test = row.test as string
  if (row.dataset === 'recorded-bbh') return bbhValues(group, test)
  if (row.dataset !== 'recorded-gsm8k') return sleepValues(test)
  if (group.startsWith('4 models')) return groupValues(test)
  const [first = '', second] = group.split(' vs ')
  if (second !== undefined) return pairValues(first, second, test)
  const chars = gsmColumn(`${first}_chars`)
  if (test.startsWith('quantile_type7_')) return { estimate: quantile(chars, Number(test.slice(15))) as number }
  const r = got(shapiroWilk(chars))
  return test === 'shapiro_wilk' ? { statistic: r.statistic, p_value: r.p } : null
}

const columns = ['statistic', 'df', 'p_value', 'estimate', 'ci_low', 'ci_high'] as const

/**
 * R's fisher.test finds its odds ratio and interval by uniroot with tolerance 1.22e-4, so those two columns hold only four
 * digits; ours are held against an independent exact computation in `fisher-exact.test.ts`.
 */
const byLooseRoot = (test: string, column: string): boolean =>
  test === 'fisher_exact' && (column === 'estimate' || column.startsWith('ci_'))

describe('every row of the R reference table', () => {
  let compared = 0
  for (const row of rows)
    it(`${row.dataset} · ${row.group} · ${row.test}`, () => {
      const values = valuesOf(row)
      expect(values, 'no function for this row').not.toBeNull()
      for (const column of columns) {
        const text = (row[column] ?? '').trim()
        if (text === '' || text === 'NA' || text.includes(';')) continue
        compared++
        expectClose(values?.[column], Number(text), byLooseRoot(row.test as string, column) ? 2e-4 : 1e-9, column)
      }
    })
  it('compares all 546 values but none twice', () => expect(compared).toBeGreaterThanOrEqual(546))
})
