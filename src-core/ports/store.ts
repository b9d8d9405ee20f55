import type { Score } from '../domain/evaluator.ts'
import type { Execution, Failure, ModelResponse } from '../domain/execution.ts'
import type { ExperimentRecord, ExperimentSnapshot, ExperimentStatus } from '../domain/experiment.ts'
import type { CallId, CellId, ContentHash, ExperimentId } from '../domain/ids.ts'
import type { JsonValue } from '../domain/json.ts'
import type { AnalysisPlan } from '../domain/objective.ts'
import type { Message, PromptVariant } from '../domain/prompt.ts'
import type { ExperimentReport } from '../domain/report.ts'

export type CallKind = 'task' | 'judge' | 'proposer' | 'embedding'

/** One wanted model answer. `purpose` is unique: the same purpose is one call, however often it is asked for. */
export type Call = {
  readonly id: CallId
  readonly experiment: ExperimentId
  readonly kind: CallKind
  /** `task:<cell>`, `judge:<cell>:<evaluator>:<n>`, ... */
  readonly purpose: string
  readonly cell: CellId | null
  /** Id of the model asked first. */
  readonly model: string
  /** Kept for every kind but `task`, whose messages are rendered anew from the snapshot. */
  readonly messages: readonly Message[] | null
}

/** One request on the wire. Committed as `sent` before it leaves. */
export type AttemptSent = {
  readonly call: CallId
  /** 1, 2, ... within the call, fallbacks included. */
  readonly n: number
  /** Id of the model asked; differs from the call's where a fallback was used. */
  readonly model: string
  /** The most it can cost; null where the price is unknown. */
  readonly maxCostUsd: number | null
  readonly sentAt: string
}

export type CallEnd = {
  readonly call: CallId
  readonly attempt: number
  /** True for the call's last word; false for an attempt that will be retried. */
  readonly final: boolean
  readonly response: ModelResponse | null
  readonly failure: Failure | null
  readonly httpStatus: number | null
  /** What this attempt cost; null where unknown. */
  readonly costUsd: number | null
  readonly endedAt: string
  /** Where the response goes in the response cache; null: nowhere. */
  readonly cacheKey: ContentHash | null
}

export type CachedResponse = { readonly response: ModelResponse; readonly costUsd: number | null }

/** A cell's outcome as the engine hands it over; answers are already in the ledger. */
export type CellOutcome = {
  readonly cell: CellId
  /** Null where the cell failed before a call could be made (render). */
  readonly call: CallId | null
  readonly response: ModelResponse | null
  readonly failure: Failure | null
  /** Id of the model of the lab that answered; differs from the cell's where a fallback did. */
  readonly answeredBy: string | null
  readonly score: number
  readonly passed: boolean
  readonly scores: readonly Score[]
  readonly costUsd: number | null
  readonly fromCache: boolean
  readonly attempts: number
  readonly startedAt: string
  readonly traceId: string | null
  readonly metadata: Readonly<Record<string, JsonValue>> | null
}

/** A cell that has an answer but no scores yet: a resumed run evaluates it without calling again. */
export type AnsweredCell = {
  readonly cell: CellId
  readonly call: CallId
  readonly response: ModelResponse | null
  readonly failure: Failure | null
  readonly answeredBy: string | null
  readonly costUsd: number | null
  readonly fromCache: boolean
  readonly attempts: number
  readonly startedAt: string
}

/** Where a run stands; all a resume needs. */
export type RunState = {
  /** Running numbers (0-based) of cells that have an execution. */
  readonly recorded: readonly number[]
  readonly answered: readonly AnsweredCell[]
  /** Answers of finished judge and embedding calls by purpose, so that judging is not paid twice. */
  readonly judged: readonly {
    readonly purpose: string
    readonly call: CallId
    readonly output: string
    readonly costUsd: number | null
  }[]
  /** Calls without a last word that already have attempts (the highest `n`), so that numbering goes on where it stopped. */
  readonly attempted: readonly { readonly purpose: string; readonly attempts: number }[]
}

export type LedgerTotals = {
  readonly calls: number
  readonly attempts: number
  /** Attempts in state `unknown`: sent before a crash, answer never seen. */
  readonly unknown: number
  readonly cached: number
  /** Null where any finished attempt has an unknown price. */
  readonly spentUsd: number | null
  /** Sum of the worst case of `sent` and `unknown` attempts; null where any has an unknown price. */
  readonly unconfirmedUsd: number | null
  readonly inputTokens: number
  readonly outputTokens: number
}

export type ExecutionFilter = {
  readonly variant?: string
  readonly model?: string
  readonly case?: string
  readonly failures?: boolean
}

export type AnalysisOverrides = { readonly analysis?: Partial<AnalysisPlan>; readonly baseline?: string }

/**
 * The one SQLite file. Writes go through a writer thread that commits in groups (a promise resolves when its rows are on
 * the disk); reads through a reader thread. Contract: src-main/store/store.contract.ts.
 */
export type Store = {
  readonly path: string

  /** Saves a variant under its project; returns it with its version number. Equal content keeps its number. */
  registerVariant(project: string, variant: Omit<PromptVariant, 'version'>): Promise<PromptVariant>
  variants(project: string): Promise<readonly PromptVariant[]>
  /** `name` is the newest version, `name@3` that one. */
  findVariant(project: string | null, reference: string): Promise<PromptVariant | null>

  /** Stores snapshot, cells and lease in one transaction, before the first call. */
  createExperiment(experiment: NewExperiment): Promise<void>
  /** Takes or renews the lease of a running experiment; false where another live process holds it. */
  lease(experiment: ExperimentId, owner: string, ttlMs: number): Promise<boolean>
  /** Ends the lease and sets the status; `sent` attempts of a dead owner become `unknown` on the next lease. */
  finishExperiment(
    experiment: ExperimentId,
    owner: string,
    status: ExperimentStatus,
    wallSeconds: number,
  ): Promise<void>
  experiments(): Promise<readonly ExperimentRecord[]>
  /** By id, by unique beginning of the id, or the newest for null. */
  findExperiment(reference: string | null): Promise<ExperimentRecord | null>
  snapshot(experiment: ExperimentId): Promise<ExperimentSnapshot>
  runState(experiment: ExperimentId): Promise<RunState>

  /** Commits calls (new purposes only) and their attempts; only then may a request leave. */
  attemptsSent(calls: readonly Call[], attempts: readonly AttemptSent[]): Promise<void>
  callsEnded(ends: readonly CallEnd[]): Promise<void>
  recordOutcomes(experiment: ExperimentId, outcomes: readonly CellOutcome[]): Promise<void>
  cachedResponses(keys: readonly ContentHash[]): Promise<ReadonlyMap<ContentHash, CachedResponse>>
  /** A call answered from the cache: no attempt, cost zero for this run. */
  callsFromCache(calls: readonly (Call & { readonly cacheKey: ContentHash })[]): Promise<void>
  cachedScores(keys: readonly ContentHash[]): Promise<ReadonlyMap<ContentHash, Score>>
  saveScores(scores: readonly { readonly key: ContentHash; readonly score: Score }[]): Promise<void>
  /** Replaces the scores of a finished experiment's cells (`promptlab score`), keeping the old ones as a superseded set. */
  rescore(
    experiment: ExperimentId,
    outcomes: readonly {
      readonly cell: CellId
      readonly score: number
      readonly passed: boolean
      readonly scores: readonly Score[]
    }[],
    evaluators: ExperimentSnapshot['evaluators'],
  ): Promise<void>

  ledger(experiment: ExperimentId): Promise<LedgerTotals>
  /** In cell order, in pages: `after` is the last cell's running number of the page before, -1 for the first. */
  executions(
    experiment: ExperimentId,
    filter: ExecutionFilter,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly Execution[]>
  /** Computed from rows on every read, in the reader thread. */
  report(experiment: ExperimentId, overrides: AnalysisOverrides): Promise<ExperimentReport>

  verify(): Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>
  backup(file: string): Promise<{ readonly bytes: number }>
  close(): Promise<void>
}

export type NewExperiment = {
  readonly id: ExperimentId
  readonly snapshot: ExperimentSnapshot
  readonly planHash: ContentHash
  readonly snapshotHash: ContentHash
  readonly owner: string
  readonly leaseMs: number
  readonly startedAt: string
  readonly environment: {
    readonly labVersion: string
    readonly node: string
    readonly platform: string
    readonly priceTableDate: string | null
    /** A sentence, where the run was not made in this database but came with something (a sample's stored run). */
    readonly origin?: string
    /** By model id. */
    readonly identities: Readonly<
      Record<
        string,
        { readonly digest: string | null; readonly contextLength: number | null; readonly simulated: boolean }
      >
    >
  }
  /** Cells in the order they will be dealt; the running number is the position. */
  readonly cells: readonly CellKey[]
}

export type CellKey = {
  readonly variant: string
  readonly model: string
  readonly case: string
  readonly repetition: number
  /** Number of the randomised complete block it belongs to. */
  readonly block: number
}
