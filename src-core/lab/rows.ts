import type { JsonValue } from '../domain/json.ts'
import { parseDelimited, type RejectedRow } from './delimited.ts'
import { jsonErrorPlace } from './json-place.ts'
import { parseYaml } from './yaml-source.ts'

export type Cell = JsonValue
export type Row = { readonly line: number | null; readonly cells: Readonly<Record<string, Cell>> }

/** What a case file holds, before columns get their meaning. `typed`: cells keep their JSON types; else all are text. */
export type RowSource = {
  readonly rows: readonly Row[]
  /** Names of all columns, in order of first appearance. */
  readonly columns: readonly string[]
  readonly typed: boolean
  readonly rejects: readonly RejectedRow[]
  readonly problems: readonly {
    readonly line: number | null
    readonly column: number | null
    readonly message: string
  }[]
}

export const caseFormats = ['csv', 'tsv', 'jsonl', 'json', 'yaml', 'xlsx'] as const
export type CaseFormat = (typeof caseFormats)[number]

const endings: Readonly<Record<string, CaseFormat>> = { ndjson: 'jsonl', yml: 'yaml' }

/** By the ending of the name; null where it is none of ours. */
export const caseFormatOf = (name: string): CaseFormat | null => {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return caseFormats.find((format) => format === ending) ?? endings[ending] ?? null
}

/** The largest case file that is read, in UTF-16 code units: everything is held in memory, also by the run. */
const maxCaseFileLength = 200_000_000
const maxYamlCasesLength = 8_000_000

const columnsOf = (rows: readonly Row[]): readonly string[] => {
  const names = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row.cells)) names.add(name)
  return [...names]
}

const isRow = (value: unknown): value is Readonly<Record<string, Cell>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const whole = (message: string, line: number | null, column: number | null = null): RowSource => ({
  rows: [],
  columns: [],
  typed: true,
  rejects: [],
  problems: [{ line, column, message }],
})

const delimitedRows = (text: string, kind: 'csv' | 'tsv'): RowSource => {
  const table = parseDelimited(text, kind)
  if (table.problem !== null) return whole(table.problem.message, table.problem.line)
  const named = table.columns.map((name, index) => ({ name, index })).filter((column) => column.name !== '')
  const rows = table.rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(named.map(({ name, index }) => [name, cells[index] ?? ''])),
  }))
  return { rows, columns: named.map((column) => column.name), typed: false, rejects: table.rejects, problems: [] }
}

const jsonLines = (text: string): RowSource => {
  const rows: Row[] = []
  const rejects: RejectedRow[] = []
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  for (const [index, source] of content.split('\n').entries()) {
    const line = source.endsWith('\r') ? source.slice(0, -1) : source
    if (line.trim() === '') continue
    try {
      const value: unknown = JSON.parse(line)
      if (isRow(value)) rows.push({ line: index + 1, cells: value })
      else rejects.push({ line: index + 1, text: line, reason: 'is not an object {...}' })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      rejects.push({ line: index + 1, text: line, reason: `is not JSON from column ${jsonErrorPlace(line).column} on` })
    }
  }
  return { rows, columns: columnsOf(rows), typed: true, rejects, problems: [] }
}

const listed = (value: unknown, lineOf: (index: number) => number | null): RowSource => {
  if (!Array.isArray(value)) return whole('The file must hold a list of cases: [ {...}, {...} ].', 1, 1)
  const rows: Row[] = []
  const problems: { line: number | null; column: null; message: string }[] = []
  for (const [index, item] of value.entries()) {
    const line = lineOf(index)
    if (isRow(item)) rows.push({ line, cells: item })
    else problems.push({ line, column: null, message: `Entry ${index + 1} is not a case: expected an object {...}.` })
  }
  return { rows, columns: columnsOf(rows), typed: true, rejects: [], problems }
}

/** Line of each element of a top-level JSON array. Only for text that JSON.parse has accepted. */
const elementLines = (text: string): readonly number[] => {
  const lines: number[] = []
  let line = 1
  let depth = 0
  let waiting = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '\n') line += 1
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') continue
    if (waiting && char !== ']') {
      lines.push(line)
      waiting = false
    }
    if (char === '"') {
      for (i += 1; text[i] !== '"'; i++) if (text[i] === '\\') i += 1
    } else if (char === '[' || char === '{') {
      depth += 1
      waiting = depth === 1
    } else if (char === ']' || char === '}') depth -= 1
    else if (char === ',' && depth === 1) waiting = true
  }
  return lines
}

const jsonRows = (text: string): RowSource => {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    const value: unknown = JSON.parse(content)
    const lines = Array.isArray(value) ? elementLines(content) : []
    return listed(value, (index) => lines[index] ?? null)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { line, column } = jsonErrorPlace(content)
    return whole('The file is not JSON from here on; it must be a list of cases: [ {...}, {...} ].', line, column)
  }
}

const yamlRows = (text: string): RowSource => {
  const { value, locate, problems } = parseYaml(text, { file: null, maxLength: maxYamlCasesLength })
  if (problems.length > 0) return { ...whole('', null), problems }
  return listed(value, (index) => locate([index]).line)
}

/** Reads the text of a case file. A broken row of csv, tsv or jsonl is rejected and the rest goes on. */
export const readRows = (text: string, format: Exclude<CaseFormat, 'xlsx'>): RowSource => {
  if (text.length > maxCaseFileLength)
    return whole(`The file has ${text.length} characters; at most ${maxCaseFileLength} are read.`, null)
  switch (format) {
    case 'csv':
    case 'tsv':
      return delimitedRows(text, format)
    case 'jsonl':
      return jsonLines(text)
    case 'json':
      return jsonRows(text)
    case 'yaml':
      return yamlRows(text)
  }
}

/** Cells of a spreadsheet, the header first. Empty cells are ''; dates are ISO 8601 days or times. */
export const sheetRows = (cells: readonly (readonly Cell[])[]): RowSource => {
  const [header, ...rest] = cells
  if (header === undefined) return whole('The sheet is empty; its first row must name the columns.', 1)
  const columns = header.map((cell) => (cell === null ? '' : String(cell)))
  const named = columns.map((name, index) => ({ name, index })).filter((column) => column.name !== '')
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index)
  if (twice !== undefined) return whole(`Two columns are named "${twice.name}"; rename one.`, 1)
  const rows = rest.flatMap((row, index) =>
    row.every((cell) => cell === null || cell === '')
      ? []
      : [{ line: index + 2, cells: Object.fromEntries(named.map(({ name, index: at }) => [name, row[at] ?? ''])) }],
  )
  return { rows, columns: named.map((column) => column.name), typed: false, rejects: [], problems: [] }
}
