import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Lab, openLab } from '../src-main/lab.ts'
import { importSampleRun } from '../src-main/services/sample-runs.ts'
import { listSamples } from '../src-main/services/samples.ts'

// Every test starts processes or threads of its own; a machine that builds at the same time may take long over them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Reports on the stored runs of real models, worked out a second time by a program that shares no line with ours. */
const python = spawnSync('python3', ['--version']).status === 0
const script = join(import.meta.dirname, 'recompute.py')
const recompute = (folder: string): Promise<{ readonly code: number; readonly stdout: string }> =>
  new Promise((resolve) => {
    execFile('python3', ['-B', script, folder], (error, stdout) => resolve({ code: error === null ? 0 : 1, stdout }))
  })

let folder = ''
let lab: Lab
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recompute-'))
  lab = await openLab({ db: join(folder, 'lab.db') })
})
afterAll(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

const samples = (await listSamples()).map(({ name }) => name)

describe.skipIf(!python)('a computation of its own (python3)', () => {
  test.each(samples)('finds every figure of the report of %s', async (sample) => {
    const { experiment } = await importSampleRun(lab.store, sample)
    await lab.writeReport(await lab.experiments.report(experiment), join(folder, sample), { executions: true })
    const { code, stdout } = await recompute(join(folder, sample))
    expect(stdout).toMatch(/^\d{2,} passed, 0 failed$/m)
    expect(code).toBe(0)
  })

  test.each([
    ['a mean', (report: Report) => (report.rows[0].mean += 1e-6)],
    ['an interval', (report: Report) => (report.rows[1].ci[1] += 1e-6)],
    ['a p-value', (report: Report) => (report.comparisons[0].p *= 1.000001)],
    ['a quantile of latency', (report: Report) => (report.rows[2].latencyMs.p95 += 0.01)],
  ])('and sees when %s is off by a millionth', async (_, falsify) => {
    const file = join(folder, 'plurals', 'report.json')
    const whole = readFileSync(file, 'utf8')
    const report = JSON.parse(whole) as Report
    falsify(report)
    writeFileSync(file, JSON.stringify(report))
    const { code, stdout } = await recompute(join(folder, 'plurals'))
    writeFileSync(file, whole)
    expect(stdout).toMatch(/, 1 failed$/m)
    expect(code).toBe(1)
  })
})

type Row = { mean: number; ci: [number, number]; latencyMs: { p95: number } }
type Report = { readonly rows: readonly [Row, Row, Row]; readonly comparisons: readonly [{ p: number }] }
