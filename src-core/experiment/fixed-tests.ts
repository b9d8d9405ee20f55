import { magnitude } from '../stats/describe.ts'
import { geometricRatio } from '../stats/effects.ts'
import { nonInferiority, tost } from '../stats/equivalence.ts'
import { discordant, mcnemar } from '../stats/mcnemar.ts'
import { studentInterval } from '../stats/mean-estimate.ts'
import { pairedScoreTest } from '../stats/paired-score.ts'
import { tTest } from '../stats/paired-t.ts'
import { newcombePaired } from '../stats/proportions.ts'
import type { Insufficient } from '../stats/result.ts'
import { signFlip } from '../stats/sign-flip.ts'
import type { PairAnalysis, PairData, PairTest, PairTestResult } from './pair-test.ts'
import { type Sample, unitsOf } from './sample.ts'

/** Below so many independent units the permutation test is used (statistics.md 4.11). */
export const permutationBelow = 30

const nothing = (reason: Insufficient, method: string, why: string): PairTestResult => ({
  p: null,
  ci: null,
  method,
  why,
  insufficient: reason.detail,
})

const clusterWords = (sample: Sample): string => (sample.grouping.clusters === undefined ? '' : ', clustered')

/**
 * Differences without any spread have no t. What is left of them is their signs: n equal ones in one direction, for which
 * the sign test (McNemar's exact p on the counts of cases for and against) is what the permutation test would say too.
 */
const withoutSpread = (sample: Sample): PairTestResult => {
  const units = unitsOf(sample)
  const sign = Math.sign(sample.values[0] ?? 0)
  const test = mcnemar(sign < 0 ? units : 0, sign > 0 ? units : 0)
  const why =
    sign === 0 ? 'no case differs' : 'every case shows the same difference, so there is no spread for a t test'
  const method = 'exact sign test'
  return 'kind' in test ? nothing(test, method, why) : { p: test.p, ci: null, method, why, insufficient: null }
}

const pairedTOf = (sample: Sample, level: number, scale: number): PairTestResult => {
  const test = tTest(sample.values, { ...sample.grouping, level, scale })
  const method = `paired t on case means${clusterWords(sample)}`
  const why = `${permutationBelow} or more ${sample.grouping.clusters === undefined ? 'cases' : 'clusters'}`
  if (!('kind' in test)) return { p: test.p, ci: test.ci, method, why, insufficient: null }
  return test.reason === 'constant' &&
    sample.values.every((value) => Math.sign(value) === Math.sign(sample.values[0] ?? 0))
    ? withoutSpread(sample)
    : nothing(test, method, why)
}

const signFlipOf = (sample: Sample, level: number, scale: number): PairTestResult => {
  const test = signFlip(sample.values, { ...sample.grouping, scale })
  const interval = studentInterval(sample.values, { ...sample.grouping, level, scale })
  const ci = 'kind' in interval ? null : interval.ci
  const units = sample.grouping.clusters === undefined ? 'cases' : 'clusters'
  const method = `sign-flip permutation (exact)${sample.grouping.clusters === undefined ? '' : ', whole clusters'}; t interval`
  const why = `fewer than ${permutationBelow} ${units}`
  if (!('kind' in test)) return { p: test.p, ci, method, why, insufficient: null }
  // All differences are 0: nothing speaks against "no difference", which is p = 1, as in McNemar's test.
  return test.reason === 'constant' ? { p: 1, ci, method, why, insufficient: null } : nothing(test, method, why)
}

const claimP = (test: { readonly p: number } | Insufficient): number | null => ('kind' in test ? null : test.p)

/** McNemar counts cases: it has no weights, and clusters would make its p too small. */
export const countsDecide = ({ binary, logRatios, differences: { grouping } }: PairData): boolean =>
  binary && logRatios === null && grouping.weights === undefined && grouping.clusters === undefined

const countsOf = ({ baseline, candidate }: PairData) =>
  discordant(
    candidate.map((value) => value === 1),
    baseline.map((value) => value === 1),
  )

/** A difference of two pass rates never exceeds 1, so a margin of 1 holds whatever the data. */
const scoreP = (pairs: number, wins: number, losses: number, margin: number): number | null =>
  margin >= 1 ? 0 : claimP(pairedScoreTest(pairs, wins, losses, margin))

const binaryOf = (data: PairData, level: number): PairTestResult => {
  const counts = countsOf(data)
  const test = mcnemar(counts.onlyFirst, counts.onlySecond)
  const interval = newcombePaired(counts, level)
  const method = 'exact McNemar; Newcombe paired interval'
  const why = 'each case is either right or wrong'
  if ('kind' in test) return nothing(test, method, why)
  return { p: test.p, ci: 'kind' in interval ? null : interval.ci, method, why, insufficient: null }
}

const ratioOf = (data: PairData, logs: Sample, level: number): PairTestResult => {
  const method = `paired t on log ratio${clusterWords(logs)}`
  const why = 'costs and latencies are compared as ratios'
  const test = geometricRatio(data.candidate, data.baseline, { ...logs.grouping, level })
  if (!('kind' in test)) return { p: test.p, ci: test.ci, method, why, insufficient: null }
  return test.reason === 'constant' && unitsOf(logs) > 1 ? withoutSpread(logs) : nothing(test, method, why)
}

/** The fixed-sample analysis of statistics.md 4.11. */
export const testFixed: PairTest = (data, level) => {
  if (data.logRatios !== null) return ratioOf(data, data.logRatios, level)
  if (countsDecide(data)) return binaryOf(data, level)
  const scale = magnitude(data.baseline, data.candidate)
  return unitsOf(data.differences) < permutationBelow
    ? signFlipOf(data.differences, level, scale)
    : pairedTOf(data.differences, level, scale)
}

/**
 * One-sided p of "the ratio is below 1". A ratio without any spread is decided by its sign, as in `ratioOf`; one side of
 * the sign test is half of the two.
 */
const cheaperP = ({ baseline, candidate, logRatios }: PairData): number | null => {
  if (logRatios === null) return null
  const test = geometricRatio(candidate, baseline, { ...logRatios.grouping, alternative: 'less' })
  if (!('kind' in test)) return test.p
  if (test.reason !== 'constant' || unitsOf(logRatios) < 2) return null
  const { p } = withoutSpread(logRatios)
  return p === null ? null : (logRatios.values[0] ?? 0) < 0 ? p / 2 : 1
}

export const fixedAnalysis: PairAnalysis = {
  test: testFixed,
  claimMethod: (data) => (countsDecide(data) ? 'Tango score test against the margin' : null),
  notWorse: (data, margin) => {
    const { baseline, candidate, differences } = data
    // Scores of 0 and 1 with few cases that differ have no t distribution: at the margin the t test errs in .14.
    if (countsDecide(data)) {
      const { onlyFirst, onlySecond } = countsOf(data)
      return scoreP(differences.values.length, onlyFirst, onlySecond, margin)
    }
    const scale = magnitude(baseline, candidate)
    return claimP(nonInferiority(differences.values, margin, { ...differences.grouping, scale }))
  },
  within: (data, margin) => {
    const { baseline, candidate, differences } = data
    if (countsDecide(data)) {
      const { onlyFirst, onlySecond } = countsOf(data)
      const above = scoreP(differences.values.length, onlyFirst, onlySecond, margin)
      const below = scoreP(differences.values.length, onlySecond, onlyFirst, margin)
      return above === null || below === null ? null : Math.max(above, below)
    }
    const scale = magnitude(baseline, candidate)
    return claimP(tost(differences.values, margin, { ...differences.grouping, scale }))
  },
  cheaper: cheaperP,
}
