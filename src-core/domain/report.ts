import type { ExperimentStatus } from './experiment.ts'
import type { AnalysisPlan, Metric } from './objective.ts'

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

/** How often one variant on one model contradicts itself on a case. */
export type CombinationFlips = {
  readonly variant: string
  readonly model: string
  readonly repetitions: number
  readonly passed: number
  /** Share of pairs of repetitions that disagree, 0 to 1; null with fewer than two repetitions. */
  readonly within: number | null
}

export type CaseFlips = {
  readonly case: string
  /** Mean of `within` over the combinations that have one: the model's own wavering. */
  readonly within: number | null
  /**
   * What variants on the same model disagree beyond that wavering: the share of disagreeing pairs of answers of two
   * variants, less the mean of the two variants' own `within`. Its expectation is (p1 - p2)^2, the squared difference of
   * their pass probabilities, so it is about 0 (and may fall below) where variants differ by chance alone. Null with
   * fewer than two variants, or where a side has one repetition.
   */
  readonly between: number | null
  readonly combinations: readonly CombinationFlips[]
}

/** How a judge's ratings stand to those of people, on the items that both rated. */
export type JudgeAgreement = {
  readonly items: number
  /** Human mean minus judge mean: negative where the judge flatters. */
  readonly bias: number
  readonly meanAbsoluteError: number
  /** Krippendorff's alpha at interval level (nominal where all ratings are 0 or 1). */
  readonly alpha: number | null
  /** Only where all ratings are 0 or 1: Cohen's kappa, Gwet's AC1 and the table behind them. */
  readonly kappa: number | null
  readonly ac1: number | null
  readonly table: {
    readonly bothPass: number
    readonly onlyHuman: number
    readonly onlyJudge: number
    readonly neither: number
  } | null
}

/** A mean (or mean difference) as people would have rated it: PPI++ of human and judge ratings. */
export type JudgeCorrection = {
  /** The judge's own figure over all items. */
  readonly judged: number | null
  readonly corrected: number | null
  readonly se: number | null
  readonly ci: Interval
  readonly ciLevel: number
  /** Trust in the judge, 0 (people alone) to 1. */
  readonly lambda: number | null
  /** Independent cases with a human rating, and with the judge's alone. */
  readonly humanCases: number
  readonly judgedCases: number
  /** Why there is no correction, or null. */
  readonly insufficient: string | null
}

export type JudgeReport = {
  readonly items: number
  readonly humanItems: number
  /** The judge's ratings of other cells were taken from the run's scores, which equal them where both are known. */
  readonly usesScores: boolean
  readonly agreement: JudgeAgreement | null
  readonly means: readonly (Combination & JudgeCorrection)[]
  readonly differences: readonly ({
    readonly baseline: Combination
    readonly candidate: Combination
  } & JudgeCorrection)[]
  readonly notes: readonly string[]
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
  /** Where the run comes from, in a sentence, when it was not made in this database. */
  readonly origin?: string
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
  /** Per case, how often repetitions disagree; empty without repetitions. The most wavering case first. */
  readonly flips: readonly CaseFlips[]
  /** Scores corrected by human ratings; null unless asked for. */
  readonly judge: JudgeReport | null
  readonly reproduction: Reproduction
}
