import { randomUUID } from 'node:crypto'
import { basename, extname } from 'node:path'
import { stringify } from 'yaml'
import { LabError } from '../../../src-core/domain/errors.ts'
import type { JsonValue } from '../../../src-core/domain/json.ts'
import { csvText } from '../../../src-core/experiment/render/csv.ts'
import { reservedColumns } from '../../../src-core/lab/case-entry.ts'
import { detectDelimiter, formatRejects } from '../../../src-core/lab/delimited.ts'
import { caseFormatOf, type RowSource } from '../../../src-core/lab/rows.ts'
import { readCaseFile } from '../../services/case-files.ts'
import { labHead, labRows } from '../../workspace/project-snapshot.ts'
import type { CaseFilter, CellType, ExportedLab, ImportPreview } from '../../workspace/types.ts'
import type { Db } from '../database.ts'
import { readColumns } from './case-query.ts'
import type { CaseReads } from './case-reads.ts'
import { reservedTypes } from './cell-values.ts'
import type { ProjectReads } from './project-reads.ts'

type Held = { readonly name: string; readonly source: RowSource; readonly at: number }
type File = { readonly name: string; readonly bytes: Uint8Array; readonly sheet: string | number | null }

const keptMs = 10 * 60_000
const keptFiles = 4
const shownRows = 50
const shownRejects = 100

const isReserved = (name: string): name is keyof typeof reservedTypes => reservedColumns.some((each) => each === name)

/** The narrowest type that every value has; an untyped file has texts, which stay as they are. */
export const typeOfValues = (values: readonly JsonValue[]): CellType => {
  if (values.every((value) => typeof value === 'string')) return 'text'
  if (values.every((value) => typeof value === 'number')) return 'number'
  return values.every((value) => typeof value === 'boolean') ? 'boolean' : 'json'
}

const encodingOf = ({ name, bytes }: File): ImportPreview['encoding'] => {
  if (caseFormatOf(name) === 'xlsx') return 'binary'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** Files in and out of a project. What was read for a preview waits here, so that its bytes travel once. */
export const transferReads = (db: Db, cases: CaseReads, projects: ProjectReads) => {
  const held = new Map<string, Held>()

  const columnsOf = (source: RowSource, known: ReadonlySet<string>): ImportPreview['columns'] =>
    source.columns.map((name) => {
      const values = source.rows.flatMap(({ cells }) => {
        const value = Object.hasOwn(cells, name) ? cells[name] : undefined
        return value === undefined || value === null || value === '' ? [] : [value]
      })
      const samples = values
        .slice(0, 5)
        .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200))
      const reserved = isReserved(name)
      return {
        name,
        type: reserved ? reservedTypes[name] : typeOfValues(values),
        reserved,
        known: known.has(name),
        samples,
      }
    })

  return {
    importPreview: async (project: number, file: File): Promise<ImportPreview> => {
      for (const [token, { at }] of held) if (Date.now() - at > keptMs || held.size >= keptFiles) held.delete(token)
      const bytes = new Uint8Array(file.bytes)
      const source = await readCaseFile({ ...file, bytes })
      const token = randomUUID()
      if (source.problems.length === 0) held.set(token, { name: file.name, source, at: Date.now() })
      const format = caseFormatOf(file.name) ?? 'unknown'
      const encoding = encodingOf(file)
      const head =
        format === 'csv'
          ? new TextDecoder(encoding === 'binary' ? 'utf-8' : encoding).decode(bytes.subarray(0, 65_536))
          : ''
      return {
        token,
        file: file.name,
        format,
        encoding,
        delimiter: format === 'tsv' ? '\t' : format === 'csv' ? detectDelimiter(head) : null,
        rowCount: source.rows.length,
        columns: columnsOf(source, new Set(readColumns(db, project).map(({ name }) => name))),
        rows: source.rows.slice(0, shownRows).map(({ cells }) => cells),
        rejected: source.rejects
          .slice(0, shownRejects)
          .map(({ line, text, reason }) => ({ line, text: text.slice(0, 2_000), reason })),
        rejectedCount: source.rejects.length,
        rejectsFile:
          source.rejects.length === 0
            ? null
            : { name: `${basename(file.name, extname(file.name))}.rejects.csv`, text: formatRejects(source.rejects) },
        problems: source.problems.map((problem) => ({ ...problem, file: file.name })),
      }
    },

    /** Rows of a previewed file, one JSON object a line, under the names they get here. */
    importLines: (
      token: string,
      names: Readonly<Record<string, string | null>>,
    ): {
      readonly name: string
      readonly columns: readonly { readonly name: string; readonly type: CellType }[]
      readonly lines: string
    } => {
      const found = held.get(token)
      if (found === undefined) throw new LabError('not-found', 'The file is not held any more; choose it again.')
      const { source, name } = found
      const wanted = columnsOf(source, new Set()).flatMap((column) => {
        const target = Object.hasOwn(names, column.name) ? names[column.name] : column.name
        return target === null || target === undefined
          ? []
          : [{ from: column.name, name: target, type: isReserved(target) ? reservedTypes[target] : column.type }]
      })
      const twice = wanted.find(
        ({ name: target }, index) => wanted.findIndex((other) => other.name === target) !== index,
      )
      if (twice !== undefined)
        throw new LabError('usage', `Two columns would be named "${twice.name}"; give one another name.`)
      const valueOf = (value: JsonValue, target: string): JsonValue | undefined => {
        if (source.typed) return value
        if (value === '') return isReserved(target) && target !== 'expected' ? undefined : ''
        if (target === 'tags')
          return String(value)
            .split(/[,;]/)
            .map((word) => word.trim())
            .filter((word) => word !== '')
        if ((target === 'weight' || target === 'minimumQuality') && Number.isFinite(Number(value))) return Number(value)
        return value
      }
      const lines = source.rows.map(({ cells }) => {
        const row: Record<string, JsonValue> = {}
        for (const { from, name: target } of wanted) {
          const value = Object.hasOwn(cells, from) ? cells[from] : undefined
          const next = value === undefined ? undefined : valueOf(value, target)
          if (next !== undefined) row[target] = next
        }
        return JSON.stringify(row)
      })
      held.delete(token)
      return {
        name,
        columns: wanted.map(({ name: target, type }) => ({ name: target, type })),
        lines: lines.join('\n'),
      }
    },

    exportLab: (project: number): ExportedLab => {
      const state = {
        name: projects.project(project).name,
        setup: projects.setup(project),
        prompts: projects.prompts(project).map(({ draft }) => draft),
        columns: readColumns(db, project),
        cases: cases.allCases(project, {}).map(({ cells }) => cells),
      }
      const { name, prompts, ...setup } = labHead(state)
      const head = { name, prompts, cases: { file: 'cases.jsonl' }, ...setup }
      const files = [
        { name: 'lab.yaml', text: stringify(head, { lineWidth: 0 }) },
        {
          name: 'cases.jsonl',
          text: labRows(state)
            .rows.map(({ cells }) => `${JSON.stringify(cells)}\n`)
            .join(''),
        },
      ]
      return {
        files,
        warnings:
          state.cases.length === 0 ? ['The project has no cases yet; the lab cannot run until it has some.'] : [],
      }
    },

    /** CSV for people: what a spreadsheet would run as a formula is made inert. JSONL for machines: every value as it is. */
    exportCases: (project: number, format: 'csv' | 'jsonl', filter: CaseFilter): string => {
      const columns = readColumns(db, project)
      const { rows } = labRows({ columns, cases: cases.allCases(project, filter).map(({ cells }) => cells) })
      if (format === 'jsonl') return rows.map(({ cells }) => `${JSON.stringify(cells)}\n`).join('')
      const text = (value: JsonValue | undefined) =>
        value === undefined || value === null
          ? ''
          : Array.isArray(value) && value.every((item) => typeof item === 'string')
            ? value.join(', ')
            : typeof value === 'object'
              ? JSON.stringify(value)
              : value
      return csvText(
        columns.map(({ name }) => name),
        rows.map(({ cells }) => columns.map(({ name }) => text(cells[name]))),
      )
    },
  }
}
