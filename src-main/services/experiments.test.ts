import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ExperimentReport } from '../../src-core/domain/report.ts'
import type { LabObject } from '../../src-core/lab/lab-schema.ts'
import { type Lab, openLab } from '../lab.ts'
import { type ModelServer, startModelServer } from '../test/model-server.ts'

// Every test starts processes or threads of its own; a machine that builds at the same time may take long over them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: ModelServer
let folder = ''
let lab: Lab
/** The task model, and a judge that finds the answer in its question: "wrong" gets 1 of 5, all else 5 of 5. */
const answer = (question: string): string => {
  if (!question.includes('- accuracy:')) return question.startsWith('better') ? 'right' : 'wrong'
  return JSON.stringify({ accuracy: { reason: 'because', score: /wrong\s*<\//.test(question) ? 1 : 5 } })
}
beforeAll(async () => {
  server = await startModelServer(answer)
})
afterAll(() => server.close())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'experiments-'))
  server.questions.length = 0
  server.behave({ answer, delayMs: 0 })
  lab = await openLab({ db: join(folder, 'lab.db'), secrets: () => undefined })
})
afterEach(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

const price = { inputPerMillion: 1, outputPerMillion: 2 }
const snapshotOf = async (cases: number, more: Partial<LabObject> = {}): Promise<ExperimentSnapshot> => {
  const object: LabObject = {
    name: 'services',
    prompts: [
      { name: 'plain', text: 'plain {input}' },
      { name: 'better', text: 'better {input}' },
    ],
    cases: Array.from({ length: cases }, (_, n) => ({ id: `c${n}`, input: `question ${n}`, expected: 'right' })),
    models: [
      { id: 'm', provider: 'openai', baseUrl: `${server.url}/v1`, model: 'any', price, maxTokens: 16 },
      {
        id: 'j',
        provider: 'openai',
        baseUrl: `${server.url}/v1`,
        model: 'judge',
        price,
        maxTokens: 16,
        experiment: false,
      },
    ],
    evaluators: [{ type: 'equals' }],
    baseline: 'plain',
    cache: 'off',
    ...more,
  }
  return (await lab.loadObject(object, folder, {})).snapshot
}
const rubric = [{ type: 'rubric', model: 'j', criteria: ['accuracy'] }]

const run = async (snapshot: ExperimentSnapshot): Promise<ExperimentReport> => {
  const handle = await lab.experiments.start(snapshot)
  await handle.done
  return lab.experiments.report(handle.id)
}
const idOf = (report: ExperimentReport) => lab.experiments.find(report.experiment).then(({ id }) => id)

describe('plan', () => {
  test('counts cells, calls and money from the declared price, and asks nobody', async () => {
    const plan = lab.experiments.plan(await snapshotOf(10))
    expect(plan).toMatchObject({ cells: 20, calls: 20 })
    // 20 calls; at most 16 tokens out at $2, at least 8 of them, and a few tokens in at $1 per million.
    expect(plan.usd?.high).toBeGreaterThan((20 * 16 * 2) / 1e6)
    expect(plan.usd?.high).toBeLessThan((20 * (16 * 2 + 20)) / 1e6)
    expect(plan.usd?.low).toBeGreaterThan((20 * 8 * 2) / 1e6)
    expect(server.questions).toEqual([])
    expect(await lab.store.experiments()).toEqual([])
  })

  test("counts the judge's calls, those of a case's own evaluators included", async () => {
    expect(lab.experiments.plan(await snapshotOf(10, { evaluators: rubric })).calls).toBe(20 + 20 * 2)
    const cases = [
      { id: 'a', input: 'x', expected: 'right', evaluators: rubric },
      { id: 'b', input: 'y', expected: 'right' },
    ]
    // 4 cells, of which the 2 of case a are judged; a judge that answers in another form is asked a second time.
    expect(lab.experiments.plan(await snapshotOf(0, { cases })).calls).toBe(4 + 2 * 2)
  })

  test('an unknown price makes the cost unknown, not 0', async () => {
    const models = [{ id: 'm', provider: 'openai' as const, baseUrl: `${server.url}/v1`, model: 'any' }]
    expect(lab.experiments.plan(await snapshotOf(2, { models })).usd).toBeNull()
  })
})

describe('start', () => {
  test('a model that cannot be used rejects before anything is stored', async () => {
    const models = [{ id: 'm', provider: 'openai' as const, model: 'gpt-4o-mini' }]
    await expect(lab.experiments.start(await snapshotOf(2, { models }))).rejects.toMatchObject({ code: 'missing-key' })
    const nobody = [{ id: 'm', provider: 'ollama' as const, model: 'x', baseUrl: 'http://127.0.0.1:9' }]
    await expect(lab.experiments.start(await snapshotOf(2, { models: nobody }))).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(await lab.store.experiments()).toEqual([])
  })

  test('what is stored is what was asked for: hashes, versions and cost by the declared price', async () => {
    const report = await run(await snapshotOf(3))
    expect(report.spentUsd).toBeCloseTo((6 * (10 + 2 * 2)) / 1e6, 12)
    expect(report.reproduction.snapshotHash).toMatch(/^[0-9a-f]{64}$/)
    const again = await run(await snapshotOf(3))
    expect(again.experiment).not.toBe(report.experiment)
    expect(again.reproduction).toEqual(report.reproduction)
    const changed = await run(await snapshotOf(3, { analysis: { alpha: 0.01 } }))
    expect(changed.reproduction.planHash).not.toBe(report.reproduction.planHash)
  })
})

describe('find and resume', () => {
  test('by id, by its beginning, the newest; a done one cannot be resumed', async () => {
    await expect(lab.experiments.find(null)).rejects.toMatchObject({ code: 'not-found' })
    const report = await run(await snapshotOf(1))
    expect((await lab.experiments.find(null)).id).toBe(report.experiment)
    expect((await lab.experiments.find((report.experiment ?? '').slice(0, 15))).id).toBe(report.experiment)
    await expect(lab.experiments.find('2019')).rejects.toMatchObject({ code: 'not-found' })
    await expect(lab.experiments.findUnfinished(report.experiment)).rejects.toMatchObject({ code: 'usage' })
    await expect(lab.experiments.findUnfinished(null)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('another process cannot drive a run that is driven', async () => {
    server.behave({ delayMs: 100 })
    const handle = await lab.experiments.start(await snapshotOf(20))
    const other = await openLab({ db: join(folder, 'lab.db') })
    await expect(other.experiments.resume(handle.id)).rejects.toMatchObject({ code: 'busy' })
    handle.stop('finish')
    await handle.done
    server.behave({ delayMs: 0 })
    expect((await other.experiments.findUnfinished(null)).id).toBe(handle.id)
    await (await other.experiments.resume(handle.id)).done
    expect(await other.experiments.report(handle.id)).toMatchObject({ status: 'done', results: 40 })
    await other.close()
  })
})

describe('score', () => {
  test("a judge's calls are calls of the ledger, no task model is asked, the old scores are superseded", async () => {
    const first = await run(await snapshotOf(4))
    const id = await idOf(first)
    expect(first.rows.map(({ mean }) => mean)).toEqual([0, 1])
    server.questions.length = 0
    const judged = await lab.experiments.score(id, await snapshotOf(4, { evaluators: rubric }))
    expect(server.questions).toHaveLength(8)
    for (const question of server.questions) expect(question).not.toMatch(/^(plain|better) /)
    expect(judged).toMatchObject({ label: 'exploratory', results: 8, calls: 16, attempts: 16 })
    expect(judged.rows.map(({ mean }) => mean)).toEqual([0, 1])
    expect(judged.reproduction.evaluators).toMatchObject([{ type: 'rubric' }])
    // The same judge, the same question: its answers are in the ledger, nobody is asked or paid again.
    server.questions.length = 0
    await lab.experiments.score(id, await snapshotOf(4, { evaluators: rubric }))
    expect(server.questions).toEqual([])
    expect((await lab.store.ledger(id)).attempts).toBe(16)
  })

  test('all or nothing: a budget too small for the judge leaves every old score in place', async () => {
    const id = await idOf(await run(await snapshotOf(4)))
    const poor = await snapshotOf(4, { evaluators: rubric, budget: { calls: 3 } })
    await expect(lab.experiments.score(id, poor)).rejects.toMatchObject({
      message: expect.stringContaining('old scores are kept'),
    })
    const report = await lab.experiments.report(id)
    expect(report).toMatchObject({ label: 'confirmatory', status: 'done', results: 8 })
    expect(report.reproduction.evaluators).toMatchObject([{ type: 'equals' }])
    // With enough, it goes on from what was already judged.
    const asked = server.questions.length
    await lab.experiments.score(id, await snapshotOf(4, { evaluators: rubric }))
    expect(server.questions.length - asked).toBeLessThan(8)
  })

  test('a failed cell stays failed, with 0', async () => {
    server.behave({ answer: (question) => (question.startsWith('plain') ? 400 : 'right') })
    const id = await idOf(await run(await snapshotOf(3)))
    const lenient = [{ type: 'length' as const, min: 0, max: 100 }]
    const report = await lab.experiments.score(id, await snapshotOf(3, { evaluators: lenient }))
    expect(report.rows).toMatchObject([
      { variant: 'plain', mean: 0, failed: 3 },
      { variant: 'better', mean: 1, failed: 0 },
    ])
  })
})

describe('report files', () => {
  test('all forms, every row once and in order, nothing half written', async () => {
    const report = await run(await snapshotOf(600, { concurrency: 32 }))
    const written = await lab.writeReport(report, join(folder, 'out'), { executions: true })
    expect(written.toSorted()).toEqual(readdirSync(join(folder, 'out')).toSorted())
    expect(written).toHaveLength(6)
    const lines = readFileSync(join(folder, 'out', 'executions.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
    const cells = lines.map((line) => (JSON.parse(line) as { cell: string }).cell)
    expect(cells).toEqual(Array.from({ length: 1200 }, (_, n) => `${report.experiment}:${n}`))
    const object = JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8')) as ExperimentReport
    expect(object.rows).toEqual(JSON.parse(JSON.stringify(report.rows)))
    await lab.writeReport(report, join(folder, 'brief'), { executions: false })
    expect(readdirSync(join(folder, 'brief'))).not.toContain('executions.jsonl')
  })
})

test('a table made elsewhere: every broken row is named, and none left out', async () => {
  const file = join(folder, 'table.csv')
  writeFileSync(file, 'case,variant,score\na,x,1\na,y,high\nb,x,2\nb,y,1\n')
  await expect(lab.experiments.analyzeTable(file)).rejects.toMatchObject({
    code: 'lab-file',
    problems: [
      { line: 3, file, message: expect.stringContaining('high') },
      { line: 4, file, message: expect.stringContaining('2') },
    ],
  })
})
