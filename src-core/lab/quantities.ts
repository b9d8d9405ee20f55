import { type Constraint, type Gates, higherIsBetter, type Metric } from '../domain/objective.ts'

/** The value, or a sentence that says what was expected. */
export type Parsed<T> = { readonly value: T } | { readonly expected: string }

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 }

/** `2s`, `500ms`, `1.5 min`, `1h` in milliseconds. A bare number is refused: nobody can tell its unit. */
export const parseDuration = (text: string): Parsed<number> => {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)$/.exec(text.trim())
  const factor = milliseconds[match?.[2] ?? '']
  if (match === null || factor === undefined) return { expected: 'a duration with its unit, like 2s, 500ms or 1.5min' }
  return { value: Number(match[1]) * factor }
}

const examples: Readonly<Record<Metric, string>> = {
  quality: '">= 0.85"',
  passRate: '">= 90%"',
  cost: '"<= $0.005"',
  latency: '"p95 <= 2s"',
  inputTokens: '"<= 400"',
  outputTokens: '"<= 100"',
  promptTokens: '"<= 300"',
}

const number = '(\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)'
const amounts: Readonly<Record<Metric, RegExp>> = {
  quality: new RegExp(`^${number}\\s*(%)?$`, 'i'),
  passRate: new RegExp(`^${number}\\s*(%)?$`, 'i'),
  cost: new RegExp(`^\\$?\\s*${number}\\s*(?:usd)?$`, 'i'),
  latency: /^(.+)$/,
  inputTokens: new RegExp(`^${number}\\s*(?:tokens)?$`, 'i'),
  outputTokens: new RegExp(`^${number}\\s*(?:tokens)?$`, 'i'),
  promptTokens: new RegExp(`^${number}\\s*(?:tokens)?$`, 'i'),
}

const parseLimit = (metric: Metric, text: string): number | null => {
  if (metric === 'latency') {
    const duration = parseDuration(text)
    return 'value' in duration ? duration.value : null
  }
  const match = amounts[metric].exec(text)
  if (match === null) return null
  const value = Number(match[1]) / (match[2] === '%' ? 100 : 1)
  return (metric === 'quality' || metric === 'passRate') && value > 1 ? null : value
}

/**
 * `"<= $0.005"`, `"p95 <= 2s"`, `">= 0.85"`, `"<= 400 tokens"`: a relation and a limit in the metric's unit. Latency is
 * of its 95th percentile unless another is named; the others are means and take no quantile.
 */
export const parseConstraint = (metric: Metric, source: string): Parsed<Constraint> => {
  const expected = `a limit like ${examples[metric]}`
  const match = /^(?:p(\d{1,2}(?:\.\d+)?)\s*)?(<=|>=|≤|≥)\s*(.+)$/.exec(source.trim())
  if (match === null) return { expected: /[<>]/.test(source) ? `${expected} (with <= or >=)` : expected }
  const [, percentile, sign, amount = ''] = match
  if (percentile !== undefined && (metric !== 'latency' || Number(percentile) <= 0)) {
    return {
      expected: metric === 'latency' ? 'a percentile between p1 and p99' : `${expected}; only latency has percentiles`,
    }
  }
  const limit = parseLimit(metric, amount.trim())
  if (limit === null) return { expected: metric === 'latency' ? `${expected}, the duration with its unit` : expected }
  const quantile = metric === 'latency' ? Number((Number(percentile ?? 95) / 100).toFixed(6)) : null
  const relation = sign === '>=' || sign === '≥' ? '>=' : '<='
  return { value: { metric, quantile, relation, limit, source } }
}

/** True where the limit points away from what is good (`quality: "<= 0.5"`): allowed, but worth a warning. */
export const pointsTheWrongWay = (constraint: Constraint): boolean =>
  higherIsBetter(constraint.metric) !== (constraint.relation === '>=')

/** The pass-rate gate, as a constraint on the point estimate. */
export const parsePassRateGate = (source: string): Parsed<NonNullable<Gates['passRate']>> => {
  const parsed = parseConstraint('passRate', source)
  if ('expected' in parsed) return parsed
  return { value: { relation: parsed.value.relation, limit: parsed.value.limit, source } }
}
