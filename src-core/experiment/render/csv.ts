import type { ExperimentReport } from '../../domain/report.ts'

type Field = string | number | boolean | null

/** A text that a spreadsheet would run as a formula gets a quote in front (OWASP, CSV injection). */
const inert = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** Numbers are written as they are: a minus sign in front of digits is no formula. */
const field = (value: Field): string => {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const text = inert(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180 with CRLF line ends; unknown is empty. */
export const csvText = (columns: readonly string[], rows: readonly (readonly Field[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')

const columns = [
  'variant',
  'version',
  'model',
  'cases',
  'mean',
  'sd',
  'mean_low',
  'mean_high',
  'passed',
  'pass_rate',
  'pass_rate_low',
  'pass_rate_high',
  'failed',
  'input_tokens',
  'output_tokens',
  'cost_usd',
  'cost_per_success_usd',
  'latency_p50_ms',
  'latency_p95_ms',
]

/** The rows of the report, one line per variant x model. */
export const renderCsv = (report: ExperimentReport): string =>
  csvText(
    columns,
    report.rows.map((row) => [
      row.variant,
      row.version,
      row.model,
      row.n,
      row.mean,
      row.sd,
      row.ci?.[0] ?? null,
      row.ci?.[1] ?? null,
      row.passed,
      row.passRate,
      row.passRateCi?.[0] ?? null,
      row.passRateCi?.[1] ?? null,
      row.failed,
      row.inputTokens,
      row.outputTokens,
      row.costUsd,
      row.costPerSuccessUsd,
      row.latencyMs.p50,
      row.latencyMs.p95,
    ]),
  )

/** The comparisons of the report, one line each. */
export const renderComparisonsCsv = (report: ExperimentReport): string =>
  csvText(
    [
      'metric',
      'baseline_variant',
      'baseline_model',
      'candidate_variant',
      'candidate_model',
      'cases',
      'difference',
      'ratio',
      'low',
      'high',
      'ci_level',
      'p',
      'p_adjusted',
      'margin',
      'method',
      'verdict',
      'more_cases',
      'reason',
      'sentence',
    ],
    report.comparisons.map((one) => [
      one.metric,
      one.baseline.variant,
      one.baseline.model,
      one.candidate.variant,
      one.candidate.model,
      one.n,
      one.difference,
      one.ratio,
      one.ci?.[0] ?? null,
      one.ci?.[1] ?? null,
      one.ciLevel,
      one.p,
      one.pAdjusted,
      one.margin,
      one.method,
      one.verdict,
      one.moreCases,
      one.reason,
      one.sentence,
    ]),
  )
