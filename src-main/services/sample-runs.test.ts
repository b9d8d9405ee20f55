import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experimentId } from '../../src-core/domain/ids.ts'
import type { Store } from '../../src-core/ports/store.ts'
import { resourcePath } from '../package-root.ts'
import { openStore } from '../store/open-store.ts'
import { loadLab } from './lab-loader.ts'
import { readSampleRun } from './sample-run-file.ts'
import { importSampleRun } from './sample-runs.ts'
import { listSamples } from './samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'sample-runs-'))
let store: Store
beforeAll(async () => {
  store = await openStore({ path: join(folder, 'lab.db') })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const samples = (await listSamples()).map(({ name }) => name)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe.each(samples)('the stored run of %s', (sample) => {
  test('is of the lab as it is shipped: same prompts, cases, models and plan', async () => {
    const { snapshot } = await readSampleRun(sample)
    const lab = await loadLab(resourcePath('samples', sample))
    // Without the cache, so that every answer was asked for.
    const content = ({ variants, ...rest }: typeof snapshot) =>
      JSON.parse(JSON.stringify({ ...rest, cache: null, prompts: variants.map((one) => one.template) }))
    expect(content(snapshot)).toEqual(content(lab.snapshot))
  })

  test('is whole, from a real model whose weights it names', async () => {
    const { snapshot, outcomes, environment } = await readSampleRun(sample)
    expect(outcomes).toHaveLength(snapshot.variants.length * snapshot.cases.length * snapshot.models.length)
    expect(snapshot.cases.length).toBeGreaterThanOrEqual(60)
    for (const { id } of snapshot.models) {
      expect(environment.identities[id]).toMatchObject({
        simulated: false,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      })
    }
    for (const outcome of outcomes) expect(outcome.failure).toBeNull()
  })

  test('becomes an experiment whose report is made of the shipped numbers and says where they come from', async () => {
    const run = await readSampleRun(sample)
    const imported = await importSampleRun(store, sample)
    expect(imported).toMatchObject({ experiment: `sample-${sample}`, added: true, cells: run.outcomes.length })
    const report = await store.report(imported.experiment, {})
    expect(report).toMatchObject({ status: 'done', label: 'confirmatory', results: run.outcomes.length, failed: 0 })
    expect(report.notes[0]).toBe(imported.origin)
    expect(imported.origin).toContain(run.startedAt.slice(0, 10))
    expect(imported.origin).toContain(run.environment.identities[run.snapshot.models[0]?.id ?? '']?.digest)
    expect(report.wallSeconds).toBe(run.wallSeconds)
    for (const row of report.rows) {
      const own = run.outcomes.filter((outcome) => outcome.variant === row.variant && outcome.model === row.model)
      expect(row.mean).toBeCloseTo(mean(own.map(({ score }) => score)), 12)
      expect(row.passed).toBe(own.filter(({ passed }) => passed).length)
      expect(row.inputTokens).toBeCloseTo(mean(own.map(({ inputTokens }) => inputTokens ?? Number.NaN)), 9)
    }
    const executions = await store.executions(imported.experiment, {}, { after: -1, limit: 10_000 })
    const told = executions.map(({ variant, case: id, output, score, latencyMs }) => ({
      variant,
      id,
      output,
      score,
      latencyMs,
    }))
    expect(told).toEqual(
      run.outcomes.map(({ variant, case: id, output, score, latencyMs }) => ({
        variant,
        id,
        output,
        score,
        latencyMs,
      })),
    )
    for (const execution of executions) expect(execution.messages.length).toBeGreaterThan(0)
  })
})

test('a second import changes nothing', async () => {
  await importSampleRun(store, 'plurals')
  const before = await store.ledger(experimentId('sample-plurals'))
  expect(await importSampleRun(store, 'plurals')).toMatchObject({ added: false })
  expect(await store.ledger(experimentId('sample-plurals'))).toEqual(before)
  expect((await store.verify()).problems).toEqual([])
})

test('an import that was cut off is completed by the next one', async () => {
  const path = join(folder, 'cut.db')
  const first = await openStore({ path })
  // The process "dies" with answers in the ledger and no outcome recorded.
  const cut: Store = {
    ...first,
    recordOutcomes: async () => {
      throw new Error('power failure')
    },
  }
  await expect(importSampleRun(cut, 'plurals')).rejects.toThrow('power failure')
  await first.finishExperiment(experimentId('sample-plurals'), (await leaseOwner(path)) ?? '', 'interrupted', 0)
  expect(await importSampleRun(first, 'plurals')).toMatchObject({ added: true })
  const report = await first.report(experimentId('sample-plurals'), {})
  expect(report).toMatchObject({ status: 'done', results: 180, calls: 180, attempts: 180 })
  await first.close()
})

const leaseOwner = async (path: string): Promise<string | null> => {
  const { default: Database } = await import('better-sqlite3')
  const db = new Database(path, { readonly: true })
  try {
    return (db.prepare('SELECT lease_owner AS owner FROM experiments').get() as { owner: string | null }).owner
  } finally {
    db.close()
  }
}

test('a sample without a run, or none of that name, is told', async () => {
  await expect(importSampleRun(store, 'plural')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('"plurals"'),
  })
  await expect(readSampleRun('nothing')).rejects.toMatchObject({ code: 'not-found' })
})

test('all stored runs together stay small', async () => {
  const files = await readdir(resourcePath('samples'), { recursive: true })
  const runs = files.filter((file) => file.endsWith('run.jsonl'))
  const sizes = await Promise.all(runs.map(async (file) => (await stat(resourcePath('samples', file))).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_000_000)
})
