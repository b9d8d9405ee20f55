/** Experiments in which nothing differs, as the whole report sees them. Every verdict of a difference is an error. */
import type { Metric } from '../../domain/objective.ts'
import type { ExperimentReport } from '../../domain/report.ts'
import { type Draws, list, type Scenario } from '../../stats/test/simulate.ts'
import type { Outcome } from '../outcome.ts'
import { buildReport } from '../report.ts'
import { dealtOrder, lookInput } from './dealt.ts'
import { inputOf, outcome } from './inputs.ts'

type Shape = {
  readonly variants: number
  readonly cases: number
  readonly repetitions: number
  readonly graded: boolean
}

const idOf = (c: number): string => `c${String(c).padStart(3, '0')}`

/** Cases differ in difficulty, length and price; variants do not. */
const nullOutcomes = ({ variants, cases, repetitions, graded }: Shape, draws: Draws): Outcome[] =>
  list(cases, (c) => {
    const difficulty = draws.uniform()
    const length = Math.exp(draws.normal())
    return list(variants, (v) =>
      list(repetitions, (r) =>
        outcome({
          case: idOf(c),
          variant: `v${v}`,
          repetition: r + 1,
          score: graded ? (difficulty + draws.uniform()) / 2 : draws.coin(difficulty),
          latencyMs: 1000 * length * Math.exp(0.4 * draws.normal()),
          costUsd: 0.001 * length * Math.exp(0.3 * draws.normal()),
        }),
      ),
    ).flat()
  }).flat()

const finds = (report: ExperimentReport, metric: Metric): boolean =>
  report.comparisons.some((one) => one.metric === metric && (one.verdict === 'better' || one.verdict === 'worse'))

const familyOf = (
  name: string,
  shape: Shape,
  metric: Metric,
  family: 'baseline' | 'all-pairs' = 'baseline',
): Scenario => ({
  name: `${metric}: ${name}`,
  within: [0, 0.07],
  errs: (draws) => finds(buildReport(inputOf(nullOutcomes(shape, draws), { plan: { family } })), metric),
})

const graded: Shape = { variants: 5, cases: 40, repetitions: 2, graded: true }
const binary: Shape = { variants: 4, cases: 60, repetitions: 1, graded: false }
const few: Shape = { variants: 3, cases: 15, repetitions: 1, graded: true }

export const fixedNulls: readonly Scenario[] = [
  familyOf('5 variants, 40 cases x 2', graded, 'quality'),
  familyOf('4 variants, right or wrong', binary, 'quality'),
  familyOf('all pairs of 4', { ...graded, variants: 4 }, 'quality', 'all-pairs'),
  familyOf('15 cases by sign-flip', few, 'quality'),
  familyOf('5 variants', graded, 'latency'),
  familyOf('5 variants', graded, 'cost'),
]

/** Quality at the margin exactly and cost lower, or equal cost: claims that must not be made. */
export const claimNulls: readonly Scenario[] = [
  {
    name: 'cheaper-not-worse, when worse by the margin',
    within: [0, 0.07],
    errs: (draws) => {
      const base = nullOutcomes({ variants: 2, cases: 60, repetitions: 1, graded: true }, draws)
      const shifted = base.map((one) =>
        one.variant === 'v0'
          ? { ...one, score: one.score * 0.8 + 0.1 }
          : { ...one, score: one.score * 0.8, costUsd: (one.costUsd ?? 0) / 3 },
      )
      const report = buildReport(inputOf(shifted, { plan: { margin: 0.1 } }))
      return report.comparisons.some((one) => one.metric === 'quality' && one.verdict === 'cheaper-not-worse')
    },
  },
  {
    name: 'equivalent, when different by the margin',
    within: [0, 0.07],
    errs: (draws) => {
      const base = nullOutcomes({ variants: 2, cases: 60, repetitions: 1, graded: true }, draws)
      const shifted = base.map((one) => ({
        ...one,
        score: one.score * 0.8 + (one.variant === 'v0' ? 0.1 : 0),
        costUsd: null,
      }))
      const report = buildReport(inputOf(shifted, { plan: { margin: 0.1 } }))
      return report.comparisons.some((one) => one.metric === 'quality' && one.verdict === 'equivalent')
    },
  },
]

/** A live sequential run, looked at after every tenth case; an error at any look counts. */
export const watchedNull = (metric: 'quality' | 'latency', design: 'fixed' | 'sequential'): Scenario => ({
  name: `${metric}, ${design}, watched 8 times`,
  within: design === 'sequential' ? [0, 0.05] : [0.08, 0.4],
  errs: (draws) => {
    const cases = metric === 'quality' ? 80 : 160
    const ids = list(cases, idOf)
    const outcomes = nullOutcomes({ variants: 2, cases, repetitions: 1, graded: metric === 'quality' }, draws)
    const plan = { design }
    const order = dealtOrder(ids, outcomes, { plan })
    const place = new Map(order.map((id, i) => [id, i]))
    return list(8, (k) => ((k + 1) * cases) / 8).some((n) => {
      const seen = outcomes.filter((one) => (place.get(one.case) ?? 0) < n)
      return finds(buildReport(lookInput(ids, seen, { plan, record: { status: 'running', cells: 2 * cases } })), metric)
    })
  },
})
