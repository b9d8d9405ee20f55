import type { ExperimentRecord } from '../../src-core/domain/experiment.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { AnalysisPlan } from '../../src-core/domain/objective.ts'
import type { PromptTemplate } from '../../src-core/domain/prompt.ts'
import type { ExperimentReport } from '../../src-core/domain/report.ts'
import type { ModelsService } from '../models/service.ts'
import type { Sample } from '../services/samples.ts'
import type {
  Annotation,
  CellDetail,
  CompareKind,
  CompareWindow,
  DownloadFormat,
  ExperimentDetail,
  LiveEvent,
  MatrixMode,
  MatrixWindow,
  RatingSummary,
  RunListEntry,
  RunStarted,
  TextFile,
} from './experiment-types.ts'
import type {
  Activity,
  AppInfo,
  ConnectionTest,
  DataState,
  KeyBackend,
  KeyStatus,
  NetworkEntry,
  NetworkLog,
  PaletteItem,
  PriceList,
  PriceRow,
  PullState,
  ServiceCard,
  Settings,
} from './host-types.ts'
import type { PlanState, RunSelection, Setup, SetupState } from './setup-types.ts'
import type {
  CaseColumn,
  CaseFilter,
  CaseProblemPlace,
  CaseQuery,
  CasesChanged,
  CaseWindow,
  CellType,
  ColumnStats,
  Done,
  ExportedLab,
  History,
  ImportPreview,
  ProjectCard,
  PromptDraft,
  PromptPreview,
  PromptVersion,
  RowId,
} from './types.ts'

export type Created = Done & { readonly id: RowId }

export type ProjectsService = {
  list(options: { readonly trash: boolean }): Promise<readonly ProjectCard[]>
  get(project: RowId): Promise<ProjectCard>
  samples(): Promise<readonly Sample[]>
  create(input: { readonly name: string; readonly description: string }): Promise<ProjectCard>
  createFromSample(sample: string): Promise<ProjectCard>
  importLab(source: LabImport): Promise<{ readonly project: ProjectCard; readonly warnings: readonly string[] }>
  exportLab(project: RowId): Promise<ExportedLab>
  rename(project: RowId, name: string): Promise<Done>
  describe(project: RowId, description: string): Promise<Done>
  duplicate(project: RowId, name: string): Promise<ProjectCard>
  trash(project: RowId): Promise<void>
  restore(project: RowId): Promise<ProjectCard>
}

/** `path` is for doors that may name files of this machine; a browser sends the texts. */
export type LabImport =
  | { readonly path: string }
  | { readonly text: string; readonly files: readonly { readonly name: string; readonly base64: string }[] }

export type DraftPatch = {
  readonly name?: string | undefined
  readonly template?: PromptTemplate | undefined
  readonly description?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly active?: boolean | undefined
  readonly isDefault?: boolean | undefined
}

export type PromptsService = {
  list(project: RowId): Promise<readonly PromptDraft[]>
  get(project: RowId, prompt: RowId): Promise<PromptDraft>
  create(project: RowId, draft: DraftPatch & { readonly name: string; readonly after: RowId | null }): Promise<Created>
  /** Durable when it resolves. Saves of one gesture are one undo step. */
  saveDraft(
    project: RowId,
    prompt: RowId,
    patch: DraftPatch,
    gesture: string | null,
  ): Promise<Done & { readonly draft: PromptDraft }>
  remove(project: RowId, prompt: RowId): Promise<Done>
  reorder(project: RowId, order: readonly RowId[]): Promise<Done>
  commitVersion(project: RowId, prompt: RowId, label: string): Promise<Done & { readonly version: PromptVersion }>
  versions(project: RowId, prompt: RowId): Promise<readonly PromptVersion[]>
  version(project: RowId, prompt: RowId, version: number): Promise<PromptVersion>
  preview(input: {
    readonly project: RowId
    readonly template: PromptTemplate
    readonly case: RowId | null
  }): Promise<PromptPreview>
  export(project: RowId, prompt: RowId, format: string): Promise<TextFile>
}

export type CaseCell = { readonly case: RowId; readonly column: string; readonly value: JsonValue | null }
export type FindReplace = {
  readonly find: string
  readonly replace: string
  readonly column: string | null
  readonly matchCase: boolean
  readonly wholeCell: boolean
}

export type CasesService = {
  columns(project: RowId): Promise<readonly CaseColumn[]>
  window(
    project: RowId,
    query: CaseQuery,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<CaseWindow>
  /** 0-based place of a case in the query's order; null: filtered out. */
  indexOf(project: RowId, query: CaseQuery, row: RowId): Promise<number | null>
  /** Full values of a block of the grid, for copying: at most 100,000 cells. */
  block(
    project: RowId,
    query: CaseQuery,
    block: { readonly offset: number; readonly limit: number; readonly columns: readonly string[] },
  ): Promise<readonly (readonly (JsonValue | null)[])[]>
  tags(project: RowId): Promise<{
    readonly tags: readonly { readonly tag: string; readonly count: number }[]
    readonly splits: readonly { readonly split: string | null; readonly count: number }[]
  }>
  stats(project: RowId, column: string, filter: CaseFilter): Promise<ColumnStats>
  problems(project: RowId): Promise<readonly CaseProblemPlace[]>
  addColumn(
    project: RowId,
    column: { readonly name: string; readonly type: CellType },
  ): Promise<Done & { readonly column: CaseColumn }>
  renameColumn(project: RowId, column: string, name: string): Promise<Done>
  deleteColumn(project: RowId, column: string): Promise<Done>
  reorderColumns(project: RowId, order: readonly string[]): Promise<Done>
  /** Cells that do not convert keep their value and are counted. */
  setColumnType(
    project: RowId,
    column: string,
    type: CellType,
  ): Promise<CasesChanged & { readonly unconverted: number }>
  /** A value of null empties the cell. */
  edit(project: RowId, edits: readonly CaseCell[], reason: string | null): Promise<CasesChanged>
  /** From the row at `offset` of the query's order, columns from `columns[0]` on; rows beyond the end are new ones. */
  paste(project: RowId, block: PasteBlock): Promise<CasesChanged & { readonly added: number }>
  insert(
    project: RowId,
    rows: { readonly before: RowId | null; readonly cells: readonly Readonly<Record<string, JsonValue>>[] },
  ): Promise<CasesChanged>
  remove(project: RowId, rows: RowSelection): Promise<CasesChanged>
  fillDown(
    project: RowId,
    fill: {
      readonly query: CaseQuery
      readonly offset: number
      readonly limit: number
      readonly columns: readonly string[]
      readonly reason: string | null
    },
  ): Promise<CasesChanged>
  bulkEdit(
    project: RowId,
    edit: {
      readonly rows: RowSelection
      readonly column: string
      readonly value: JsonValue | null
      readonly reason: string | null
    },
  ): Promise<CasesChanged>
  addTag(
    project: RowId,
    edit: { readonly rows: RowSelection; readonly tag: string; readonly remove: boolean },
  ): Promise<CasesChanged>
  setSplit(
    project: RowId,
    edit: {
      readonly rows: RowSelection
      readonly split: 'train' | 'race' | 'holdout' | null
      readonly reason: string | null
    },
  ): Promise<CasesChanged>
  findReplace(
    project: RowId,
    filter: CaseFilter,
    what: FindReplace,
  ): Promise<CasesChanged & { readonly replacements: number }>
  findCount(
    project: RowId,
    filter: CaseFilter,
    what: FindReplace,
  ): Promise<{ readonly rows: number; readonly replacements: number }>
  importPreview(
    project: RowId,
    file: { readonly name: string; readonly base64: string; readonly sheet: string | number | null },
  ): Promise<ImportPreview>
  importCommit(
    project: RowId,
    request: {
      readonly token: string
      readonly mode: 'append' | 'replace'
      readonly columns: Readonly<Record<string, string | null>>
    },
  ): Promise<CasesChanged>
  exportFile(project: RowId, format: 'csv' | 'jsonl', filter: CaseFilter): Promise<TextFile>
}

export type PasteBlock = {
  readonly query: CaseQuery
  readonly offset: number
  /** Column keys; null: make a new column for it. */
  readonly columns: readonly (string | null)[]
  /** Texts as copied; converted by the column's type. */
  readonly cells: readonly (readonly string[])[]
  readonly reason: string | null
}
export type RowSelection = { readonly ids: readonly RowId[] } | { readonly filter: CaseFilter }

export type SetupService = {
  get(project: RowId): Promise<SetupState>
  /** Replaces whole sections; null takes a section away (its default stands again). */
  save(
    project: RowId,
    sections: Readonly<Record<string, JsonValue | null>>,
    gesture: string | null,
  ): Promise<Done & SetupState>
  plan(project: RowId, selection: RunSelection, trial: Setup | null): Promise<PlanState>
}

export type CompareQuery = {
  readonly experiment: string
  readonly baseline: ColumnRef
  readonly candidate: ColumnRef
  readonly kind: CompareKind
  readonly text?: string | undefined
}
export type ColumnRef = { readonly variant: string; readonly model: string }
export type MatrixQuery = {
  readonly experiment: string
  readonly mode: MatrixMode
  readonly text?: string | undefined
  readonly tag?: string | undefined
  readonly baseline?: string | undefined
  readonly sort?: { readonly column: ColumnRef; readonly direction: 'ascending' | 'descending' } | undefined
}
export type ReportOverrides = {
  readonly alpha?: number | undefined
  readonly margin?: number | undefined
  readonly family?: AnalysisPlan['family'] | undefined
  readonly baseline?: string | undefined
}

export type RunsService = {
  list(project: RowId | null): Promise<readonly RunListEntry[]>
  get(experiment: string): Promise<ExperimentDetail>
  start(project: RowId, selection: RunSelection): Promise<RunStarted>
  /** Three cells through the real engine, as a run of its own named a dry run. */
  dryRun(project: RowId, selection: RunSelection): Promise<RunStarted>
  resume(experiment: string): Promise<RunStarted>
  pause(experiment: string): Promise<void>
  unpause(experiment: string): Promise<void>
  stop(experiment: string, how: 'finish' | 'now'): Promise<void>
  /** A running run is finished softly and resumed with the new budget. */
  raiseCap(
    experiment: string,
    budget: {
      readonly calls?: number | undefined
      readonly tokens?: number | undefined
      readonly usd?: number | undefined
      readonly minutes?: number | undefined
    },
  ): Promise<RunStarted>
  /** Failed cells of an ended run, asked again: their failures stay in the ledger. */
  retryFailed(experiment: string): Promise<RunStarted & { readonly cells: number }>
  live(experiment: string, after: number | null, signal: AbortSignal): AsyncGenerator<LiveEvent>
  report(experiment: string, overrides: ReportOverrides): Promise<ExperimentReport>
  download(experiment: string, format: DownloadFormat, overrides: ReportOverrides): Promise<TextFile>
  matrix(query: MatrixQuery, page: { readonly offset: number; readonly limit: number }): Promise<MatrixWindow>
  cell(experiment: string, cell: number): Promise<CellDetail>
  compare(query: CompareQuery, page: { readonly offset: number; readonly limit: number }): Promise<CompareWindow>
  annotate(experiment: string, cells: readonly number[], change: AnnotationChange): Promise<Done>
  annotations(experiment: string): Promise<readonly (Annotation & { readonly cell: number })[]>
  ratings(experiment: string): Promise<RatingSummary>
}
/** What is absent stays; null clears it. */
export type AnnotationChange = {
  readonly rating?: { readonly passed: boolean } | null | undefined
  readonly excluded?: string | null | undefined
  readonly comment?: string | null | undefined
}

export type CommandsService = {
  history(project: RowId, limit: number): Promise<History>
  undo(project: RowId): Promise<Done & { readonly label: string | null }>
  redo(project: RowId): Promise<Done & { readonly label: string | null }>
  /** SHA-256 of everything that commands can change. */
  stateHash(project: RowId): Promise<string>
}

type Listed = Awaited<ReturnType<ModelsService['list']>>
type Probed = Awaited<ReturnType<ModelsService['probe']>>
type Removed = Awaited<ReturnType<ModelsService['remove']>>
export type LocalModels = {
  list(): Promise<Listed>
  probe(model: string): Promise<Probed>
  remove(model: string): Promise<Removed>
  pulls(): Promise<readonly PullState[]>
  /** Starts or joins; ends with the last state. Leaving does not stop the download, `cancel` does. */
  pull(model: string, signal: AbortSignal): AsyncGenerator<PullState>
  cancel(model: string): Promise<void>
}

export type ServicesService = {
  list(): Promise<readonly ServiceCard[]>
  keys(project: RowId | null): Promise<{ readonly backend: KeyBackend; readonly keys: readonly KeyStatus[] }>
  /** The value goes in and never comes out. LabError 'unsupported' where this door takes keys from the environment only. */
  setKey(variable: string, value: string): Promise<void>
  deleteKey(variable: string): Promise<void>
  test(service: {
    readonly provider: string
    readonly baseUrl: string | null
    readonly apiKeyEnv: string | null
  }): Promise<ConnectionTest>
  prices(find: string, page: { readonly offset: number; readonly limit: number }): Promise<PriceList>
  setPrice(row: Omit<PriceRow, 'own'>): Promise<void>
  deletePrice(row: Pick<PriceRow, 'provider' | 'model' | 'baseUrl'>): Promise<void>
}

export type SettingsService = {
  get(): Promise<Settings>
  save(patch: { readonly [Key in keyof Settings]?: Settings[Key] | undefined }): Promise<Settings>
  data(): Promise<DataState>
  backup(file: string | null): Promise<{ readonly file: string; readonly bytes: number }>
  verify(): Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>
  network(after: number, limit: number): Promise<NetworkLog>
  watchNetwork(after: number, signal: AbortSignal): AsyncGenerator<NetworkEntry>
}

export type AppService = {
  info(): Promise<AppInfo>
  recent(limit: number): Promise<readonly Activity[]>
  search(text: string, project: RowId | null, limit: number): Promise<readonly PaletteItem[]>
  newest(): Promise<ExperimentRecord | null>
}

/** Everything a window may ask for. A door builds it once with `openApp` and serves it with `createRouter`. */
export type AppHost = {
  readonly projects: ProjectsService
  readonly prompts: PromptsService
  readonly cases: CasesService
  readonly setup: SetupService
  readonly runs: RunsService
  readonly commands: CommandsService
  readonly models: LocalModels
  readonly services: ServicesService
  readonly settings: SettingsService
  readonly app: AppService
  close(): Promise<void>
}
