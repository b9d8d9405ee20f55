import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'

import { LabError, type Problem } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { PromptTemplate, PromptVariant } from '../../src-core/domain/prompt.ts'
import type { EvolveSection } from '../../src-core/lab/analysis-entry.ts'
import { buildSnapshot, type LabMaterial } from '../../src-core/lab/build-snapshot.ts'
import { formatRejects, type RejectedRow } from '../../src-core/lab/delimited.ts'
import type { RunOverrides, PlanOverrides } from '../../src-core/lab/overrides.ts'
import { type LabSource, readLabObject, readLabText } from '../../src-core/lab/read-lab.ts'
import type { RowSource } from '../../src-core/lab/rows.ts'
import type { Path, Reporter } from '../../src-core/lab/source.ts'
import type { ResolvedPrompt } from '../../src-core/lab/variants.ts'
import { readCaseFile } from './case-files.ts'
import { hashOf } from './identity.ts'
import { decodeText, type ReadFile, readFromDisk, tryRead } from './text-file.ts'

export type { RunOverrides, PlanOverrides }

export type LoadOptions = {
  /** Flags of `run`, `plan`, ...; a flag beats the file. */
  readonly run?: RunOverrides
  /** Flags of the analysis. */
  readonly analysis?: PlanOverrides
  /** For prompts by `ref`; the project is the lab's name. Absent: a lab with a ref is a problem that says so. */
  readonly findVariant?: (project: string, reference: string) => Promise<PromptVariant | null>
  readonly readFile?: ReadFile
}

/** Rows of a case file that could not be read. `text` is the content of the file to write beside the output. */
export type RejectedRows = {
  readonly file: string
  /** `cases.rejects.csv`. */
  readonly name: string
  readonly text: string
  readonly rows: readonly RejectedRow[]
}

export type LoadedLab = {
  /** Variants that the store does not know yet have version 0. */
  readonly snapshot: ExperimentSnapshot
  readonly warnings: readonly string[]
  readonly rejects: readonly RejectedRows[]
  readonly evolve: EvolveSection | null
}

const maxPromptBytes = 1_048_576
const maxProblems = 200

type Fetching = {
  readonly baseDir: string
  readonly readFile: ReadFile
  readonly lab: LabSource
  readonly options: LoadOptions
}

const isReporter = (source: LabSource | Reporter): source is Reporter => !('sections' in source)

/** As people write it: relative to where they stand, where that is shorter. */
const shown = (path: string): string => {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

const fail = (file: string | null, problems: readonly Problem[]): LabError => {
  const sorted = problems.toSorted((a, b) =>
    a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) : 0,
  )
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  const cut =
    sorted.length <= maxProblems
      ? sorted
      : [
          ...sorted.slice(0, maxProblems),
          { message: `... and ${sorted.length - maxProblems} more problems.`, file, line: null, column: null },
        ]
  const message =
    problems.length === 1 && problems[0] !== undefined ? problems[0].message : `${file ?? 'The lab'} has ${count}.`
  return new LabError('lab-file', message, { problems: cut })
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

const fetchStored = async (reference: string, at: Path, { lab, options }: Fetching): Promise<PromptVariant | null> => {
  if (options.findVariant === undefined) {
    lab.reporter.report(at, `ref: ${reference} names a stored prompt, but no database is open here.`)
    return null
  }
  const project = lab.sections.name
  const stored = project === null ? null : await options.findVariant(project, reference)
  if (stored === null && project !== null) {
    lab.reporter.report(
      at,
      `No prompt ${reference} is stored in the project "${project}". A run stores the prompts of its lab; name@3 is the third version of name.`,
    )
  }
  return stored
}

const fetchPrompts = async (fetching: Fetching): Promise<readonly ResolvedPrompt[]> => {
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

type FetchedCases = { readonly rows: RowSource | null; readonly file: string | null }

const fetchCases = async (fetching: Fetching): Promise<FetchedCases> => {
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

/** A GGUF file is named relative to the lab file, as every other path in it; the engine knows no current folder. */
const withAbsolutePath = (model: ModelReference, baseDir: string): ModelReference => {
  if (model.provider !== 'llamacpp') return model
  const { model: name } = model
  if (name.startsWith('~/')) return { ...model, model: join(homedir(), name.slice(2)) }
  return /^\.{1,2}[/\\]/.test(name) || /\.gguf$/i.test(name) ? { ...model, model: resolve(baseDir, name) } : model
}

const rejectsOf = ({ rows, file }: FetchedCases): readonly RejectedRows[] => {
  if (rows === null || file === null || rows.rejects.length === 0) return []
  const name = `${basename(file, extname(file))}.rejects.csv`
  return [{ file, name, text: formatRejects(rows.rejects), rows: rows.rejects }]
}

const rejectWarnings = (rejects: readonly RejectedRows[]): readonly string[] =>
  rejects.map(({ file, rows: [first, ...more] }) => {
    const others = more.length === 0 ? '' : `, and ${more.length} more like it`
    return `${shown(file)}:${first?.line ?? 0}: the row was left out: ${first?.reason ?? ''}${others}.`
  })

const complete = async (source: LabSource | Reporter, baseDir: string, options: LoadOptions): Promise<LoadedLab> => {
  if (isReporter(source)) throw fail(source.problems[0]?.file ?? null, source.problems)
  const fetching: Fetching = { baseDir, readFile: options.readFile ?? readFromDisk, lab: source, options }
  const [prompts, cases] = await Promise.all([fetchPrompts(fetching), fetchCases(fetching)])
  const casesFile = cases.file === null ? null : shown(cases.file)
  const material: LabMaterial = { prompts, rows: cases.rows, casesFile, hashOf }
  const built = buildSnapshot(source, material, { run: options.run ?? {}, analysis: options.analysis ?? {} })
  const { problems, warnings } = source.reporter
  if (problems.length > 0 || built === null) throw fail(source.file, problems)
  const rejects = rejectsOf(cases)
  const { snapshot, evolve } = built
  const models = snapshot.models.map((model) => withAbsolutePath(model, baseDir))
  return { snapshot: { ...snapshot, models }, evolve, rejects, warnings: [...rejectWarnings(rejects), ...warnings] }
}

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    // What is wrong with the path is said when it is read.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

/**
 * Reads a lab file, or the `lab.yaml` of a folder, with the files it names; paths in it are relative to it. Throws
 * LabError 'not-found' where there is none, and 'lab-file' with all problems of all files at once.
 */
export const loadLab = async (path: string, options: LoadOptions = {}): Promise<LoadedLab> => {
  const file = options.readFile === undefined && (await isFolder(path)) ? join(path, 'lab.yaml') : path
  const read = await tryRead(file, options.readFile ?? readFromDisk)
  if ('trouble' in read)
    throw new LabError('not-found', `${file} ${read.trouble}. \`promptlab init\` makes a lab folder.`)
  const decoded = decodeText(read.bytes)
  if (!('text' in decoded)) throw fail(file, [{ message: decoded.message, file, line: decoded.line, column: null }])
  return complete(readLabText(decoded.text, file), dirname(resolve(file)), options)
}

/** The same for a lab given as an object (the library); paths in it are relative to `baseDir`. */
export const labFromObject = async (lab: unknown, baseDir: string, options: LoadOptions = {}): Promise<LoadedLab> =>
  complete(readLabObject(lab), resolve(baseDir), options)
