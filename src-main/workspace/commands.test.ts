import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulatedLab, withApp } from './test/with-app.ts'

type Api = Parameters<Parameters<typeof withApp>[0]>[0]['api']

/** Numbers from the generator choose what a command is done to, so that a sequence means the same whatever ran before it. */
type Step = { readonly kind: number; readonly a: number; readonly b: number; readonly text: string }
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(22),
  a: fc.nat(1000),
  b: fc.nat(1000),
  text: fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map((text) => text.replaceAll(/[@,]/g, '_').trim() || 'x'),
})

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]

/** One thing a person may do. Refusals (a name that is taken, a holdout without a reason) are a part of life. */
const perform = async (api: Api, project: number, { kind, a, b, text }: Step): Promise<unknown> => {
  const columns = await api.cases.columns({ project })
  const { rows } = await api.cases.window({ project, offset: 0, limit: 50 })
  const prompts = await api.prompts.list({ project })
  const row = pick(rows, a)?.id
  const prompt = pick(prompts, a)?.id
  const column = pick(columns, b)?.key ?? 'id'
  const ids = rows.slice(a % 10, (a % 10) + (b % 5) + 1).map(({ id }) => id)
  const some = ids.length === 0 ? { filter: {} } : { ids }
  switch (kind) {
    case 0:
      return row === undefined
        ? null
        : api.cases.edit({ project, edits: [{ case: row, column, value: text }], reason: 'tried' })
    case 1:
      return api.cases.insert({ project, before: b % 2 === 0 ? (row ?? null) : null, cells: [{}, { expected: text }] })
    case 2:
      return api.cases.remove({ project, rows: some })
    case 3:
      return api.cases.addColumn({ project, name: text, type: 'text' })
    case 4:
      return api.cases.renameColumn({ project, column, name: text })
    case 5:
      return api.cases.deleteColumn({ project, column })
    case 6:
      return api.cases.setColumnType({
        project,
        column,
        type: pick(['text', 'number', 'boolean', 'json'] as const, a) ?? 'text',
      })
    case 7:
      return api.cases.paste({
        project,
        offset: a % (rows.length + 3),
        columns: [column, null],
        cells: [
          [text, '1'],
          ['', text],
        ],
        reason: 'pasted',
      })
    case 8:
      return api.cases.fillDown({ project, offset: a % 5, limit: 4, columns: [column], reason: 'filled' })
    case 9:
      return api.cases.bulkEdit({ project, rows: { filter: { tag: `t${a % 3}` } }, column, value: b, reason: 'all' })
    case 10:
      return api.cases.addTag({ project, rows: some, tag: text, remove: b % 2 === 0 })
    case 11:
      return api.cases.setSplit({
        project,
        rows: some,
        split: pick(['train', 'race', 'holdout', null] as const, b) ?? null,
        reason: a % 2 === 0 ? 'moved' : null,
      })
    case 12:
      return api.cases.findReplace({ project, what: { find: pick(['a', 'message', '1'], a) ?? 'a', replace: text } })
    case 13:
      return api.cases.reorderColumns({ project, order: columns.map(({ key }) => key).toReversed() })
    case 14:
      return api.prompts.create({ project, name: text, template: { kind: 'text', text } })
    case 15:
      return prompt === undefined
        ? null
        : api.prompts.saveDraft({ project, prompt, patch: { template: { kind: 'text', text: `${text} {message}` } } })
    case 16:
      return prompt === undefined ? null : api.prompts.saveDraft({ project, prompt, patch: { name: text } })
    case 17:
      return prompt === undefined ? null : api.prompts.remove({ project, prompt })
    case 18:
      return prompts.length === 0
        ? null
        : api.prompts.reorder({ project, order: prompts.map(({ id }) => id).toReversed() })
    case 19:
      return prompt === undefined ? null : api.prompts.commitVersion({ project, prompt, label: text })
    case 20:
      return api.setup.save({
        project,
        sections: { repetitions: (a % 9) + 1, budget: b % 2 === 0 ? { calls: b + 1 } : null },
      })
    case 21:
      return api.projects.rename({ project, name: text })
    default:
      return api.experiments.annotate({
        experiment: 'sample-plurals',
        cells: [a % 10, b % 10],
        change:
          pick(
            [{ rating: { passed: b % 2 === 0 } }, { excluded: text }, { comment: text }, { rating: null }] as const,
            a,
          ) ?? {},
      })
  }
}
const refusals: readonly string[] = ['usage', 'not-found']
const tried = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work
  } catch (error) {
    const code = (error as { cause?: { code?: string } }).cause?.code
    if (code === undefined || !refusals.includes(code)) throw error
  }
}
const undoAll = async (api: Api, project: number): Promise<number> => {
  for (let steps = 0; ; steps++) if ((await api.projects.undo({ project })).label === null) return steps
}
test('whatever a person does, undo leads back to the beginning and redo to the end', { timeout: 600_000 }, () =>
  withApp(async ({ api }) => {
    const sample = await api.projects.createFromSample({ sample: 'plurals' })
    const project = sample.id
    const first = await api.projects.stateHash({ project })
    const runs = Number(process.env.PROMPTLAB_UNDO_SEQUENCES ?? 12)
    let done = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        for (const [index, one] of steps.entries()) {
          await tried(perform(api, project, one))
          // Now and then somebody goes back and takes another way.
          if (index % 5 === 4) await api.projects.undo({ project })
        }
        const last = await api.projects.stateHash({ project })
        const undone = await undoAll(api, project)
        done += undone
        expect(await api.projects.stateHash({ project })).toBe(first)
        // As many as were undone: where the last steps did nothing, an older redo branch lies behind them.
        for (let n = 0; n < undone; n++) await api.projects.redo({ project })
        expect(await api.projects.stateHash({ project })).toBe(last)
        await undoAll(api, project)
        expect(await api.projects.stateHash({ project })).toBe(first)
      }),
      // PROMPTLAB_UNDO_SEQUENCES=1000 is the long form.
      { seed: 2026, numRuns: runs, endOnFailure: true },
    )
    expect(done).toBeGreaterThan(runs)
  }),
)

test('saves of one draft within seconds are one step; a new command cuts the redo branch', () =>
  withApp(async ({ api }) => {
    const { project } = await api.projects.importLab({ text: simulatedLab(3) })
    const at = { project: project.id }
    const [plain] = await api.prompts.list(at)
    const prompt = plain?.id ?? 0
    for (const text of ['a', 'ab', 'abc'])
      await api.prompts.saveDraft({ ...at, prompt, patch: { template: { kind: 'text', text } } })
    expect((await api.projects.history(at)).entries).toHaveLength(1)
    await api.projects.undo(at)
    expect((await api.prompts.get({ ...at, prompt })).template).toEqual(plain?.template)
    expect((await api.projects.history(at)).redo).toBe('Edit of prompt "plain"')
    await api.prompts.create({ ...at, name: 'other' })
    const history = await api.projects.history(at)
    expect([history.redo, history.undo]).toEqual([null, 'New prompt "other"'])
  }))

test('a holdout case moves only with a reason, and an undo needs none', () =>
  withApp(async ({ api }) => {
    const { project } = await api.projects.importLab({ text: simulatedLab(4) })
    const at = { project: project.id }
    await api.cases.setSplit({ ...at, rows: { filter: {} }, split: 'holdout' })
    await expect(api.cases.setSplit({ ...at, rows: { filter: {} }, split: 'train' })).rejects.toThrow(
      /only with a reason/,
    )
    expect(
      (await api.cases.window({ ...at, query: { filter: { split: 'holdout' } }, offset: 0, limit: 9 })).total,
    ).toBe(4)
    await api.cases.setSplit({ ...at, rows: { filter: {} }, split: 'train', reason: 'the document was published' })
    await api.projects.undo(at)
    expect(
      (await api.cases.window({ ...at, query: { filter: { split: 'holdout' } }, offset: 0, limit: 9 })).total,
    ).toBe(4)
  }))
