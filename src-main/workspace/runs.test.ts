import { expect, test } from 'vitest'
import type { LiveEvent } from './experiment-types.ts'
import { simulatedLab, withApp } from './test/with-app.ts'

type Context = Parameters<Parameters<typeof withApp>[0]>[0]

const project = async ({ api }: Context, cases: number, more = ''): Promise<{ readonly project: number }> => {
  const imported = await api.projects.importLab({ text: simulatedLab(cases, more) })
  return { project: imported.project.id }
}
const follow = async ({ app }: Context, experiment: string): Promise<readonly LiveEvent[]> => {
  const events: LiveEvent[] = []
  for await (const event of app.runs.live(experiment, null, AbortSignal.timeout(30_000))) events.push(event)
  return events
}
/** The heat map as a window has it after a snapshot and every change. */
const tilesAfter = (events: readonly LiveEvent[]): readonly number[] => {
  const [first] = events
  if (first?.kind !== 'snapshot') throw new Error('the first event is not a snapshot')
  const tiles = [...first.heat.tiles]
  for (const event of events) {
    if (event.kind === 'delta') for (const [tile, ...counts] of event.tiles) tiles.splice(tile * 4, 4, ...counts)
  }
  return tiles
}

test(
  'a run from the setup: plan, start, live view, matrix, cell, compare, report, downloads',
  { timeout: 60_000 },
  () =>
    withApp(async (context) => {
      const { api } = context
      const at = await project(context, 30)
      const plan = await api.setup.plan(at)
      expect(plan.problems).toEqual([])
      expect(plan.plan?.cells).toBe(60)
      const { id: experiment } = await api.experiments.start(at)
      const events = await follow(context, experiment)
      expect(events[0]?.kind).toBe('snapshot')
      const numbers = events.map(({ number }) => number)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
      const last = events.at(-1)
      expect(last).toMatchObject({ kind: 'delta', state: 'ended' })
      const sum = (kind: number) =>
        tilesAfter(events).reduce((total, count, index) => (index % 4 === kind ? total + count : total), 0)
      expect(sum(0)).toBe(60)
      expect(sum(1) + sum(2) + sum(3)).toBe(60)

      const matrix = await api.experiments.matrix({ experiment, offset: 0, limit: 10 })
      expect([matrix.total, matrix.rows.length, matrix.columns.map(({ recorded }) => recorded)]).toEqual([
        30,
        10,
        [30, 30],
      ])
      expect(matrix.columns.map(({ passed }) => passed).reduce((a, b) => a + b)).toBe(sum(1))
      const failures = await api.experiments.matrix({ experiment, mode: 'failures', offset: 0, limit: 100 })
      expect(failures.rows.every(({ cells }) => cells.some(({ passed, total }) => passed < total))).toBe(true)
      const tagged = await api.experiments.matrix({ experiment, tag: 't1', text: 'message 1', offset: 0, limit: 100 })
      expect(tagged.rows.map((row) => row.case)).toEqual(['c1', 'c10', 'c13', 'c16', 'c19'])

      const [first] = matrix.rows
      const cell = await api.experiments.cell({ experiment, cell: first?.cells[0]?.cell ?? 0 })
      expect(cell.request.messages).toEqual([{ role: 'user', content: 'Spam or ham? message 0' }])
      expect(cell.attempts).toHaveLength(1)
      expect(cell.automated).toEqual({ score: cell.score, passed: cell.passed })

      const [baseline, candidate] = matrix.columns.map(({ variant, model }) => ({ variant, model }))
      if (baseline === undefined || candidate === undefined) throw new Error('two columns')
      const compared = await api.experiments.compare({ experiment, baseline, candidate, offset: 0, limit: 100 })
      const { all, regression, improvement, tie, missing, excluded } = compared.counts
      expect(regression + improvement + tie + missing + excluded).toBe(all)
      const regressed = await api.experiments.matrix({ experiment, mode: 'regressed', offset: 0, limit: 100 })
      expect(regressed.total).toBe(regression)

      const report = await api.experiments.report({ experiment })
      expect(report.rows.map(({ passed }) => passed)).toEqual(matrix.columns.map(({ passed }) => passed))
      const html = await api.experiments.download({ experiment, format: 'html' })
      expect(html.text).not.toMatch(/<script/i)
      expect((await api.experiments.download({ experiment, format: 'json' })).name).toBe(`report-${experiment}.json`)

      const [card] = await api.projects.list()
      expect(card?.lastRun?.id).toBe(experiment)
      expect((await api.cases.window({ ...at, offset: 0, limit: 1 })).rows[0]?.lastPassRate).not.toBeNull()
    }),
)

test(
  'a rating lies over the automated score and comes off again; an exclusion leaves the pair out',
  { timeout: 60_000 },
  () =>
    withApp(async (context) => {
      const { api } = context
      const at = await project(context, 4)
      const { id: experiment } = await api.experiments.start(at)
      await follow(context, experiment)
      const before = await api.experiments.matrix({ experiment, offset: 0, limit: 10 })
      const target = before.rows[0]?.cells[0]
      if (target === undefined) throw new Error('no cell')
      const hash = await api.projects.stateHash(at)
      const passed = target.passed === 0
      await api.experiments.annotate({ experiment, cells: [target.cell], change: { rating: { passed } } })
      const rated = await api.experiments.cell({ experiment, cell: target.cell })
      expect([rated.passed, rated.automated?.passed]).toEqual([passed, !passed])
      const after = await api.experiments.matrix({ experiment, offset: 0, limit: 10 })
      expect(after.revision).toBeGreaterThan(before.revision)
      expect(after.columns[0]?.passed).toBe((before.columns[0]?.passed ?? 0) + (passed ? 1 : -1))
      expect(after.rows[0]?.cells[0]).toMatchObject({ rated: true, passed: passed ? 1 : 0, score: passed ? 1 : 0 })
      await api.experiments.annotate({ experiment, cells: [target.cell], change: { excluded: 'wrong label' } })
      expect(await api.experiments.ratings({ experiment })).toEqual({
        rated: 1,
        excluded: 1,
        comments: 0,
        reasons: [{ reason: 'wrong label', count: 1 }],
      })
      const [baseline, candidate] = before.columns.map(({ variant, model }) => ({ variant, model }))
      if (baseline === undefined || candidate === undefined) throw new Error('two columns')
      expect(
        (await api.experiments.compare({ experiment, baseline, candidate, offset: 0, limit: 9 })).counts.excluded,
      ).toBe(1)
      await api.projects.undo(at)
      await api.projects.undo(at)
      expect(await api.projects.stateHash(at)).toBe(hash)
      expect((await api.experiments.matrix({ experiment, offset: 0, limit: 10 })).columns).toEqual(before.columns)
      expect((await api.experiments.report({ experiment })).label).toBe('confirmatory')
    }),
)

test(
  'a budget ends a run; a raised cap goes on with it; a dry run is three cells at most and no last run',
  { timeout: 60_000 },
  () =>
    withApp(async (context) => {
      const { api } = context
      const at = await project(context, 20, 'budget: { calls: 10 }\nconcurrency: 1\n')
      const dry = await api.experiments.dryRun(at)
      await follow(context, dry.id)
      expect((await api.experiments.get({ experiment: dry.id })).record.cells).toBeLessThanOrEqual(3)
      const { id: experiment } = await api.experiments.start(at)
      await follow(context, experiment)
      const stopped = await api.experiments.get({ experiment })
      expect([stopped.record.status, stopped.record.results]).toEqual(['budget', 10])
      await api.experiments.raiseCap({ experiment, budget: { calls: 100 } })
      const events = await follow(context, experiment)
      expect(events[0]).toMatchObject({ kind: 'snapshot', budget: { calls: 100 } })
      const tiles = tilesAfter(events)
      expect(tiles.reduce((total, count, index) => (index % 4 === 0 ? total : total + count), 0)).toBe(40)
      expect((await api.experiments.get({ experiment })).record.status).toBe('done')
      const runs = await api.experiments.list(at)
      expect(runs.map(({ id, dry: isDry }) => [id, isDry])).toEqual([
        [experiment, false],
        [dry.id, true],
      ])
      expect((await api.projects.get(at)).lastRun?.id).toBe(experiment)
    }),
)

test('problems of a setup have paths, and nothing starts with them', () =>
  withApp(async (context) => {
    const { api } = context
    const at = await project(context, 3)
    const state = await api.setup.save({
      ...at,
      sections: {
        models: ['simulated/world', { id: 'x', provider: 'opnai', model: 'm' }],
        evaluators: [{ type: 'equal' }],
      },
    })
    expect(state.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ['models', 1, 'provider'],
        ['evaluators', 0, 'type'],
      ]),
    )
    await expect(api.experiments.start(at)).rejects.toMatchObject({ cause: { code: 'lab-file' } })
    await api.projects.undo(at)
    const trial = await api.setup.plan({ ...at, trial: { repetitions: 5 } })
    expect(trial.plan?.cells).toBe(30)
    expect((await api.setup.get(at)).setup.repetitions).toBeUndefined()
  }))
