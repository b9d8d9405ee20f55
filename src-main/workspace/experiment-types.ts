import type { LabErrorData } from '../../src-core/domain/errors.ts'
import type { EvaluatorSpec, Score } from '../../src-core/domain/evaluator.ts'
import type { Failure, FinishReason } from '../../src-core/domain/execution.ts'
import type { ExperimentRecord } from '../../src-core/domain/experiment.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { AnalysisPlan, Budget } from '../../src-core/domain/objective.ts'
import type { Message, PromptVariant } from '../../src-core/domain/prompt.ts'
import type { Combination } from '../../src-core/domain/report.ts'
import type { Progress } from '../../src-core/experiment/progress.ts'
import type { RowId } from './types.ts'

// ---- live run ----

/** Cells of one column and a run of neighbouring cases, counted: at most 4,800 tiles whatever the size of the run. */
export type HeatMap = {
  readonly columns: readonly Combination[]
  readonly rows: number
  readonly casesPerRow: number
  /** Four numbers a tile, row by row: cells, passed, not passed, failed (no answer). */
  readonly tiles: readonly number[]
}

export type LogLine = {
  readonly at: string
  readonly kind: 'notice' | 'paused' | 'resumed' | 'ended'
  readonly message: string
}
/** A cell that has just been recorded, to look at before the run ends. */
export type RecentCell = {
  readonly cell: number
  readonly variant: string
  readonly model: string
  readonly case: string
  readonly score: number
  readonly passed: boolean
  readonly failed: boolean
}

export type LiveState = 'running' | 'paused' | 'stopping' | 'ended'
export type LiveHead = {
  readonly state: LiveState
  readonly progress: Progress | null
  /** Worst case of requests whose answer was not seen; null where a price is unknown. */
  readonly unconfirmedUsd: number | null
  readonly budget: Budget
  /** Why it waits or ended early. */
  readonly cause: LabErrorData | null
}
/** Interim mean quality by column, without a winner: [mean, low, high] at 95 %, null before two cells. */
export type InterimQuality = Combination & {
  readonly n: number
  readonly mean: number | null
  readonly ci: readonly [number, number] | null
}

export type LiveEvent =
  | ({
      readonly kind: 'snapshot'
      readonly number: number
      readonly record: ExperimentRecord
      readonly heat: HeatMap
      readonly log: readonly LogLine[]
      readonly recent: readonly RecentCell[]
      readonly interim: readonly InterimQuality[]
    } & LiveHead)
  | ({
      readonly kind: 'delta'
      readonly number: number
      /** Changed tiles: index of the tile, then its four new numbers. */
      readonly tiles: readonly (readonly [
        tile: number,
        cells: number,
        passed: number,
        notPassed: number,
        failed: number,
      ])[]
      readonly log: readonly LogLine[]
      readonly recent: readonly RecentCell[]
      readonly interim: readonly InterimQuality[]
    } & LiveHead)

export type RunStarted = { readonly id: string; readonly warnings: readonly string[] }

export type RunListEntry = ExperimentRecord & {
  /** This host drives it now. */
  readonly live: boolean
  /** Three cells to try the setup; not a result. */
  readonly dry: boolean
  readonly variants: number
  readonly models: number
  readonly spentUsd: number | null
}

/** The frozen setup of a run, without its cases. */
export type ExperimentDetail = {
  readonly record: ExperimentRecord
  readonly live: boolean
  readonly projectId: RowId
  readonly variants: readonly PromptVariant[]
  readonly models: readonly {
    readonly id: string
    readonly provider: string
    readonly model: string
    readonly experiment: boolean
  }[]
  readonly evaluators: readonly EvaluatorSpec[]
  readonly cases: number
  readonly baseline: string
  readonly repetitions: number
  readonly seed: number
  readonly budget: Budget
  readonly analysis: AnalysisPlan
  readonly columns: readonly Combination[]
  readonly wallSeconds: number
}

// ---- results ----

export const matrixModes = ['all', 'failures', 'passes', 'errors', 'different', 'flaky', 'regressed'] as const
export type MatrixMode = (typeof matrixModes)[number]

export type MatrixCell = {
  /** Running number of its first repetition: the cell's address. */
  readonly cell: number
  /** Mean over repetitions with a result, ratings by people included; null: no result yet. */
  readonly score: number | null
  /** Repetitions. */
  readonly total: number
  readonly recorded: number
  readonly passed: number
  readonly failed: number
  readonly latencyMs: number | null
  readonly costUsd: number | null
  /** Beginning of the first repetition's output. */
  readonly excerpt: string
  readonly rated: boolean
  readonly excluded: boolean
  readonly comments: number
}
export type MatrixRow = {
  readonly index: number
  /** Position of the case in the experiment. */
  readonly position: number
  readonly case: string
  readonly label: string
  readonly cells: readonly MatrixCell[]
}
export type MatrixColumn = Combination & {
  readonly version: number
  readonly recorded: number
  readonly passed: number
  readonly failed: number
  readonly mean: number | null
  /** Ten equal bins of the score in [0, 1]. */
  readonly histogram: readonly number[]
}
export type MatrixWindow = {
  readonly columns: readonly MatrixColumn[]
  readonly rows: readonly MatrixRow[]
  /** Rows in this mode. */
  readonly total: number
  readonly all: number
  readonly counts: Readonly<Record<MatrixMode, number>>
  /** Rises with results and ratings. */
  readonly revision: number
}

export type Annotation = {
  /** Overrides the automated score while it stands; null: no rating. */
  readonly rating: { readonly passed: boolean; readonly score: number } | null
  /** Reason; always counted in the report. Null: not excluded. */
  readonly excluded: string | null
  readonly comment: string | null
  readonly at: string
}

export type CellAttempt = {
  readonly n: number
  readonly model: string
  readonly state: 'sent' | 'done' | 'failed' | 'unknown'
  readonly sentAt: string
  readonly endedAt: string | null
  readonly httpStatus: number | null
  readonly costUsd: number | null
  readonly maxCostUsd: number | null
  readonly failure: Failure | null
}

export type CellDetail = {
  readonly cell: number
  readonly variant: string
  readonly version: number
  readonly model: string
  readonly case: string
  readonly position: number
  readonly repetition: number
  readonly repetitions: readonly {
    readonly cell: number
    readonly repetition: number
    readonly passed: boolean | null
    readonly score: number | null
  }[]
  readonly inputs: Readonly<Record<string, JsonValue>>
  readonly expected: readonly JsonValue[]
  /** What was sent, as it was sent; the parameters beside it. */
  readonly request: { readonly messages: readonly Message[]; readonly parameters: Readonly<Record<string, JsonValue>> }
  readonly recorded: boolean
  readonly output: string | null
  readonly finishReason: FinishReason | null
  /** Cut short by the token limit or a lost connection: not a success. */
  readonly truncated: boolean
  readonly servedModel: string | null
  readonly failure: Failure | null
  readonly score: number | null
  readonly passed: boolean | null
  /** The evaluators' word, kept under every rating. */
  readonly automated: { readonly score: number; readonly passed: boolean } | null
  readonly scores: readonly Score[]
  readonly annotation: Annotation | null
  readonly tokens: { readonly input: number | null; readonly output: number | null; readonly cached: number | null }
  readonly costUsd: number | null
  readonly fromCache: boolean
  readonly timings: {
    readonly queueMs: number | null
    readonly firstTokenMs: number | null
    readonly generationMs: number | null
    readonly latencyMs: number | null
    readonly batched: boolean
  }
  readonly startedAt: string | null
  readonly attempts: readonly CellAttempt[]
  /** What judges were asked and said. */
  readonly judges: readonly {
    readonly purpose: string
    readonly messages: readonly Message[]
    readonly output: string | null
    readonly costUsd: number | null
  }[]
}

export const compareKinds = ['all', 'regression', 'improvement', 'tie', 'missing', 'excluded'] as const
export type CompareKind = (typeof compareKinds)[number]
export type CompareRow = {
  readonly index: number
  readonly position: number
  readonly case: string
  readonly label: string
  readonly kind: Exclude<CompareKind, 'all'>
  readonly baseline: {
    readonly cell: number
    readonly score: number | null
    readonly passed: boolean | null
    readonly output: string | null
  }
  readonly candidate: {
    readonly cell: number
    readonly score: number | null
    readonly passed: boolean | null
    readonly output: string | null
  }
  /** Candidate minus baseline; null where one is missing. */
  readonly difference: number | null
}
export type CompareWindow = {
  readonly rows: readonly CompareRow[]
  readonly total: number
  readonly counts: Readonly<Record<CompareKind, number>>
}

/** Everything rated by people, as a second look at the same run; the registered report stays as it was. */
export type RatingSummary = {
  readonly rated: number
  readonly excluded: number
  readonly comments: number
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
}

export const downloadFormats = ['html', 'markdown', 'csv', 'json', 'junit'] as const
export type DownloadFormat = (typeof downloadFormats)[number]
export type TextFile = { readonly name: string; readonly mime: string; readonly text: string }
