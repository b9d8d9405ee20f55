import { type LabFile, labSchema } from './lab-schema.ts'
import { providerNames, splitShortModel } from './model-entry.ts'
import { createReporter, type Locate, nowhere, type Path, type Reporter } from './source.ts'
import { suggestion } from './suggest.ts'
import { type ShapeProblem, validate } from './validate.ts'
import { parseYaml } from './yaml-source.ts'

/** The sections of a lab file whose shapes are right; null for those that are not, so that the others are still checked. */
type Sections = { readonly [Key in keyof LabFile]-?: NonNullable<LabFile[Key]> | null }

export type LabSource = {
  readonly sections: Sections
  readonly reporter: Reporter
  readonly locate: Locate
  /** Name of the file in messages; null for an object of the library. */
  readonly file: string | null
  /** The cases as written, before parsing: inline cases keep their own keys. */
  readonly rawCases: unknown
}

/** The schema knows the form provider/model; which providers exist is said here, with the nearest name. */
const checkShortForms = (models: unknown, reporter: Reporter): void => {
  if (!Array.isArray(models)) return
  for (const [index, entry] of models.entries()) {
    if (typeof entry !== 'string' || !entry.includes('/')) continue
    const { provider } = splitShortModel(entry)
    if (!providerNames.some((name) => name === provider)) {
      reporter.report(
        ['models', index],
        `models[${index}]: "${provider}" is not a known provider.${suggestion(provider, providerNames)}`,
      )
    }
  }
}

const reportShape = (reporter: Reporter, problem: ShapeProblem, value: unknown): void => {
  const [section, index] = problem.path
  const owner = section === 'prompts' || section === 'models' ? nameOf(value, section, index) : ''
  reporter.report(problem.path, `${problem.message}${owner}`, problem.part)
}

/** ` (prompt "plain")`: people know their entries by name, not by number. */
const nameOf = (value: unknown, section: 'prompts' | 'models', index: Path[number] | undefined): string => {
  const list = (value as Readonly<Record<string, unknown>>)[section]
  const entry: unknown = Array.isArray(list) && typeof index === 'number' ? list[index] : undefined
  if (typeof entry !== 'object' || entry === null) return ''
  const name: unknown = (entry as Readonly<Record<string, unknown>>)[section === 'prompts' ? 'name' : 'id']
  return typeof name === 'string' ? ` (${section === 'prompts' ? 'prompt' : 'model'} "${name}")` : ''
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What stands for an entry whose shape is wrong, so that its name is known to the checks of references; the lab fails
 * anyway, so it is never used for anything else.
 */
const placeholders: Readonly<Partial<Record<keyof LabFile, (entry: Entry, index: number) => unknown>>> = {
  prompts: (entry, index) => ({ name: textOf(entry.name, index), text: ' ' }),
  models: (entry, index) => ({ id: textOf(entry.id, index), provider: 'simulated', model: '-' }),
  evaluators: () => ({ type: 'human' }),
}

type Entry = Readonly<Record<string, unknown>>

const textOf = (value: unknown, index: number): string =>
  typeof value === 'string' && value !== '' ? value : `?${index}`

const salvage = (key: keyof LabFile, value: unknown): unknown => {
  const schema = labSchema.shape[key]
  const whole = validate(schema, value)
  if ('value' in whole) return whole.value
  const placeholder = placeholders[key]
  if (placeholder === undefined || !Array.isArray(value)) return null
  const entries: unknown[] = value.map((entry: unknown, index) =>
    'value' in validate(schema, [entry]) ? entry : placeholder(isObject(entry) ? entry : {}, index),
  )
  const mended = validate(schema, entries)
  return 'value' in mended ? mended.value : null
}

/** A file that is right is taken whole; of another, each section (and each entry of a list) by itself. */
const sectionsOf = (value: Entry, whole: LabFile | null): Sections => {
  const keys = Object.keys(labSchema.shape) as (keyof LabFile)[]
  return Object.fromEntries(
    keys.map((key) => [key, (whole === null ? salvage(key, value[key]) : whole[key]) ?? null]),
  ) as Sections
}

/** Checks the shape of a lab given as a value. Problems are collected in the reporter, all of them. */
const readLabValue = (
  value: unknown,
  options: { readonly file: string | null; readonly locate: Locate; readonly reporter?: Reporter | undefined },
): LabSource | Reporter => {
  const { file, locate } = options
  const reporter = options.reporter ?? createReporter(file, locate)
  if (!isObject(value)) {
    reporter.report([], 'A lab file is a group of keys: name, prompts, cases, models, evaluators.')
    return reporter
  }
  const result = validate(labSchema, value)
  if ('problems' in result) for (const problem of result.problems) reportShape(reporter, problem, value)
  checkShortForms(value.models, reporter)
  return {
    sections: sectionsOf(value, 'value' in result ? result.value : null),
    reporter,
    locate,
    file,
    rawCases: value.cases,
  }
}

/** Reads the text of a lab file. */
export const readLabText = (text: string, file: string): LabSource | Reporter => {
  const source = parseYaml(text, { file })
  if (source.problems.length === 0) return readLabValue(source.value, { file, locate: source.locate })
  const reporter = createReporter(file, source.locate)
  for (const problem of source.problems) reporter.add(problem)
  return reporter
}

/** `reporter`: of a caller who wants the paths of problems rather than lines. */
export const readLabObject = (value: unknown, reporter?: Reporter): LabSource | Reporter =>
  readLabValue(value, { file: null, locate: nowhere, reporter })
