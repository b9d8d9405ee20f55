/** One record of a delimited file. `line` counts from 1; quoted line breaks make a record span several lines. */
type DelimitedRecord = { readonly line: number; readonly fields: readonly string[]; readonly text: string }

/** A row that could not be read, kept whole so that nothing is lost. */
export type RejectedRow = { readonly line: number; readonly text: string; readonly reason: string }

export type Table = {
  readonly columns: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
  readonly rejects: readonly RejectedRow[]
  /** Of the whole table; no row can be read then. */
  readonly problem: { readonly line: number; readonly message: string } | null
}

type Field = { readonly text: string; readonly end: number } | { readonly error: string }

const lineEnd = (text: string, from: number): number => {
  for (let i = from; i < text.length; i++) if (text[i] === '\n' || text[i] === '\r') return i
  return text.length
}
const afterLineEnd = (text: string, end: number): number =>
  text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1

/** RFC 4180; a quote inside an unquoted field is text, as spreadsheets and csv-spectrum have it. */
const readField = (text: string, start: number, delimiter: string): Field => {
  if (text[start] !== '"') {
    let end = start
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1
    return { text: text.slice(start, end), end }
  }
  let from = start + 1
  while (true) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return { error: 'a quote is opened and never closed' }
    if (text[quote + 1] === '"') {
      from = quote + 2
      continue
    }
    const next = text[quote + 1]
    if (next !== undefined && next !== delimiter && next !== '\n' && next !== '\r') {
      return { error: 'text follows a closing quote; a quote inside a quoted field is written twice ("")' }
    }
    return { text: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 }
  }
}

const countBreaks = (text: string): number => {
  let count = 0
  for (let i = 0; i < text.length; i++) if (text[i] === '\n' || (text[i] === '\r' && text[i + 1] !== '\n')) count += 1
  return count
}

/**
 * Records in order. A record that cannot be read gives up its first line only and reading goes on at the next line:
 * one forgotten quote must not swallow the rest of the file.
 */
const readRecords = (
  text: string,
  delimiter: string,
): { readonly records: DelimitedRecord[]; readonly rejects: RejectedRow[] } => {
  const records: DelimitedRecord[] = []
  const rejects: RejectedRow[] = []
  let position = 0
  let line = 1
  while (position < text.length) {
    const fields: string[] = []
    let at = position
    let error: string | null = null
    while (true) {
      const field = readField(text, at, delimiter)
      if ('error' in field) {
        error = field.error
        break
      }
      fields.push(field.text)
      at = field.end
      if (text[at] !== delimiter) break
      at += 1
    }
    if (error !== null) {
      const end = lineEnd(text, position)
      rejects.push({ line, text: text.slice(position, end), reason: error })
      position = afterLineEnd(text, end)
      line += 1
      continue
    }
    const source = text.slice(position, at)
    if (source !== '') records.push({ line, fields, text: source })
    position = afterLineEnd(text, at)
    line += countBreaks(source) + 1
  }
  return { records, rejects }
}

/** Comma, unless the first line has none but has semicolons (spreadsheets of half of Europe) or tabs. */
export const detectDelimiter = (text: string): string => {
  const head = text.slice(0, lineEnd(text, 0)).replaceAll(/"(?:[^"]|"")*"/g, '')
  if (head.includes(',')) return ','
  if (head.includes(';')) return ';'
  return head.includes('\t') ? '\t' : ','
}

/**
 * Reads CSV or TSV text with a header line. Every cell is text: nothing is trimmed or converted. Blank lines are
 * skipped; a row with another number of fields than the header is rejected, kept with its line and reason.
 */
export const parseDelimited = (text: string, kind: 'csv' | 'tsv'): Table => {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const delimiter = kind === 'tsv' ? '\t' : detectDelimiter(content)
  const { records, rejects } = readRecords(content, delimiter)
  const broken = (line: number, message: string): Table => ({
    columns: [],
    rows: [],
    rejects: [],
    problem: { line, message },
  })
  const [header, ...rest] = records
  const [firstReject] = rejects
  if (firstReject !== undefined && (header === undefined || firstReject.line < header.line)) {
    return broken(firstReject.line, `The first line must name the columns, but ${firstReject.reason}.`)
  }
  if (header === undefined) return broken(1, 'The file is empty; the first line must name the columns.')
  const columns = header.fields
  for (const [index, name] of columns.entries()) {
    if (name !== '' && columns.indexOf(name) !== index)
      return broken(header.line, `Two columns are named "${name}"; rename one.`)
  }
  const rows: { line: number; cells: readonly string[] }[] = []
  for (const record of rest) {
    if (record.fields.length === columns.length) rows.push({ line: record.line, cells: record.fields })
    else
      rejects.push({
        line: record.line,
        text: record.text,
        reason: `has ${record.fields.length} fields, the header has ${columns.length}`,
      })
  }
  return { columns, rows, rejects: rejects.toSorted((a, b) => a.line - b.line), problem: null }
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The content of `<name>.rejects.csv`: line, reason and the row's own text, so that it can be mended and used again. */
export const formatRejects = (rejects: readonly RejectedRow[]): string =>
  [
    'line,reason,text',
    ...rejects.map(({ line, reason, text }) => `${line},${quoted(reason)},${quoted(text)}`),
    '',
  ].join('\n')
