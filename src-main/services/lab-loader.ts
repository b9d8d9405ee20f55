import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'

import { LabError, type Problem } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { EvolveSection } from '../../src-core/lab/analysis-entry.ts'
import { buildSnapshot, type LabMaterial } from '../../src-core/lab/build-snapshot.ts'
import { formatRejects, type RejectedRow } from '../../src-core/lab/delimited.ts'
import type { PlanOverrides, RunOverrides } from '../../src-core/lab/overrides.ts'
import { type LabSource, readLabObject, readLabText } from '../../src-core/lab/read-lab.ts'
import type { Reporter } from '../../src-core/lab/source.ts'
import { hashOf } from './identity.ts'
import { type FetchedCases, type Fetching, type FindVariant, fetchCases, fetchPrompts, shown } from './lab-material.ts'
import { decodeText, type ReadFile, readFromDisk, tryRead } from './text-file.ts'

export type { RunOverrides }

export type LoadOptions = {
  /** Flags of `run`, `plan`, ...; a flag beats the file. */
  readonly run?: RunOverrides
  /** Flags of the analysis. */
  readonly analysis?: PlanOverrides
  /** For prompts by `ref`; the project is the lab's name. Absent: a lab with a ref is a problem that says so. */
  readonly findVariant?: FindVariant
  readonly readFile?: ReadFile
}

/** Rows of a case file that could not be read. `text` is the content of the file to write beside the output. */
type RejectedRows = {
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

const maxProblems = 200

const isReporter = (source: LabSource | Reporter): source is Reporter => !('sections' in source)

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
  const fetching: Fetching = {
    baseDir,
    readFile: options.readFile ?? readFromDisk,
    lab: source,
    findVariant: options.findVariant ?? null,
  }
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
