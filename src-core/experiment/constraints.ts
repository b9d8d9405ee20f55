import type { Constraint } from '../domain/objective.ts'
import { quantileOfSorted } from '../stats/describe.ts'
import { estimateMean, studentBounds } from '../stats/mean-estimate.ts'
import { orderStatisticCoverage } from '../stats/order-statistics.ts'
import { wilson } from '../stats/proportions.ts'
import { passRateOf } from './pass-rate.ts'
import { meanOf, type Sample, sampleOf, unitsOf } from './sample.ts'
import type { Side } from './side.ts'
import type { Study } from './study.ts'
import { inUnit, level, metricLabel } from './wording.ts'

export type ConstraintResult = {
  /** Null where n allows no bound, or the metric is unknown: it fails nothing. */
  readonly passed: boolean | null
  /** The point estimate, in the metric's unit. */
  readonly value: number | null
  /** The one-sided bound that decided. */
  readonly bound: number | null
  readonly sentence: string
}

type Question = { readonly side: Side; readonly study: Study; readonly constraint: Constraint; readonly alpha: number }

const isUpper = (constraint: Constraint): boolean => constraint.relation === '<='

/** Of a two-sided interval at 1 - 2 alpha the end that faces the limit is the one-sided bound at 1 - alpha. */
const facing = (ci: readonly [number, number], constraint: Constraint): number => (isUpper(constraint) ? ci[1] : ci[0])

const meanBound = (sample: Sample, { constraint, alpha, study }: Question): number | null => {
  const estimate = meanOf(sample)
  if (estimate === null || unitsOf(sample) < 2) return null
  const share = constraint.metric === 'quality'
  if (!(share && study.binary.quality)) {
    const spread = estimateMean(sample.values, sample.grouping)
    if (!('kind' in spread)) return facing(studentBounds(spread, 1 - 2 * alpha), constraint)
    // Every case costs the same: the number is a price, not a draw, and bounds itself.
    if (!share) return spread.reason === 'constant' ? estimate : null
  }
  // Of all scores in [0, 1] with this mean, 0 and 1 vary most; so the bound for a share holds for any of them.
  const units = unitsOf(sample)
  const interval = wilson(Math.min(1, Math.max(0, estimate)) * units, units, { level: 1 - 2 * alpha })
  return 'kind' in interval ? null : facing(interval.ci, constraint)
}

/**
 * Distribution-free bound of a quantile: the order statistic that lies beyond it with probability 1 - alpha (statistics.md
 * 4.8). With repetitions the answers of a case are not independent, so the rank is found for the number of units and
 * taken at the same share of all answers.
 */
const quantileBound = (side: Side, q: number, question: Question): number | null => {
  const n = unitsOf(sampleOf(question.study, (c) => side.means.latencyMs[c] ?? Number.NaN))
  const total = side.latencies.length
  if (n === 0) return null
  const enough = 1 - question.alpha
  const at = (rank: number): number | null => side.latencies[Math.max(1, Math.ceil((rank / n) * total)) - 1] ?? null
  if (isUpper(question.constraint)) {
    if (orderStatisticCoverage(n, q, 0, n) < enough) return null
    let [low, high] = [1, n]
    while (low < high) {
      const middle = (low + high) >> 1
      if (orderStatisticCoverage(n, q, 0, middle) >= enough) high = middle
      else low = middle + 1
    }
    return at(low)
  }
  if (orderStatisticCoverage(n, q, 1, n + 1) < enough) return null
  let [low, high] = [1, n]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (orderStatisticCoverage(n, q, middle, n + 1) >= enough) low = middle
    else high = middle - 1
  }
  return at(low)
}

const caseValues = (side: Side, constraint: Constraint): Float64Array | null => {
  switch (constraint.metric) {
    case 'quality':
      return side.means.quality
    case 'cost':
      return side.means.usd
    case 'latency':
      return side.means.latencyMs
    case 'inputTokens':
      return side.means.inputTokens
    case 'outputTokens':
      return side.means.outputTokens
    case 'passRate':
    case 'promptTokens':
      return null
  }
}

const estimates = (question: Question): { readonly value: number | null; readonly bound: number | null } => {
  const { side, study, constraint, alpha } = question
  if (constraint.metric === 'passRate') {
    const rate = passRateOf(side, study, 1 - 2 * alpha)
    const bound = rate.ci === null || rate.units < 2 ? null : facing(rate.ci, constraint)
    return { value: rate.rate, bound }
  }
  const values = caseValues(side, constraint)
  if (values === null) return { value: null, bound: null }
  // An answered case without the number makes the mean unknown; a failed one has none to give.
  const unknown = values.some((v, c) => Number.isNaN(v) && (side.cells[c] ?? 0) > 0 && side.failedCase[c] !== 1)
  if (unknown) return { value: null, bound: null }
  if (constraint.metric === 'latency') {
    const q = constraint.quantile ?? 0.95
    const value = side.latencies.length === 0 ? null : quantileOfSorted(side.latencies, q)
    return { value, bound: quantileBound(side, q, question) }
  }
  const sample = sampleOf(study, (c) => values[c] ?? Number.NaN)
  return { value: meanOf(sample), bound: meanBound(sample, question) }
}

const nameOf = ({ metric, quantile }: Constraint): string =>
  metric === 'latency' ? `latency p${Math.round(1000 * (quantile ?? 0.95)) / 10}` : `mean ${metricLabel(metric)}`

/** Does a limit hold at confidence 1 - alpha? */
export const checkConstraint = (question: Question): ConstraintResult => {
  const { constraint, alpha } = question
  const { value, bound } = estimates(question)
  const name = nameOf(constraint)
  const limit = inUnit(constraint.metric, constraint.limit)
  if (value === null) {
    return { passed: null, value, bound: null, sentence: `${name} is unknown, so the limit ${limit} is not checked` }
  }
  const observed = `${name} ${inUnit(constraint.metric, value)}`
  if (bound === null) {
    return { passed: null, value, bound, sentence: `${observed}; too few cases to bound it against ${limit}` }
  }
  const passed = isUpper(constraint) ? bound <= constraint.limit : bound >= constraint.limit
  const edge = isUpper(constraint) ? 'at most' : 'at least'
  const proof = `${edge} ${inUnit(constraint.metric, bound)} with ${level(1 - alpha)} confidence`
  return { passed, value, bound, sentence: `${observed}, ${proof}; the limit is ${edge} ${limit}` }
}
