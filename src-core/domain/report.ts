import type { AnalysisPlan, Metric } from './objective.ts'
import type { ExperimentStatus } from './experiment.ts'

/** [low, high]; null where the data do not allow an interval. */
export type Interval = readonly [number, number] | null

export type Combination = { readonly variant: string; readonly model: string }

export type ReportRow = Combination & {
  readonly version: number
  /** Cases. */
  readonly n: number
  readonly mean: number | null
  readonly sd: number | null
  readonly ci: Interval
  /** Cells that passed. */
  readonly passed: number | null
  readonly passRate: number | null
  readonly passRateCi: Interval
  /** Cells without an answer. */
  readonly failed: number
  /** Means per cell. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly costUsd: number | null
  readonly costPerSuccessUsd: number | null
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null }
}

export const verdicts = ['invalid', 'worse', 'better', 'cheaper-not-worse', 'equivalent', 'not-enough-data'] as const
export type Verdict = (typeof verdicts)[number]

export type Comparison = {
  readonly metric: Metric
  readonly baseline: Combination
  readonly candidate: Combination
  /** Cases that both sides answered. */
  readonly n: number
  /** Candidate minus baseline. */
  readonly difference: number | null
  /** Geometric mean of paired ratios, for cost, tokens and latency. */
  readonly ratio: number | null
  readonly ci: Interval
  readonly ciLevel: number
  readonly p: number | null
  readonly pAdjusted: number | null
  readonly margin: number | null
  /** The analysis used, in words: "paired t on case means", "sign-flip permutation (exact)", ... */
  readonly method: string
  readonly verdict: Verdict
  readonly reason: string
  readonly moreCases: number | null
  readonly sentence: string
}

export type GateResult = {
  readonly name: string
  readonly variant: string
  readonly model: string
  readonly passed: boolean | null
  readonly value: number | null
  readonly sentence: string
}

export type Recommendation = {
  readonly action: 'deploy' | 'gather' | 'evolve' | 'keep'
  readonly sentence: string
  readonly moreCases: number | null
}

/** What another person needs to make the same run. */
export type Reproduction = {
  readonly labVersion: string
  readonly node: string | null
  readonly platform: string | null
  readonly seed: number | null
  readonly snapshotHash: string | null
  readonly planHash: string | null
  readonly casesHash: string | null
  readonly variants: readonly { readonly variant: string; readonly version: number; readonly hash: string }[]
  readonly models: readonly {
    readonly model: string
    readonly provider: string
    readonly name: string
    readonly digest: string | null
    readonly parameters: unknown
    readonly simulated: boolean
  }[]
  readonly evaluators: readonly { readonly name: string; readonly type: string; readonly version: number }[]
  readonly priceTableDate: string | null
}

/** The object of `run`, `analyze` and `score`; `schema` and `labVersion` are added at the door. */
export type ExperimentReport = {
  readonly experiment: string | null
  readonly project: string | null
  readonly status: ExperimentStatus
  readonly label: 'confirmatory' | 'exploratory'
  /** The plan this report was analysed by; intervals of rows have level 1 - alpha. */
  readonly analysis: AnalysisPlan
  /** Why exploratory, and other notes a reader must see (cached cells, copied repetitions, judge warnings, simulated). */
  readonly notes: readonly string[]
  readonly cells: number
  readonly results: number
  readonly failed: number
  readonly calls: number
  readonly attempts: number
  readonly cached: number
  readonly spentUsd: number | null
  readonly unconfirmedUsd: number | null
  readonly wallSeconds: number | null
  readonly rows: readonly ReportRow[]
  readonly comparisons: readonly Comparison[]
  readonly best: Combination | null
  readonly tiedWith: readonly Combination[]
  readonly gates: readonly GateResult[]
  readonly minimumDetectableDifference: number | null
  readonly recommendation: Recommendation
  readonly reproduction: Reproduction
}
