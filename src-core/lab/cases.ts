import type { JsonValue } from '../domain/json.ts'
import type { TestCase } from '../domain/test-case.ts'
import { toEvaluatorSpecs } from '../evaluators/schema.ts'
import { type ReservedColumn, type ReservedValues, reservedSchema } from './case-entry.ts'
import { type CaseProblem, type ColumnPlan, checkNames, type Mapping, planColumns } from './columns.ts'
import type { Row, RowSource } from './rows.ts'
import { validate } from './validate.ts'

/** A case and where it stands, for problems that are found later. */
export type LocatedCase = { readonly testCase: TestCase; readonly line: number | null }

type Options = {
  readonly mapping: Mapping
  /** `analysis.cluster`: a column of the file, or one of our names; null where cases carry their own `cluster`. */
  readonly clusterColumn: string | null
}

/** Equal as values; in a file without types also equal as texts (`where: { n: 5 }`, `where: { ok: true }`). */
const matches = (row: Row, where: Mapping['where'], typed: boolean): boolean =>
  Object.entries(where).every(([column, wanted]) => {
    const cell = Object.hasOwn(row.cells, column) ? row.cells[column] : undefined
    if (cell === wanted) return true
    if (typed || cell === undefined) return false
    return wanted === null ? cell === '' : String(cell) === String(wanted)
  })

const words = (text: string): string[] =>
  text
    .split(/[,;]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** Text of an untyped file as the value its reserved column wants; what does not convert is left for the schema to name. */
const fromText = (name: ReservedColumn, cell: JsonValue): unknown => {
  if (cell === '' || cell === null) return undefined
  if (typeof cell !== 'string') return cell
  if (name === 'minimumQuality' || name === 'weight')
    return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell
  if (name !== 'evaluators') return cell
  try {
    return JSON.parse(cell)
  } catch (error) {
    // Not JSON: the schema says what it wants instead, with the cell's line.
    if (error instanceof SyntaxError) return cell
    throw error
  }
}

const isJson = (value: unknown): value is JsonValue => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  return (Array.isArray(value) ? value : Object.values(value)).every(isJson)
}

const cellOf = (row: Row, column: string): JsonValue | undefined =>
  Object.hasOwn(row.cells, column) ? row.cells[column] : undefined

const tagTexts = (value: JsonValue | undefined): string[] => {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value)
    ? value.flatMap((item: JsonValue) => tagTexts(item))
    : [typeof value === 'string' ? value : JSON.stringify(value)]
}

const reservedOf = (
  row: Row,
  plan: ColumnPlan,
  typed: boolean,
): { readonly value: ReservedValues } | { readonly messages: readonly string[] } => {
  const raw: Record<string, unknown> = {}
  for (const { name, column } of plan.reserved) {
    const cell = cellOf(row, column)
    const value = typed ? (cell ?? undefined) : fromText(name, cell ?? '')
    if (value !== undefined) raw[name] = value
  }
  const result = validate(reservedSchema, raw)
  return 'value' in result ? result : { messages: result.problems.map((problem) => problem.message) }
}

const toCase = (
  id: string,
  values: ReservedValues,
  parts: { inputs: Record<string, JsonValue>; tags: string[]; cluster: string | null },
): TestCase => {
  const { expected, tags: own = [] } = values
  return {
    id,
    inputs: parts.inputs,
    expected: expected === undefined || expected === null ? [] : Array.isArray(expected) ? expected : [expected],
    evaluators: values.evaluators === undefined ? null : toEvaluatorSpecs(values.evaluators),
    minimumQuality: values.minimumQuality ?? null,
    weight: values.weight ?? 1,
    tags: [...new Set([...(typeof own === 'string' ? words(own) : own), ...parts.tags])],
    split: values.split ?? null,
    cluster: parts.cluster,
  }
}

/** `analysis.cluster` names a column of the file, or what the file's column is called here. */
const resolveCluster = (source: RowSource, options: Options): string | null => {
  const { clusterColumn, mapping } = options
  if (clusterColumn === null) return null
  return source.columns.includes(clusterColumn) ? clusterColumn : (mapping.columns[clusterColumn] ?? clusterColumn)
}

export type CasesResult = {
  readonly cases: readonly LocatedCase[]
  readonly problems: readonly CaseProblem[]
  readonly warnings: readonly string[]
  /** Rows read, before `where`. */
  readonly rowCount: number
}

/**
 * Turns rows into test cases: `columns`, `tags`, `where`. A list in `expected` is a list of accepted answers only where
 * the file has types (jsonl, json, yaml, inline); in csv, tsv and xlsx a cell is one text, also one that looks like JSON.
 * A case without an id gets `case-<n>`, n counted over all rows of the file, so that filters do not rename it.
 */
export const buildCases = (source: RowSource, options: Options): CasesResult => {
  const { mapping } = options
  const warnings: string[] = []
  const problems: CaseProblem[] = [
    ...source.problems.map(({ line, message }) => ({ line, message })),
    ...checkNames(source, mapping),
  ]
  const cluster = resolveCluster(source, options)
  if (cluster !== null && source.columns.length > 0 && !source.columns.includes(cluster)) {
    problems.push({
      path: ['..', 'analysis', 'cluster'],
      message: `The cases have no column "${cluster}" to cluster by. They have: ${source.columns.join(', ')}.`,
    })
  }
  const plan = planColumns(source, mapping, warnings)
  const cases: LocatedCase[] = []
  const seen = new Map<string, number | null>()
  for (const [index, row] of source.rows.entries()) {
    if (!matches(row, mapping.where, source.typed)) continue
    const reserved = reservedOf(row, plan, source.typed)
    if ('messages' in reserved) {
      problems.push(
        ...reserved.messages.map((message) => ({ line: row.line, message: `Case ${index + 1}: ${message}` })),
      )
      continue
    }
    const { value } = reserved
    const id = value.id === undefined ? `case-${index + 1}` : String(value.id)
    if (seen.has(id)) {
      const first = seen.get(id) ?? null
      problems.push({
        line: row.line,
        message: `The case id "${id}" is used twice${first === null ? '' : ` (first in line ${first})`}; ids are unique.`,
      })
      continue
    }
    seen.set(id, row.line)
    const inputs: [string, JsonValue][] = []
    for (const { name, column } of plan.variables) {
      const cell = cellOf(row, column)
      if (cell === undefined) continue
      if (isJson(cell)) inputs.push([name, cell])
      else problems.push({ line: row.line, message: `Case "${id}": ${name} is not a value that JSON can hold.` })
    }
    const tags = plan.tags.flatMap((column) => tagTexts(cellOf(row, column)).map((text) => `${column}:${text}`))
    const clusterCell = cluster === null ? value.cluster : cellOf(row, cluster)
    cases.push({
      line: row.line,
      testCase: toCase(id, value, {
        inputs: Object.fromEntries(inputs),
        tags,
        cluster: tagTexts(clusterCell)[0] ?? null,
      }),
    })
  }
  return { cases, problems, warnings, rowCount: source.rows.length }
}
