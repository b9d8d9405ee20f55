export const metrics = [
  'quality',
  'passRate',
  'cost',
  'latency',
  'inputTokens',
  'outputTokens',
  'promptTokens',
] as const
export type Metric = (typeof metrics)[number]

/** Quality and pass rate are better when higher; everything else when lower. */
export const higherIsBetter = (metric: Metric): boolean => metric === 'quality' || metric === 'passRate'

export type Objective = { readonly metric: Metric; readonly weight: number }

/**
 * A limit on a mean, or on a quantile of latency. `limit` in the metric's own unit: score, share, US dollars,
 * milliseconds or tokens. It holds when the one-sided 1 - alpha confidence bound does.
 */
export type Constraint = {
  readonly metric: Metric
  readonly quantile: number | null
  readonly relation: '>=' | '<='
  readonly limit: number
  /** As the lab's author wrote it, for sentences. */
  readonly source: string
}

export type Gates = {
  readonly passRate: { readonly relation: '>=' | '<='; readonly limit: number; readonly source: string } | null
  readonly caseMinimum: boolean
  readonly notWorseThanBaseline: boolean
}

export type Budget = {
  readonly calls: number | null
  readonly tokens: number | null
  readonly usd: number | null
  readonly minutes: number | null
}

/** The pre-registration record: stored before the first call, hashed, and compared when the report is made. */
export type AnalysisPlan = {
  readonly primary: Metric
  readonly alpha: number
  /** In units of the primary metric. */
  readonly margin: number
  /** Minimum effect worth detecting, in units of the primary metric. */
  readonly mde: number
  readonly family: 'baseline' | 'all-pairs'
  readonly design: 'fixed' | 'sequential'
  /** Name of the column that clusters cases; null: each case for itself. */
  readonly cluster: string | null
  readonly costMetric: 'auto' | 'usd' | 'tokens'
}

export const defaultAnalysis: AnalysisPlan = {
  primary: 'quality',
  alpha: 0.05,
  margin: 0.02,
  mde: 0.05,
  family: 'baseline',
  design: 'fixed',
  cluster: null,
  costMetric: 'auto',
}
