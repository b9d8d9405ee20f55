import { type CaseFileEntry, type ReservedColumn, reservedColumns } from './case-entry.ts'
import type { RowSource } from './rows.ts'
import type { Path } from './source.ts'
import { nearest } from './suggest.ts'

export type CaseProblem =
  /** In the case file. */
  | { readonly line: number | null; readonly message: string }
  /** In the lab file, below `cases`. */
  | { readonly path: Path; readonly message: string }

export type Mapping = Pick<CaseFileEntry, 'columns' | 'tags' | 'where'>

export const noMapping: Mapping = { columns: {}, tags: [], where: {} }

/** What each column of the file is here. */
export type ColumnPlan = {
  readonly reserved: readonly { readonly name: ReservedColumn; readonly column: string }[]
  readonly variables: readonly { readonly name: string; readonly column: string }[]
  readonly tags: readonly string[]
}

const isReserved = (name: string): name is ReservedColumn => reservedColumns.some((reserved) => reserved === name)

/** Gives every column its meaning: a mapped column loses its old name, an unmapped reserved one keeps it. */
export const planColumns = (source: RowSource, mapping: Mapping, warnings: string[]): ColumnPlan => {
  const mapped = new Set(Object.values(mapping.columns))
  const reserved: { name: ReservedColumn; column: string }[] = []
  const variables: { name: string; column: string }[] = []
  for (const [name, column] of Object.entries(mapping.columns)) {
    if (isReserved(name)) reserved.push({ name, column })
    else variables.push({ name, column })
  }
  for (const column of source.columns) {
    if (mapped.has(column) || mapping.tags.includes(column)) continue
    const taken = Object.hasOwn(mapping.columns, column)
    if (isReserved(column) && !taken) reserved.push({ name: column, column })
    else if (taken && !isReserved(column)) {
      warnings.push(
        `The file's own column "${column}" is hidden: columns maps "${mapping.columns[column]}" to that name.`,
      )
    } else variables.push({ name: column, column })
  }
  return { reserved, variables, tags: mapping.tags }
}

/** Columns that the lab names and the file lacks. */
export const checkNames = (source: RowSource, mapping: Mapping): CaseProblem[] => {
  const problems: CaseProblem[] = []
  // An empty file has no columns to compare with; that it is empty is said elsewhere.
  if (source.columns.length === 0) return problems
  const check = (column: string, path: Path) => {
    if (source.columns.includes(column)) return
    const near = nearest(column, source.columns)
    const hint = near === null ? '' : ` Did you mean "${near}"?`
    problems.push({
      path,
      message: `The case file has no column "${column}". It has: ${source.columns.join(', ')}.${hint}`,
    })
  }
  for (const [ours, theirs] of Object.entries(mapping.columns)) check(theirs, ['columns', ours])
  for (const [index, column] of mapping.tags.entries()) check(column, ['tags', index])
  for (const column of Object.keys(mapping.where)) check(column, ['where', column])
  return problems
}
