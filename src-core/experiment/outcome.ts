import type { ExperimentRecord, ExperimentSnapshot } from '../domain/experiment.ts'
import type { AnalysisPlan } from '../domain/objective.ts'
import type { Reproduction } from '../domain/report.ts'

/** One cell's outcome as the analysis needs it. Unknown is null; a failure has score 0 and stays in every denominator. */
export type Outcome = {
  readonly variant: string
  readonly model: string
  readonly case: string
  /** 1, 2, ... */
  readonly repetition: number
  /** In [0, 1]. */
  readonly score: number
  readonly passed: boolean | null
  /** No answer came (a failure), whatever the reason. */
  readonly failed: boolean
  /** The answer is another model's than asked for (fallback): the pair counts as missing. */
  readonly substituted: boolean
  /** The server's word on which model answered; a change within one side makes its comparisons invalid. */
  readonly servedModel: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly costUsd: number | null
  readonly latencyMs: number | null
  /** Equal within a case x variant x model when repetitions are copies of one answer (cache, or same output at temperature 0). */
  readonly outputHash: string | null
  readonly fromCache: boolean
}

/** What the analysis must know of a case. */
export type CaseFacts = {
  readonly weight: number
  readonly minimumQuality: number | null
  readonly cluster: string | null
}

/** Totals of the ledger, as in Store.ledger. */
export type LedgerFacts = {
  readonly calls: number
  readonly attempts: number
  readonly cached: number
  readonly spentUsd: number | null
  readonly unconfirmedUsd: number | null
}

/** Everything `buildReport` reads. Pure: equal input gives an equal report. */
export type ReportInput = {
  /** Null for a table made elsewhere. */
  readonly record: ExperimentRecord | null
  readonly snapshot: ExperimentSnapshot | null
  readonly outcomes: readonly Outcome[]
  readonly cases: ReadonlyMap<string, CaseFacts>
  /** The plan to analyse by; where it differs from the registered one the report is exploratory. */
  readonly plan: AnalysisPlan
  readonly planChanged: boolean
  readonly baseline: string
  readonly ledger: LedgerFacts | null
  readonly wallSeconds: number | null
  readonly reproduction: Reproduction
}
