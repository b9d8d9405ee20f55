import {
  type CaseFormat,
  type Cell,
  caseFormatOf,
  caseFormats,
  type RowSource,
  readRows,
  sheetRows,
} from '../../src-core/lab/rows.ts'
import { decodeText } from './text-file.ts'
import { declaredZipSize } from './zip-size.ts'

/** A spreadsheet is a zip file: what it says it unpacks to is checked before it is unpacked. In bytes. */
const maxUnpackedSheet = 300_000_000

export type CaseFileRequest = {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sheet: string | number | null
}

const refused = (message: string, line: number | null = null): RowSource => ({
  rows: [],
  columns: [],
  typed: true,
  rejects: [],
  problems: [{ line, column: null, message }],
})

/** Dates have no JSON type: a day as 2026-11-23, a moment as ISO 8601 in UTC. */
const cellValue = (cell: unknown): Cell => {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return cell
  if (!(cell instanceof Date)) return String(cell)
  const iso = cell.toISOString()
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso
}

const readSpreadsheet = async ({ bytes, sheet }: CaseFileRequest): Promise<RowSource> => {
  const size = declaredZipSize(bytes)
  if (size === null) return refused('The file is not an xlsx workbook. Older .xls files: save as .xlsx or csv.')
  if (size > maxUnpackedSheet)
    return refused(
      `The workbook unpacks to ${size} bytes; at most ${maxUnpackedSheet} are read. Save the sheet as csv.`,
    )
  // Loaded when it is needed: few labs have a spreadsheet, and every command would wait for it.
  const { readSheet } = await import('read-excel-file/node')
  let cells: readonly (readonly unknown[])[]
  try {
    cells = await readSheet(Buffer.from(bytes), sheet ?? 1, { trim: false })
  } catch (error) {
    return refused(`The workbook could not be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return sheetRows(cells.map((row) => row.map(cellValue)))
}

/** Rows of a case file by the ending of its name. Never throws for what stands in the file. */
export const readCaseFile = async (request: CaseFileRequest): Promise<RowSource> => {
  const format: CaseFormat | null = caseFormatOf(request.name)
  if (format === null)
    return refused(`The ending of "${request.name}" is not known: cases are read from ${caseFormats.join(', ')}.`)
  if (format === 'xlsx') return readSpreadsheet(request)
  const decoded = decodeText(request.bytes)
  return 'text' in decoded ? readRows(decoded.text, format) : refused(decoded.message, decoded.line)
}
