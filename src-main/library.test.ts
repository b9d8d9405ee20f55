import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Execution, type LabObject, PromptLab } from './library.ts'
import { type ModelServer, startModelServer } from './test/model-server.ts'

// Every test starts processes or threads of its own; a machine that builds at the same time may take long over them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: ModelServer
let folder = ''
const notices: string[] = []
let lab: PromptLab
const better = (question: string) => (question.startsWith('better') ? 'right' : 'wrong')
beforeAll(async () => {
  server = await startModelServer(better)
})
afterAll(() => server.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'library-'))
  notices.length = 0
  server.questions.length = 0
  server.behave({ answer: better, delayMs: 0 })
  lab = new PromptLab({ db: join(folder, 'lab.db'), onNotice: (text) => notices.push(text) })
})
afterEach(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

const labOf = (cases: number, more: Partial<LabObject> = {}): LabObject => ({
  name: 'library',
  prompts: [
    { name: 'plain', text: 'plain {input}' },
    { name: 'better', text: 'better {input}' },
  ],
  cases: Array.from({ length: cases }, (_, n) => ({ id: `c${n}`, input: `question ${n}`, expected: 'right' })),
  models: [{ id: 'm', provider: 'openai', baseUrl: `${server.url}/v1`, model: 'any', price: 0, concurrency: 2 }],
  evaluators: [{ type: 'equals' }],
  baseline: 'plain',
  ...more,
})

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = []
  for await (const row of rows) list.push(row)
  return list
}

describe('runExperiment', () => {
  test('runs an object, tells its progress and returns the report of the command line', async () => {
    const seen: number[] = []
    const report = await lab.runExperiment(labOf(8), { onProgress: ({ done }) => seen.push(done) })
    expect(report).toMatchObject({ status: 'done', project: 'library', results: 16, best: { variant: 'better' } })
    expect(seen.at(-1)).toBe(16)
    expect(notices).toEqual([])
  })

  test('runs a file, with paths relative to it, and overrides that beat it', async () => {
    writeFileSync(
      join(folder, 'cases.jsonl'),
      '{"id":"a","input":"x","expected":"right"}\n{"id":"b","input":"y","expected":"right"}\n',
    )
    writeFileSync(join(folder, 'lab.yaml'), JSON.stringify({ ...labOf(0), cases: { file: 'cases.jsonl' } }))
    expect((await lab.runExperiment(folder, { overrides: { limit: 1, variants: ['better'] } })).results).toBe(1)
    const object = { ...labOf(0), cases: { file: 'cases.jsonl' } }
    expect((await lab.runExperiment(object, { baseDir: folder })).results).toBe(4)
  })

  test('an abort finishes what is in flight, saves, and the report says interrupted', async () => {
    server.behave({ delayMs: 50 })
    const controller = new AbortController()
    const report = await lab.runExperiment(labOf(20), {
      signal: controller.signal,
      onProgress: ({ done }) => done > 2 && controller.abort(),
    })
    expect(report.status).toBe('interrupted')
    expect(report.results).toBe(server.questions.length)
    expect(report.results).toBeLessThan(40)
  })

  test('an abort before the start sends nothing and rejects with its reason', async () => {
    const signal = AbortSignal.abort(new Error('no'))
    await expect(lab.runExperiment(labOf(2), { signal })).rejects.toThrow('no')
    expect(server.questions).toEqual([])
  })

  test("an error in the caller's own function comes out, after what is in flight is saved", async () => {
    server.behave({ delayMs: 50 })
    const run = lab.runExperiment(labOf(20), {
      onProgress: ({ done }) => {
        if (done > 2) throw new Error('mine')
      },
    })
    await expect(run).rejects.toThrow('mine')
    const report = await lab.analyze()
    expect(report).toMatchObject({ status: 'interrupted', results: server.questions.length })
  })

  test('warnings and rows that could not be read are said, and the rows kept', async () => {
    writeFileSync(join(folder, 'cases.csv'), 'id,input,expected\na,one,right\nb,two,right,too many\n')
    await lab.runExperiment({ ...labOf(0), cases: { file: 'cases.csv' } }, { baseDir: folder })
    const kept = notices.map((text) => /kept in (.*)$/.exec(text)?.[1]).find((path) => path !== undefined)
    expect(kept, notices.join('\n')).toBeDefined()
    expect(existsSync(kept ?? '') && readFileSync(kept ?? '', 'utf8')).toContain('too many')
  })

  test('a lab that is wrong rejects with every problem, and asks nothing', async () => {
    const wrong = labOf(2, { baseline: 'plian', evaluators: [{ type: 'equal' }] })
    await expect(lab.runExperiment(wrong)).rejects.toMatchObject({ name: 'LabError', code: 'lab-file' })
    expect(server.questions).toEqual([])
  })

  test('why a run ended early is said', async () => {
    server.behave({ answer: () => 401 })
    expect((await lab.runExperiment(labOf(8))).status).toBe('refused')
    expect(notices.join('\n')).toMatch(/Stopped: .*HTTP 401/)
    const report = await lab.runExperiment(labOf(8, { budget: { calls: 4 } }))
    expect(report.status).toBe('budget')
    expect(report.notes.join('\n')).toContain('budget')
  })
})

describe('prompts', () => {
  test('equal content keeps its version, new content gets the next, and a lab names either', async () => {
    const prompt = { project: 'library', name: 'mine', text: 'better {input}' }
    expect(await lab.registerPromptVariant(prompt)).toMatchObject({ version: 1, variables: ['input'] })
    expect(await lab.registerPromptVariant(prompt)).toMatchObject({ version: 1 })
    expect(await lab.registerPromptVariant({ ...prompt, text: 'plain {input}' })).toMatchObject({ version: 2 })
    const report = await lab.runExperiment(labOf(2, { prompts: [{ ref: 'mine@1' }], baseline: 'mine' }))
    expect(report.rows).toMatchObject([{ variant: 'mine', version: 1, mean: 1 }])
    const newest = await lab.runExperiment(labOf(2, { prompts: [{ ref: 'mine' }], baseline: 'mine' }))
    expect(newest.rows).toMatchObject([{ variant: 'mine', version: 2, mean: 0 }])
  })
})

test('results gives the rows, filtered, in pages', async () => {
  const { experiment } = await lab.runExperiment(labOf(300))
  const rows: Execution[] = await all(lab.results(experiment))
  expect(rows).toHaveLength(600)
  expect(new Set(rows.map(({ cell }) => cell)).size).toBe(600)
  const [one] = await all(lab.results(null, { variant: 'plain', case: 'c7' }))
  expect(one).toMatchObject({ output: 'wrong', score: 0, messages: [{ role: 'user', content: 'plain question 7' }] })
})

test('analyze reads what another PromptLab stored, and calls a changed plan exploratory', async () => {
  const { experiment } = await lab.runExperiment(labOf(4))
  await lab.close()
  await using second = new PromptLab({ db: join(folder, 'lab.db') })
  expect(await second.analyze(experiment)).toMatchObject({ experiment, label: 'confirmatory' })
  expect(await second.analyze(null, { alpha: 0.01 })).toMatchObject({ experiment, label: 'exploratory' })
  await expect(second.analyze('nothing')).rejects.toMatchObject({ code: 'not-found' })
})

test('keys come from where the caller says', async () => {
  const models: LabObject['models'] = [
    { id: 'm', provider: 'openai', baseUrl: `${server.url}/v1`, model: 'any', price: 0, apiKeyEnv: 'MINE' },
  ]
  await expect(lab.runExperiment(labOf(1, { models }))).rejects.toMatchObject({ code: 'missing-key' })
  await using other = new PromptLab({
    db: join(folder, 'other.db'),
    secrets: (name) => (name === 'MINE' ? 'k' : undefined),
  })
  expect((await other.runExperiment(labOf(1, { models }))).status).toBe('done')
})

test('closed is closed, also twice, and also where nothing could be opened', async () => {
  await lab.close()
  await lab.close()
  await expect(lab.analyze()).rejects.toMatchObject({ code: 'usage' })
  writeFileSync(join(folder, 'notes.txt'), 'no database, and long enough not to be taken for an empty one')
  const broken = new PromptLab({ db: join(folder, 'notes.txt') })
  await expect(broken.analyze()).rejects.toMatchObject({ code: 'store' })
  await broken.close()
})

describe('docs/examples/library.ts', () => {
  const example = fileURLToPath(new URL('../docs/examples/library.ts', import.meta.url))
  const run = (words: readonly string[]) =>
    promisify(execFile)(
      process.execPath,
      ['--import', fileURLToPath(new URL('./test/from-sources.mjs', import.meta.url)), example, ...words],
      {
        cwd: folder,
      },
    )

  test('on a server of the OpenAI protocol', async () => {
    const capitals: Record<string, string> = {
      France: 'Paris',
      Japan: 'Tokyo',
      Peru: 'Lima',
      Kenya: 'Nairobi',
      Norway: 'Oslo',
      Cuba: 'Trinidad',
    }
    server.behave({ answer: (question) => capitals[/of (\w+)/.exec(question)?.[1] ?? ''] ?? '' })
    const { stdout } = await run([`${server.url}/v1`])
    expect(stdout).toContain('stored strict@1')
    expect(stdout).toMatch(/strict: 0\.83\d+ over 6 cases/)
    expect(stdout).toContain('Cuba: "Trinidad"')
    expect(stdout).toContain('exploratory')
    expect(stdout).toContain('0.596 to 0.982')
    expect(stdout.trimEnd()).toMatch(/not-found$/)
    expect(server.questions).toHaveLength(12)
  })

  test('on the simulated world, which it says', async () => {
    const { stdout } = await run([])
    expect(stdout).toContain('SIMULATED')
    expect(stdout.trimEnd()).toMatch(/not-found$/)
  })
})
