import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { experimentId } from '../src-core/domain/ids.ts'
import { cellKeys, dealCells } from '../src-core/experiment/matrix.ts'
import { createPhilox } from '../src-core/ports/philox.ts'
import { createRouter } from '../src-main/api/router.ts'
import { createCallerFactory } from '../src-main/api/trpc.ts'
import { hashOf } from '../src-main/services/identity.ts'
import { openStore } from '../src-main/store/open-store.ts'
import { openApp } from '../src-main/workspace/open-app.ts'
import { print } from './figure.ts'
import { benchPlace } from './place.ts'
import { longestPause, median, ms, textOf, timed } from './waiting.ts'

/** Half a million results (100,000 cases x 5 prompts) as windows ask for them, in a process that did nothing else before. */
const cases = 100_000
const variants = 5
const experiment = experimentId('20260101-0000-bench')

/** Written as a run would leave them, but without half a million flushes. */
const prepare = async (db: string): Promise<void> => {
  const store = await openStore({ path: db })
  const project = await store.workspace.write('createProject', {
    name: 'bench',
    description: '',
    columns: [
      { name: 'input', type: 'text' },
      { name: 'expected', type: 'text' },
    ],
    prompts: Array.from({ length: variants }, (_, n) => ({
      name: `p${n}`,
      template: { kind: 'text', text: `Variant ${n}: spam or ham? {input}` },
      description: '',
      tags: [],
      active: true,
      isDefault: false,
    })),
    cases: Array.from({ length: cases }, (_, n) => ({
      id: `c${n}`,
      input: textOf(n),
      expected: n % 2 === 0 ? 'spam' : 'ham',
    })),
    setup: { models: ['simulated/world'], evaluators: [{ type: 'equals' }] },
  })
  const { snapshot, problems } = await store.workspace.study('buildSnapshot', project, {}, null)
  if (snapshot === null) throw new Error(`the project cannot be run: ${problems[0]?.message}`)
  const frozen = {
    ...snapshot,
    variants: await Promise.all(snapshot.variants.map((variant) => store.registerVariant('bench', variant))),
  }
  await store.createExperiment({
    id: experiment,
    snapshot: frozen,
    snapshotHash: hashOf('snapshot'),
    planHash: hashOf('plan'),
    owner: 'bench',
    leaseMs: 1_000,
    startedAt: '2026-01-01T00:00:00.000Z',
    environment: {
      labVersion: '0.1.0',
      node: process.version,
      platform: 'bench',
      priceTableDate: null,
      identities: {},
    },
    cells: cellKeys(frozen, dealCells(frozen, createPhilox(1))),
  })
  await store.finishExperiment(experiment, 'bench', 'done', 1)
  await store.close()
  const file = new Database(db)
  file.exec(`BEGIN;
    INSERT INTO responses (finish_reason, input_tokens, output_tokens, latency_ms, batched, output_hash, output)
      SELECT 'stop', 30, 3, 100 + (n % 700), 0, n % 9, 'answer ' || (n % 9) || ' of a model, about as long as a short sentence is' FROM cells;
    INSERT INTO prompt_executions (experiment, cell, prompt, model, test_case, origin, passed, score, score_count, response, answered_by, cost_usd, from_cache, attempts, started_at)
      SELECT experiment, n, prompt, model, test_case, 'experiment', n % 3 > 0, n % 3 > 0, 1, n + 1, model, 0.0001, 0, 1, 1767225600000 FROM cells;
    UPDATE experiments SET results = cells;
    COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
  file.close()
}

const measure = async (db: string): Promise<void> => {
  const app = await openApp({ door: 'browser', db })
  const api = createCallerFactory(createRouter(app))({})
  const project = (await app.lab.store.findExperiment(experiment)) === null ? 0 : 1
  const heapBefore = process.memoryUsage().heapUsed
  const matrix = (mode: 'all' | 'failures' | 'different' | 'regressed', offset = 0) =>
    api.experiments.matrix({ experiment, mode, offset, limit: 50 })
  const blocked = await longestPause(async () => {
    print('first matrix of 500,000 results', (await timed(() => matrix('all')))[0], ms(5_000))
    for (const mode of ['failures', 'different', 'regressed'] as const)
      print(`matrix of 500,000 results: ${mode}`, (await timed(() => matrix(mode)))[0], ms(2_000))
    const pages: number[] = []
    for (let n = 0; n < 50; n++) pages.push((await timed(() => matrix('all', (n * 1_987) % cases)))[0])
    print('a page of the matrix while scrolling, median', median(pages), ms(50))
    const pair = {
      baseline: { variant: 'p0', model: 'simulated/world' },
      candidate: { variant: 'p1', model: 'simulated/world' },
    }
    print(
      'compare over 100,000 pairs',
      (
        await timed(() => api.experiments.compare({ experiment, ...pair, kind: 'regression', offset: 0, limit: 50 }))
      )[0],
      ms(2_000),
    )
    print('a cell in detail', (await timed(() => api.experiments.cell({ experiment, cell: 123_456 })))[0], ms(300))
    const report = timed(() => api.experiments.report({ experiment }))
    print(
      'the grid while a report is made',
      (await timed(() => api.cases.window({ project, offset: 5_000, limit: 100 })))[0],
      ms(300),
    )
    print('report over 500,000 results', (await report)[0], ms(20_000))
  })
  print('results, longest block of the serving thread', blocked, ms(50))
  print('results, growth of the serving heap', (process.memoryUsage().heapUsed - heapBefore) / 1e6, {
    bound: 50,
    unit: 'MB',
  })
  await app.close()
}

const [, self, prepared] = process.argv
if (prepared === undefined) {
  const place = benchPlace()
  try {
    const db = join(place.folder, 'results.db')
    execFileSync(process.execPath, [self ?? fileURLToPath(import.meta.url), db], { stdio: 'inherit' })
    await measure(db)
  } finally {
    place.remove()
  }
} else await prepare(prepared)
