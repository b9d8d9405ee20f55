import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { PromptTemplate } from '../../../src-core/domain/prompt.ts'

export type CellValues = Readonly<Record<string, JsonValue>>
export type CaseContent = { readonly position: number; readonly cells: CellValues }

export type DraftContent = {
  readonly name: string
  readonly template: PromptTemplate
  readonly description: string
  readonly tags: readonly string[]
  readonly active: boolean
  readonly isDefault: boolean
}
export type PromptContent = { readonly position: number; readonly updatedAt: number; readonly draft: DraftContent }

/** What a person said of one cell of a run. */
export type AnnotationContent = {
  readonly at: number
  readonly passed: boolean | null
  readonly excluded: string | null
  readonly comment: string | null
}
export type VersionContent = { readonly label: string; readonly at: number }

/** Values by column key; an empty list says that the case has no such value. */
export type CellPatch = Readonly<Record<string, readonly [] | readonly [JsonValue]>>

/**
 * One step of a command: what, and at the end always the value before and the value after, so that the inverse of every
 * change is the same change with its last two members swapped. Null: there was, or will be, no such row.
 */
export type Change =
  | readonly ['name', before: string, after: string]
  | readonly ['field', field: 'description' | 'setup' | 'columns', before: string, after: string]
  | readonly ['prompt', id: number, before: PromptContent | null, after: PromptContent | null]
  | readonly [
      'version',
      prompt: number,
      name: string,
      version: number,
      before: VersionContent | null,
      after: VersionContent | null,
    ]
  | readonly ['case', id: number, before: CaseContent | null, after: CaseContent | null]
  | readonly ['cells', id: number, before: CellPatch, after: CellPatch]
  | readonly ['place', id: number, before: number, after: number]
  | readonly [
      'annotation',
      experiment: number,
      cell: number,
      before: AnnotationContent | null,
      after: AnnotationContent | null,
    ]

export const inverse = (change: Change): Change => {
  const swapped: unknown[] = [...change]
  swapped[change.length - 2] = change[change.length - 1]
  swapped[change.length - 1] = change[change.length - 2]
  return swapped as unknown as Change
}

/** The undo of a list of changes: each inverted, the last first. */
export const inverseOf = (changes: readonly Change[]): readonly Change[] => changes.map(inverse).reverse()

const sameRow = (a: Change, b: Change): boolean =>
  a[0] === b[0] && a.length === b.length && a.slice(0, -2).every((member, index) => member === b[index])

/** A later save of the same thing takes the place of the earlier one: before of the first, after of the second. */
export const merged = (first: readonly Change[], second: readonly Change[]): readonly Change[] => {
  const [a] = first
  const [b] = second
  if (
    first.length !== 1 ||
    second.length !== 1 ||
    a === undefined ||
    b === undefined ||
    !sameRow(a, b) ||
    a[0] === 'cells'
  ) {
    return [...first, ...second]
  }
  const joined: unknown[] = [...b]
  joined[b.length - 2] = a[a.length - 2]
  return [joined as unknown as Change]
}

const shown = (value: JsonValue): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.map((item: JsonValue) => shown(item)).join('\n')
      : JSON.stringify(value)

/** Parts are kept apart by a sign that no filter can hold, so that a text never matches across two cells. */
export const searchText = (cells: CellValues): string => Object.values(cells).map(shown).join('\u001f').toLowerCase()
