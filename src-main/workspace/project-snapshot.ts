import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { PromptTemplate } from '../../src-core/domain/prompt.ts'
import { buildSnapshot } from '../../src-core/lab/build-snapshot.ts'
import { readLabObject } from '../../src-core/lab/read-lab.ts'
import type { RowSource } from '../../src-core/lab/rows.ts'
import type { Path, Reporter } from '../../src-core/lab/source.ts'
import { hashOf } from '../services/identity.ts'
import type { RunSelection } from './setup-types.ts'
import type { CaseColumn, PlacedProblem } from './types.ts'

/** A project as it stands, in the shape of a lab file, with its cases apart: they may be a hundred thousand. */
export type ProjectState = {
  readonly name: string
  readonly setup: Readonly<Record<string, unknown>>
  readonly prompts: readonly {
    readonly name: string
    readonly template: PromptTemplate
    readonly description: string
    readonly tags: readonly string[]
    readonly active: boolean
    readonly isDefault: boolean
  }[]
  readonly columns: readonly CaseColumn[]
  readonly cases: readonly Readonly<Record<string, JsonValue>>[]
}

export type BuiltProject = {
  /** Null while there are problems. */
  readonly snapshot: ExperimentSnapshot | null
  readonly problems: readonly PlacedProblem[]
  readonly warnings: readonly string[]
}

const mostProblems = 200

/** Collects paths: a project has no lines. */
const pathReporter = (): Reporter & { readonly placed: readonly PlacedProblem[] } => {
  const placed: PlacedProblem[] = []
  const warnings: string[] = []
  return {
    report: (path, message) => placed.push({ path, message }),
    add: ({ message }) => placed.push({ path: ['cases'], message }),
    warn: (_path: Path | null, message) => warnings.push(message),
    get problems() {
      return placed.map(({ message }) => ({ message, file: null, line: null, column: null }))
    },
    warnings,
    placed,
  }
}

const isEmpty = (value: JsonValue | undefined): boolean => value === undefined || value === null || value === ''

/** By the names of the columns. Empty reserved cells are absent; an empty variable is an empty text. */
const namedCells = (
  cells: Readonly<Record<string, JsonValue>>,
  columns: readonly CaseColumn[],
): Record<string, JsonValue> => {
  const named: Record<string, JsonValue> = {}
  for (const { key, name, reserved } of columns) {
    const value = cells[key]
    if (value === undefined || (reserved && key !== 'expected' && isEmpty(value))) continue
    named[name] = value
  }
  return named
}

export const labRows = (state: Pick<ProjectState, 'cases' | 'columns'>): RowSource => ({
  rows: state.cases.map((cells) => ({ line: null, cells: namedCells(cells, state.columns) })),
  columns: state.columns.map(({ name }) => name),
  typed: true,
  rejects: [],
  problems: [],
})

/** Everything of a lab file but its cases. */
export const labHead = ({
  name,
  setup,
  prompts,
}: Pick<ProjectState, 'name' | 'setup' | 'prompts'>): Record<string, unknown> => ({
  name,
  ...setup,
  prompts: prompts.map((prompt) => ({
    name: prompt.name,
    ...(prompt.template.kind === 'text' ? { text: prompt.template.text } : { messages: prompt.template.messages }),
    ...(prompt.description === '' ? {} : { description: prompt.description }),
    ...(prompt.tags.length === 0 ? {} : { tags: prompt.tags }),
    ...(prompt.active ? {} : { active: false }),
    ...(prompt.isDefault ? { default: true } : {}),
  })),
})

/** Checks a project as `promptlab` checks a lab file, and freezes what a run needs. */
export const buildProject = (state: ProjectState, selection: RunSelection): BuiltProject => {
  const reporter = pathReporter()
  const source = readLabObject({ ...labHead(state), cases: [] }, reporter)
  if (!('sections' in source)) return { snapshot: null, problems: reporter.placed, warnings: reporter.warnings }
  // Entries whose shape is wrong are stood in for, so that prompts keep their places.
  const material = {
    prompts: (source.sections.prompts ?? []).map((entry, index) => ({
      entry,
      index,
      template: state.prompts[index]?.template ?? { kind: 'text' as const, text: '' },
      stored: null,
    })),
    rows: labRows(state),
    casesFile: null,
    hashOf,
  }
  const flags = {
    run: { variants: selection.variants, models: selection.models, limit: selection.limit },
    analysis: {},
  }
  const built = buildSnapshot(source, material, flags)
  const bad = reporter.placed.length > 0 || built === null
  return {
    snapshot: bad
      ? null
      : {
          ...built.snapshot,
          variants: built.snapshot.variants.map((variant) => ({ ...variant, createdBy: 'person' })),
        },
    problems: reporter.placed.slice(0, mostProblems),
    warnings: reporter.warnings,
  }
}
