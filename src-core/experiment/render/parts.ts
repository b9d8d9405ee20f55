import type { Metric } from '../../domain/objective.ts'
import type { Comparison, ExperimentReport, Interval, ReportRow } from '../../domain/report.ts'
import {
  combination,
  dollars,
  duration,
  inUnit,
  listed,
  metricLabel,
  percent,
  plural,
  score,
  signed,
  times,
  timesAs,
} from '../wording.ts'

/** Sentences and cells that the terminal, Markdown and HTML share, so that no two reports say different things. */

export const onlyOneModel = (report: ExperimentReport): boolean => new Set(report.rows.map((row) => row.model)).size < 2

export const titleOf = (report: ExperimentReport): string => report.project ?? 'Results'

const names = (all: readonly string[]): string => {
  const unique = [...new Set(all)]
  return unique.length > 6 ? `${listed(unique.slice(0, 5))} and ${unique.length - 5} more` : listed(unique)
}

/** What was run, in one sentence. */
export const whatWasRun = (report: ExperimentReport): string => {
  const { rows, results, cells, failed } = report
  const variants = new Set(rows.map((row) => row.variant)).size
  const models = [...new Set(rows.map((row) => row.model))]
  const cases = Math.max(0, ...rows.map((row) => row.n))
  const on = models.length === 0 ? '' : ` on ${plural(models.length, 'model')} (${names(models)})`
  const done = results === cells ? plural(results, 'result') : `${results} of ${plural(cells, 'cell')}`
  const without = failed === 0 ? '' : `, ${failed} without an answer`
  return `${plural(variants, 'prompt variant')}${on}, ${plural(cases, 'case')}: ${done}${without}.`
}

/** Calls, money and time of the run; null for a table made elsewhere. */
export const whatItTook = (report: ExperimentReport): string | null => {
  if (report.experiment === null) return null
  const spent = report.spentUsd === null ? 'an unknown amount' : dollars(report.spentUsd)
  const open =
    report.unconfirmedUsd === null || report.unconfirmedUsd === 0
      ? ''
      : ` (and at most ${dollars(report.unconfirmedUsd)} unconfirmed)`
  const time = report.wallSeconds === null ? '' : ` in ${duration(1000 * report.wallSeconds)}`
  return `${plural(report.calls, 'call')}, ${plural(report.attempts, 'request')} sent, ${report.cached} from the cache; spent ${spent}${open}${time}.`
}

/** Null for an exploratory report: its notes say why. */
export const labelWords = (report: ExperimentReport): string | null =>
  report.label === 'confirmatory' ? 'Confirmatory: analysed by the plan registered before the first call.' : null

export const unknown = '-'

export const interval = (ci: Interval, show: (value: number) => string): string =>
  ci === null ? unknown : `${show(ci[0])} to ${show(ci[1])}`

const shown = (value: number | null, show: (value: number) => string): string =>
  value === null ? unknown : show(value)

const rowColumns = [
  'variant',
  'model',
  'cases',
  'quality',
  'interval',
  'passed',
  'failed',
  'tokens',
  'cost',
  'per success',
  'p50',
  'p95',
] as const

/** Mean tokens of a cell, in and out: what a local model's answer costs. */
const tokensOf = ({ inputTokens, outputTokens }: ReportRow): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens

/** Local models cost nothing: a column of zeros says less than their tokens. */
const isFree = ({ rows }: ExperimentReport): boolean => rows.every((row) => row.costUsd === 0 && tokensOf(row) !== null)

const rowCells = (row: ReportRow): string[] => [
  row.variant,
  row.model,
  String(row.n),
  shown(row.mean, score),
  interval(row.ci, score),
  shown(row.passRate, percent),
  String(row.failed),
  shown(tokensOf(row), (tokens) => tokens.toFixed(1)),
  shown(row.costUsd, dollars),
  shown(row.costPerSuccessUsd, dollars),
  shown(row.latencyMs.p50, duration),
  shown(row.latencyMs.p95, duration),
]

export type RowColumn = { readonly name: string; readonly isText: boolean; readonly cells: readonly string[] }

/** The table of rows by columns; those that hold nothing anywhere, and the model where there is one, are left out. */
export const rowTable = (report: ExperimentReport): RowColumn[] => {
  const cells = report.rows.map(rowCells)
  return rowColumns.flatMap((name, i): RowColumn[] => {
    const values = cells.map((row) => row[i] ?? unknown)
    const empty = values.every((value) => value === unknown || (name === 'failed' && value === '0'))
    if (empty || (name === 'model' && onlyOneModel(report))) return []
    const free = isFree(report)
    if (free ? name === 'cost' || name === 'per success' : name === 'tokens') return []
    return [{ name, isText: name === 'variant' || name === 'model', cells: values }]
  })
}

/** The metric over its comparisons; where cost is told in tokens, the title says so. */
export const metricTitle = (metric: Metric, comparisons: readonly Comparison[]): string => {
  const label = metricLabel(metric)
  const inTokens = metric === 'cost' && comparisons.every((one) => one.method.includes('tokens'))
  return `${label[0]?.toUpperCase() ?? ''}${label.slice(1)}${inTokens ? ', in tokens' : ''}`
}

/** Comparisons that hold a number or a warning: cost that nobody knows needs no sentence. */
export const worthSaying = (report: ExperimentReport): readonly Comparison[] =>
  report.comparisons.filter((one) => one.difference !== null || one.verdict === 'invalid')

export const verdictWords: Readonly<Record<Comparison['verdict'], string>> = {
  invalid: 'invalid',
  worse: 'worse',
  better: 'better',
  'cheaper-not-worse': 'cheaper, not worse',
  equivalent: 'equivalent',
  'not-enough-data': 'no difference shown',
}

export const verdictMarks: Readonly<Record<Comparison['verdict'], string>> = {
  invalid: '!',
  worse: '-',
  better: '+',
  'cheaper-not-worse': '+',
  equivalent: '=',
  'not-enough-data': '?',
}

const effectWords = ({ metric, difference, ratio, ci }: Comparison): string => {
  if (ratio !== null) return `${timesAs(metric, ratio)}${ci === null ? '' : ` (${times(ci[0])} to ${times(ci[1])})`}`
  if (difference === null) return 'unknown'
  const isShare = metric === 'quality' || metric === 'passRate'
  const show = isShare ? signed : (value: number): string => inUnit(metric, value)
  return `${show(difference)}${ci === null ? '' : ` (${show(ci[0])} to ${show(ci[1])})`}`
}

/** The pair of a comparison in a few words. */
export const pairWords = ({ baseline, candidate }: Comparison, onlyModel: boolean): string => {
  if (baseline.variant === candidate.variant) return `${candidate.variant}: ${candidate.model} vs ${baseline.model}`
  return `${candidate.variant} vs ${baseline.variant}${onlyModel ? '' : ` on ${candidate.model}`}`
}

/** A comparison on one line, for the metrics that the run was not about. */
export const shortComparison = (one: Comparison, onlyModel: boolean): string =>
  one.verdict === 'invalid'
    ? `${pairWords(one, onlyModel)}: invalid, ${one.reason}`
    : `${pairWords(one, onlyModel)}: ${effectWords(one)}, ${comparisonWords(one)}`

/** The verdict in the metric's own words: cheaper, slower, ... */
export const comparisonWords = ({ metric, verdict }: Comparison): string => {
  const words: Partial<Record<Metric, Partial<Record<Comparison['verdict'], string>>>> = {
    cost: { better: 'cheaper', worse: 'more expensive' },
    latency: { better: 'faster', worse: 'slower' },
  }
  return words[metric]?.[verdict] ?? verdictWords[verdict]
}

/** Best combination, or that nobody is. */
export const bestWords = (report: ExperimentReport): string => {
  const { best, tiedWith, rows } = report
  const only = onlyOneModel(report)
  if (best !== null) return `Best: ${combination(best, only)}.`
  if (rows.length < 2) return 'Best: there is nothing to choose from.'
  if (tiedWith.length === 0) return 'Best: none; no combination meets the constraints.'
  if (tiedWith.length === 1)
    return `Best: none shown; ${combination(tiedWith[0] as (typeof tiedWith)[0], only)} has the highest mean.`
  return `Best: no difference shown between ${names(tiedWith.map((one) => combination(one, only)))}.`
}

/** What a run of this size could have seen; null where nothing was compared. */
export const detectableWords = (report: ExperimentReport): string | null => {
  const { minimumDetectableDifference: least, analysis } = report
  if (least === null) return null
  return `With this many cases a true difference in ${metricLabel(analysis.primary)} of ${inUnit(analysis.primary, least)} or more would be seen with 80 % power; smaller ones would often be missed.`
}

export const gateWords = (passed: boolean | null): string =>
  passed === null ? 'undecided' : passed ? 'passed' : 'FAILED'

/** Label and value of everything another person needs for the same run; unknown ones are left out. */
export const reproductionLines = (report: ExperimentReport): readonly (readonly [string, string])[] => {
  const { reproduction } = report
  const lines: (readonly [string, string | null])[] = [
    ['experiment', report.experiment],
    ['lab version', reproduction.labVersion],
    ['node', reproduction.node],
    ['platform', reproduction.platform],
    ['seed', reproduction.seed === null ? null : String(reproduction.seed)],
    ['snapshot', reproduction.snapshotHash],
    ['analysis plan', reproduction.planHash],
    ['cases', reproduction.casesHash],
    ...reproduction.variants
      .filter((variant) => variant.hash !== '')
      .map((variant) => [`variant ${variant.variant}`, `version ${variant.version}, ${variant.hash}`] as const),
    ...reproduction.models
      .filter((model) => model.provider !== '')
      .map((model) => [`model ${model.model}`, modelWords(model)] as const),
    ...reproduction.evaluators.map((one) => [`evaluator ${one.name}`, `${one.type}, version ${one.version}`] as const),
    ['price table', reproduction.priceTableDate],
  ]
  return lines.flatMap(([label, value]) => (value === null || value === '' ? [] : [[label, value] as const]))
}

const modelWords = (model: ExperimentReport['reproduction']['models'][number]): string => {
  const parameters = model.parameters === null ? '' : `, ${JSON.stringify(model.parameters)}`
  const digest = model.digest === null ? '' : `, digest ${model.digest}`
  return `${model.simulated ? 'SIMULATED, ' : ''}${model.provider}/${model.name}${digest}${parameters}`
}
