import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { LabError } from '../../src-core/domain/errors.ts'
import type { JsonValue } from '../../src-core/domain/json.ts'
import type { TestCase } from '../../src-core/domain/test-case.ts'
import { buildSnapshot } from '../../src-core/lab/build-snapshot.ts'
import { buildCases } from '../../src-core/lab/cases.ts'
import { noMapping } from '../../src-core/lab/columns.ts'
import { type LabSource, readLabText } from '../../src-core/lab/read-lab.ts'
import { selectCases } from '../../src-core/lab/select-cases.ts'
import { promptName } from '../../src-core/lab/variants.ts'
import { parseYaml } from '../../src-core/lab/yaml-source.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import { namesLoopback } from '../providers/transport/addresses.ts'
import { hashOf } from '../services/identity.ts'
import { type FindVariant, fetchCases, fetchPrompts } from '../services/lab-material.ts'
import { decodeText, type ReadFile, readFromDisk, tryRead } from '../services/text-file.ts'
import type { ProjectContent } from '../store/workspace/project-writes.ts'
import type { LabImport } from './app-host.ts'
import { setupSections } from './setup-types.ts'
import type { CellType } from './types.ts'

export type ImportedProject = { readonly content: ProjectContent; readonly warnings: readonly string[] }
type Values = Record<string, JsonValue>

const isObject = (value: unknown): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Files that came with the text, by the names the lab gives them; nothing of the disk can be named. */
const fromTexts = (files: Extract<LabImport, { readonly text: string }>['files']): ReadFile => {
  const byName = new Map(files.map(({ name, base64 }) => [name.replace(/^\.\//, ''), base64]))
  return async (path) => {
    const wanted = path.replace(/^\/lab\//, '')
    const found = byName.get(wanted) ?? byName.get(basename(wanted))
    if (found === undefined) throw Object.assign(new Error('not among the files'), { code: 'ENOENT' })
    return Buffer.from(found, 'base64')
  }
}

const readSource = async (
  source: LabImport,
): Promise<{ readonly text: string; readonly file: string; readonly baseDir: string; readonly readFile: ReadFile }> => {
  if ('text' in source)
    return { text: source.text, file: 'lab.yaml', baseDir: '/lab', readFile: fromTexts(source.files) }
  const folder = await stat(source.path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const file = folder ? join(source.path, 'lab.yaml') : source.path
  const read = await tryRead(file, readFromDisk)
  if ('trouble' in read) throw new LabError('not-found', `${file} ${read.trouble}.`)
  const decoded = decodeText(read.bytes)
  if (!('text' in decoded))
    throw new LabError('lab-file', decoded.message, {
      problems: [{ message: decoded.message, file, line: decoded.line, column: null }],
    })
  return { text: decoded.text, file, baseDir: dirname(resolve(file)), readFile: readFromDisk }
}

const failed = (file: string, problems: LabSource['reporter']['problems']): LabError =>
  new LabError(
    'lab-file',
    problems.length === 1 ? (problems[0]?.message ?? '') : `${basename(file)} has ${problems.length} problems.`,
    { problems: problems.slice(0, 200) },
  )

/**
 * Models as the file has them, but an import gives no server the name of a key: a shared lab must not be able to send a
 * person's key, or prompts, to a server of its author's. Such a model keeps its place and asks for its server anew.
 */
const safeModels = (models: JsonValue, baseDir: string, warnings: string[]): JsonValue => {
  if (!Array.isArray(models)) return models
  return models.map((entry: JsonValue): JsonValue => {
    if (!isObject(entry)) return entry
    const { baseUrl, apiKeyEnv } = entry
    if (entry.provider === 'llamacpp' && typeof entry.model === 'string') {
      const name = entry.model
      if (name.startsWith('~/')) return { ...entry, model: join(homedir(), name.slice(2)) }
      return /^\.{1,2}[/\\]/.test(name) || /\.gguf$/i.test(name) ? { ...entry, model: resolve(baseDir, name) } : entry
    }
    const url = typeof baseUrl === 'string' ? baseUrl : typeof entry.url === 'string' ? entry.url : null
    if (url === null || (URL.canParse(url) && namesLoopback(new URL(url).hostname))) return entry
    warnings.push(
      `The model "${String(entry.id)}" names the server ${url}${apiKeyEnv === undefined ? '' : ` and the key ${String(apiKeyEnv)}`}. An import sends nothing there: set them again under Models if you trust it.`,
    )
    // An http model cannot be without its url; without key and headers it is only an address.
    return Object.fromEntries(Object.entries(entry).filter(([key]) => !unsafeKeys.includes(key)))
  })
}

const unsafeKeys: readonly string[] = ['baseUrl', 'apiKeyEnv', 'headers']

const setupOf = (raw: Readonly<Record<string, JsonValue>>, baseDir: string, warnings: string[]): Values => {
  const setup: Values = {}
  for (const key of setupSections) {
    const value = raw[key]
    if (value !== undefined) setup[key] = key === 'models' ? safeModels(value, baseDir, warnings) : value
  }
  return setup
}

const reservedCells = (testCase: TestCase, rawEvaluators: JsonValue | undefined): Values => ({
  ...(testCase.expected.length === 0
    ? {}
    : {
        expected:
          testCase.expected.length === 1 && !Array.isArray(testCase.expected[0])
            ? (testCase.expected[0] ?? null)
            : testCase.expected,
      }),
  ...(testCase.tags.length === 0 ? {} : { tags: testCase.tags }),
  ...(testCase.split === null ? {} : { split: testCase.split }),
  ...(testCase.weight === 1 ? {} : { weight: testCase.weight }),
  ...(testCase.minimumQuality === null ? {} : { minimumQuality: testCase.minimumQuality }),
  // As the file has them: a resolved evaluator has another shape than an entry.
  ...(rawEvaluators === undefined || rawEvaluators === null || rawEvaluators === ''
    ? {}
    : { evaluators: typeof rawEvaluators === 'string' ? (JSON.parse(rawEvaluators) as JsonValue) : rawEvaluators }),
})

const typeOf = (values: readonly JsonValue[]): CellType => {
  if (values.every((value) => typeof value === 'string')) return 'text'
  if (values.every((value) => typeof value === 'number')) return 'number'
  return values.every((value) => typeof value === 'boolean') ? 'boolean' : 'json'
}
const columnsOf = (cases: readonly Values[]): ProjectContent['columns'] => {
  const names = [...new Set(cases.flatMap((cells) => Object.keys(cells)))]
  return names.map((name) => ({ name, type: typeOf(cases.flatMap((cells) => cells[name] ?? [])) }))
}

/** Reads a lab and everything it names into a project. Throws LabError 'not-found' or 'lab-file' with all problems. */
export const readLabProject = async (from: LabImport, findVariant: FindVariant): Promise<ImportedProject> => {
  const { text, file, baseDir, readFile } = await readSource(from)
  const source = readLabText(text, file)
  if (!('sections' in source)) throw failed(file, source.problems)
  const fetching = { baseDir, readFile, lab: source, findVariant }
  const [prompts, fetched] = await Promise.all([fetchPrompts(fetching), fetchCases(fetching)])
  buildSnapshot(source, { prompts, rows: fetched.rows, casesFile: fetched.file, hashOf }, { run: {}, analysis: {} })
  const { reporter, sections } = source
  if (reporter.problems.length > 0 || fetched.rows === null) throw failed(file, reporter.problems)
  const warnings = [...reporter.warnings]
  const raw = parseYaml(text, { file }).value
  const setup = setupOf(isObject(raw) ? raw : {}, baseDir, warnings)
  const entry = isObject(sections.cases) ? sections.cases : null
  const mapping = entry === null || Array.isArray(entry) ? noMapping : (sections.cases as typeof noMapping)
  const clusterColumn = sections.analysis?.cluster ?? null
  const built = buildCases(fetched.rows, { mapping, clusterColumn })
  const limits = sections.cases as { readonly limit?: number; readonly sample?: number } | null
  const chosen = selectCases(built.cases, {
    limit: entry === null ? null : (limits?.limit ?? null),
    sample: entry === null ? null : (limits?.sample ?? null),
    ids: null,
    random: createPhilox(sections.seed ?? 1),
  })
  const evaluatorsColumn = mapping.columns.evaluators ?? 'evaluators'
  const rawEvaluators = new Map(
    fetched.rows.rows.map(({ line, cells }, index) => [
      line ?? -index - 1,
      Object.hasOwn(cells, evaluatorsColumn) ? cells[evaluatorsColumn] : undefined,
    ]),
  )
  const cases = chosen.cases.map(
    ({ testCase, line }): Values => ({
      id: testCase.id,
      ...testCase.inputs,
      ...reservedCells(testCase, testCase.evaluators === null || line === null ? undefined : rawEvaluators.get(line)),
      ...(testCase.cluster === null || clusterColumn !== null ? {} : { cluster: testCase.cluster }),
    }),
  )
  return {
    warnings,
    content: {
      name: sections.name ?? basename(baseDir),
      description: isObject(raw) && typeof raw.description === 'string' ? raw.description : '',
      columns: columnsOf(cases),
      prompts: prompts.map(({ entry: prompt, template }) => ({
        name: promptName(prompt),
        template,
        description: prompt.description,
        tags: prompt.tags,
        active: prompt.active,
        isDefault: prompt.default,
      })),
      cases,
      setup,
    },
  }
}
