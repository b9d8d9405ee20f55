import type { Problem } from '../../src-core/domain/errors.ts'
import type { ExperimentRecord } from '../../src-core/domain/experiment.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { Message, PromptOrigin, PromptTemplate } from '../../src-core/domain/prompt.ts'
import type { Combination, Interval } from '../../src-core/domain/report.ts'

/** Plain data that a window gets. Times are ISO 8601 in UTC; unknown is null. */

/** Row number of a project, prompt or case: steady under renaming. */
export type RowId = number

// ---- projects ----

export type BestVariant = Combination & { readonly mean: number | null; readonly ci: Interval; readonly n: number }

export type ProjectCard = {
  readonly id: RowId
  readonly name: string
  readonly description: string
  readonly updatedAt: string
  /** Null: not in the trash. Restorable until `purgedAt`. */
  readonly trashedAt: string | null
  readonly purgedAt: string | null
  readonly prompts: number
  readonly cases: number
  readonly lastRun: ExperimentRecord | null
  /** Of the last finished run. Null: none, or "no difference shown". */
  readonly best: BestVariant | null
  /** Sum over all runs; null where any price is unknown. */
  readonly spentUsd: number | null
  /** About what its rows take in the file. */
  readonly bytes: number
  /** Best mean quality of each finished run, oldest first, for the sparkline; at most 30. */
  readonly quality: readonly number[]
}

/** What a command did. `undo` and `redo` are the labels of the next step each way, null where there is none. */
export type Done = {
  readonly undo: string | null
  readonly redo: string | null
  /** Which screens show something else now. */
  readonly touched: readonly Area[]
}
export const areas = ['project', 'prompts', 'versions', 'cases', 'columns', 'setup', 'ratings'] as const
export type Area = (typeof areas)[number]

export type CommandEntry = {
  readonly n: number
  readonly label: string
  readonly at: string
  readonly undone: boolean
  readonly touched: readonly Area[]
}
export type History = {
  readonly undo: string | null
  readonly redo: string | null
  readonly entries: readonly CommandEntry[]
}

/** A lab as files: written by the door (desktop: a folder; browser: downloads). */
export type ExportedLab = {
  readonly files: readonly { readonly name: string; readonly text: string }[]
  readonly warnings: readonly string[]
}

// ---- prompts ----

export type PromptDraft = {
  readonly id: RowId
  readonly name: string
  readonly template: PromptTemplate
  readonly description: string
  readonly tags: readonly string[]
  readonly active: boolean
  readonly isDefault: boolean
  /** Names of its {variables} in order of first use. */
  readonly variables: readonly string[]
  readonly updatedAt: string
  /** Number of the version whose content equals the draft; null: the draft was changed since. */
  readonly version: number | null
}

export type PromptVersion = {
  readonly name: string
  readonly version: number
  readonly hash: string
  /** The name a person gave it with Ctrl+S; null: stored by a run. */
  readonly label: string | null
  readonly committedAt: string | null
  readonly createdBy: PromptOrigin
  readonly variables: readonly string[]
  readonly template: PromptTemplate
  readonly estimatedTokens: number
}

export type PromptPreview = {
  /** Null where variables are missing in the chosen case. */
  readonly messages: readonly Message[] | null
  /** The case that was rendered; null: the project has none. */
  readonly case: { readonly id: RowId; readonly key: string } | null
  /** Variables of the template that no column holds, with the nearest column. */
  readonly unknown: readonly { readonly name: string; readonly suggestion: string | null }[]
  /** Variables that this case has no value for. */
  readonly missing: readonly string[]
  readonly estimatedInputTokens: number | null
  /** Of one call, by model of the setup; null where a price is unknown. */
  readonly costs: readonly {
    readonly model: string
    readonly inputUsd: number | null
    readonly mostUsd: number | null
  }[]
}

// ---- cases ----

export const cellTypes = ['text', 'number', 'boolean', 'json'] as const
export type CellType = (typeof cellTypes)[number]

/** `key`: 'id', 'expected', 'tags', 'split', 'weight', 'minimumQuality', 'cluster', 'evaluators', or `v7` of a variable. */
export type CaseColumn = {
  readonly key: string
  readonly name: string
  readonly type: CellType
  readonly reserved: boolean
}

export type CaseRow = {
  readonly id: RowId
  /** 0-based place in the window's order. */
  readonly index: number
  /** By column key; absent: the case has no such value. */
  readonly cells: Readonly<Record<string, JsonValue>>
  /** Of the newest run: share of its cells that passed; null: it had no part. */
  readonly lastPassRate: number | null
}

export type CaseFilter = {
  /** Found anywhere in a case; case-insensitive for ASCII. */
  readonly text?: string | undefined
  readonly column?: string | undefined
  readonly tag?: string | undefined
  /** 'none': cases without a split. */
  readonly split?: 'train' | 'race' | 'holdout' | 'none' | undefined
}
export type CaseSort = { readonly column: string; readonly direction: 'ascending' | 'descending' }
export type CaseQuery = { readonly filter: CaseFilter; readonly sort: CaseSort | null }

export type CaseWindow = {
  readonly rows: readonly CaseRow[]
  /** That the filter keeps. */
  readonly total: number
  /** Of the project. */
  readonly all: number
  /** Rises with every change of the cases: a window that holds pages of another revision drops them. */
  readonly revision: number
}

export type ColumnStats = {
  readonly column: string
  readonly filled: number
  readonly empty: number
  readonly distinct: number
  readonly minLength: number | null
  readonly meanLength: number | null
  readonly maxLength: number | null
  /** Of numbers. */
  readonly numbers: {
    readonly min: number
    readonly mean: number
    readonly max: number
    readonly bins: readonly number[]
  } | null
  /** At most 12, commonest first. */
  readonly top: readonly { readonly value: string; readonly count: number }[]
}

export type CaseProblemPlace = {
  readonly case: RowId | null
  readonly index: number | null
  readonly column: string | null
  readonly message: string
}

export type ImportPreview = {
  /** Give it to `importCommit`: the same bytes need not be sent again. Forgotten after ten minutes. */
  readonly token: string
  readonly file: string
  readonly format: string
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'binary'
  readonly delimiter: string | null
  readonly rowCount: number
  readonly columns: readonly {
    readonly name: string
    readonly type: CellType
    readonly reserved: boolean
    readonly known: boolean
    readonly samples: readonly string[]
  }[]
  readonly rows: readonly Readonly<Record<string, JsonValue>>[]
  readonly rejected: readonly { readonly line: number; readonly text: string; readonly reason: string }[]
  readonly rejectedCount: number
  /** Text of the file to keep beside the data; null where nothing was rejected. */
  readonly rejectsFile: { readonly name: string; readonly text: string } | null
  readonly problems: readonly Problem[]
}

export type CasesChanged = Done & { readonly rows: number; readonly firstRow: RowId | null }

// ---- setup ----

/** A problem of a lab that has no file: where it stands in the lab's own shape. */
export type PlacedProblem = { readonly path: readonly (string | number)[]; readonly message: string }
