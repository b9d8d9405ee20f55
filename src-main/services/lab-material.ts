import { basename, relative, resolve } from 'node:path'

import type { PromptTemplate, PromptVariant } from '../../src-core/domain/prompt.ts'
import type { LabSource } from '../../src-core/lab/read-lab.ts'
import type { RowSource } from '../../src-core/lab/rows.ts'
import type { Path } from '../../src-core/lab/source.ts'
import type { ResolvedPrompt } from '../../src-core/lab/variants.ts'
import { readCaseFile } from './case-files.ts'
import { decodeText, type ReadFile, tryRead } from './text-file.ts'

export type FindVariant = (project: string, reference: string) => Promise<PromptVariant | null>

/** What fetching needs to know; problems go to the lab's reporter. */
export type Fetching = {
  readonly baseDir: string
  readonly readFile: ReadFile
  readonly lab: LabSource
  readonly findVariant: FindVariant | null
}

const maxPromptBytes = 1_048_576

/** As people write it: relative to where they stand, where that is shorter. */
export const shown = (path: string): string => {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

const fetchText = async (path: string, at: Path, { readFile, lab }: Fetching): Promise<string | null> => {
  const read = await tryRead(path, readFile)
  if ('trouble' in read) {
    lab.reporter.report(at, `The file ${shown(path)} ${read.trouble}. Paths are relative to the lab file.`)
    return null
  }
  if (read.bytes.length > maxPromptBytes) {
    lab.reporter.report(
      at,
      `The file ${shown(path)} has ${read.bytes.length} bytes; a prompt may have ${maxPromptBytes}.`,
    )
    return null
  }
  const decoded = decodeText(read.bytes)
  if ('text' in decoded) return decoded.text
  lab.reporter.add({ message: decoded.message, file: shown(path), line: decoded.line, column: null })
  return null
}

const fetchStored = async (
  reference: string,
  at: Path,
  { lab, findVariant }: Fetching,
): Promise<PromptVariant | null> => {
  if (findVariant === null) {
    lab.reporter.report(at, `ref: ${reference} names a stored prompt, but no database is open here.`)
    return null
  }
  const project = lab.sections.name
  const stored = project === null ? null : await findVariant(project, reference)
  if (stored === null && project !== null) {
    lab.reporter.report(
      at,
      `No prompt ${reference} is stored in the project "${project}". A run stores the prompts of its lab; name@3 is the third version of name.`,
    )
  }
  return stored
}

/** The templates of all prompts that could be had: from the lab itself, from files, from the store. */
export const fetchPrompts = async (fetching: Fetching): Promise<readonly ResolvedPrompt[]> => {
  const resolved = (fetching.lab.sections.prompts ?? []).map(async (entry, index): Promise<ResolvedPrompt | null> => {
    const found = (template: PromptTemplate, stored: PromptVariant | null = null): ResolvedPrompt => ({
      entry,
      index,
      template,
      stored,
    })
    if (entry.text !== undefined) return found({ kind: 'text', text: entry.text })
    if (entry.messages !== undefined) return found({ kind: 'messages', messages: entry.messages })
    if (entry.file !== undefined) {
      const text = await fetchText(resolve(fetching.baseDir, entry.file), ['prompts', index, 'file'], fetching)
      return text === null ? null : found({ kind: 'text', text })
    }
    const stored = await fetchStored(entry.ref ?? '', ['prompts', index, 'ref'], fetching)
    return stored === null ? null : found(stored.template, stored)
  })
  return (await Promise.all(resolved)).filter((prompt) => prompt !== null)
}

const isCell = (value: unknown): value is Readonly<Record<string, never>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Inline cases by their raw values: shapes were checked, and a case's evaluators are parsed where all cases are. */
const inlineRows = (lab: LabSource): RowSource => {
  const list = Array.isArray(lab.rawCases) ? lab.rawCases : []
  const rows = list.filter(isCell).map((cells, index) => ({ line: lab.locate(['cases', index]).line, cells }))
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.cells)))]
  return { rows, columns, typed: true, rejects: [], problems: [] }
}

/** `file` is null where the cases are inline; `rows` where they could not be had. */
export type FetchedCases = { readonly rows: RowSource | null; readonly file: string | null }

export const fetchCases = async (fetching: Fetching): Promise<FetchedCases> => {
  const { baseDir, readFile, lab } = fetching
  const { cases } = lab.sections
  if (cases === null) return { rows: null, file: null }
  if (Array.isArray(cases)) return { rows: inlineRows(lab), file: null }
  const entry = typeof cases === 'string' ? { file: cases, sheet: undefined } : cases
  const at: Path = typeof cases === 'string' ? ['cases'] : ['cases', 'file']
  const path = resolve(baseDir, entry.file)
  const read = await tryRead(path, readFile)
  if ('trouble' in read) {
    lab.reporter.report(at, `The file ${shown(path)} ${read.trouble}. Paths are relative to the lab file.`)
    return { rows: null, file: path }
  }
  return {
    rows: await readCaseFile({ name: basename(path), bytes: read.bytes, sheet: entry.sheet ?? null }),
    file: path,
  }
}
