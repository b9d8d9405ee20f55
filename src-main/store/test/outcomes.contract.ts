import { describe, expect, it } from 'vitest'
import type { Call, Store } from '../../../src-core/ports/store.ts'
import { attemptOf, callIn, cellIn, endOf, experimentOf, outcomeOf, responseOf, type Shape, start } from './fixtures.ts'
import type { WithStore } from './with-store.ts'

/** A finished run: every cell answered; those in `failing` with a failure. */
const runAll = async (store: Store, shape: Shape, failing: readonly number[] = []) => {
  const created = experimentOf(shape)
  await store.createExperiment(created)
  const calls = created.cells.map((cell, n) => callIn(created.id, n, cell.model))
  await store.attemptsSent(
    calls,
    calls.map((call) => attemptOf(call)),
  )
  const failure = { code: 'timeout', message: 'no token within 60 s' } as const
  const isFailing = (n: number) => failing.includes(n)
  await store.callsEnded(
    calls.map((call, n) =>
      isFailing(n)
        ? endOf(call, { response: null, failure, httpStatus: null, costUsd: 0 })
        : endOf(call, { response: responseOf(`out ${n}`) }),
    ),
  )
  await store.recordOutcomes(
    created.id,
    calls.map((call, n) =>
      isFailing(n)
        ? outcomeOf(call, {
            response: null,
            failure,
            answeredBy: null,
            score: 0,
            passed: false,
            scores: [],
            costUsd: null,
          })
        : outcomeOf(call, {
            response: responseOf(`out ${n}`),
            score: n % 2,
            passed: n % 2 === 1,
            traceId: `trace ${n}`,
            metadata: { n },
          }),
    ),
  )
  return created
}

export const describeOutcomes = (name: string, withStore: WithStore): void => {
  describe(`${name}: executions and reports`, () => {
    it('gives executions in the order of cells, with messages rendered anew', () =>
      withStore(async (store) => {
        const { id } = await runAll(store, { cases: 2 }, [2])
        const [first, second, third, fourth, ...rest] = await store.executions(id, {}, { after: -1, limit: 100 })
        expect(rest).toEqual([])
        expect(first).toEqual({
          experiment: id,
          cell: cellIn(id, 0),
          variant: 'plain',
          version: 1,
          model: 'small',
          servedModel: 'served-by-name',
          case: 'case-0',
          repetition: 1,
          messages: [{ role: 'user', content: 'plain: text 0 with {braces} and "quotes"' }],
          output: 'out 0',
          finishReason: 'stop',
          score: 0,
          passed: false,
          scores: [
            {
              evaluator: 'equals',
              score: 1,
              passed: true,
              reason: 'the output equals the expected answer',
              failed: false,
            },
          ],
          failure: null,
          inputTokens: 120,
          outputTokens: 30,
          cachedInputTokens: null,
          costUsd: 0.002,
          latencyMs: 51.25,
          firstTokenMs: 12.5,
          fromCache: false,
          attempts: 1,
          startedAt: start,
          traceId: 'trace 0',
          userFeedback: null,
        })
        expect(second).toMatchObject({ variant: 'guided', score: 1, passed: true })
        expect(third).toMatchObject({
          output: null,
          finishReason: null,
          failure: { code: 'timeout', message: 'no token within 60 s' },
          scores: [],
          costUsd: null,
          latencyMs: null,
          inputTokens: null,
        })
        expect(fourth?.messages).toEqual([{ role: 'user', content: 'guided: text 1 with {braces} and "quotes"' }])
      }))

    it('pages and filters', () =>
      withStore(async (store) => {
        const { id } = await runAll(store, { cases: 10, models: ['m1', 'm2'] }, [7])
        const cells: string[] = []
        for (let after = -1; ; ) {
          const page = await store.executions(id, {}, { after, limit: 7 })
          cells.push(...page.map(({ cell }) => cell))
          if (page.length < 7) break
          after = Number(page.at(-1)?.cell.split(':').at(-1))
        }
        expect(cells).toEqual(Array.from({ length: 40 }, (_, n) => cellIn(id, n)))
        const page = { after: -1, limit: 100 }
        expect(await store.executions(id, { variant: 'plain', model: 'm2', case: 'case-3' }, page)).toHaveLength(1)
        expect(await store.executions(id, { model: 'm1' }, page)).toHaveLength(20)
        expect(await store.executions(id, { variant: 'none' }, page)).toEqual([])
        const failures = await store.executions(id, { failures: true }, page)
        expect(failures).toHaveLength(21)
        expect(failures.every(({ passed }) => !passed)).toBe(true)
      }))

    it('keeps the first result of a cell, however often it is recorded', () =>
      withStore(async (store) => {
        const { id } = await runAll(store, { cases: 1 })
        await store.recordOutcomes(id, [
          outcomeOf(callIn(id, 0), { score: 0.5 }),
          outcomeOf(callIn(id, 0), { score: 0.6 }),
        ])
        const executions = await store.executions(id, {}, { after: -1, limit: 10 })
        expect(executions.map(({ score }) => score)).toEqual([0, 1])
        expect(await store.findExperiment(id)).toMatchObject({ results: 2, failed: 0 })
      }))

    it('refuses a result of a cell that does not exist, and then has none of the group', () =>
      withStore(async (store) => {
        const created = experimentOf({ cases: 1 })
        await store.createExperiment(created)
        const outcome = outcomeOf(callIn(created.id, 0), {
          call: null,
          response: null,
          failure: { code: 'render', message: 'missing' },
          scores: [],
        })
        await expect(
          store.recordOutcomes(created.id, [outcome, { ...outcome, cell: cellIn(created.id, 99) }]),
        ).rejects.toThrow('no cell 99')
        expect((await store.runState(created.id)).recorded).toEqual([])
        await store.recordOutcomes(created.id, [outcome])
        expect(await store.findExperiment(created.id)).toMatchObject({ results: 1, failed: 1 })
      }))

    it('reports from rows: a mean per variant, failures in every denominator, what another person needs', () =>
      withStore(async (store) => {
        const { id, planHash, snapshotHash } = await runAll(store, { cases: 20 }, [3])
        await store.finishExperiment(id, 'owner-1', 'done', 12.5)
        const report = await store.report(id, {})
        expect(report).toMatchObject({
          experiment: id,
          status: 'done',
          label: 'confirmatory',
          cells: 40,
          results: 40,
          failed: 1,
          attempts: 40,
          wallSeconds: 12.5,
        })
        const rows = new Map(report.rows.map((row) => [row.variant, row]))
        expect(rows.get('plain')).toMatchObject({ n: 20, mean: 0, failed: 0 })
        expect(rows.get('guided')?.n).toBe(20)
        expect(rows.get('guided')?.mean).toBeCloseTo(0.95, 12)
        expect(report.reproduction).toMatchObject({
          labVersion: '0.1.0',
          node: 'v24.0.0',
          platform: 'linux-x64',
          seed: 7,
          snapshotHash,
          planHash,
          priceTableDate: '2026-01-01',
          variants: [
            { variant: 'plain', version: 1 },
            { variant: 'guided', version: 1 },
          ],
          models: [
            { model: 'small', provider: 'openai', name: 'served-small', digest: 'sha256:small', simulated: false },
          ],
          evaluators: [{ name: 'equals', type: 'equals', version: 1 }],
        })
      }))

    it('calls a report exploratory when the registered plan is changed, and only then', () =>
      withStore(async (store) => {
        const { id, snapshot } = await runAll(store, { cases: 8 })
        await store.finishExperiment(id, 'owner-1', 'done', 1)
        expect(
          (await store.report(id, { analysis: { alpha: snapshot.analysis.alpha }, baseline: 'plain' })).label,
        ).toBe('confirmatory')
        expect((await store.report(id, { analysis: { alpha: 0.1 } })).label).toBe('exploratory')
        expect((await store.report(id, { baseline: 'guided' })).label).toBe('exploratory')
        await expect(store.report(id, { baseline: 'nobody' })).rejects.toMatchObject({ code: 'usage' })
      }))

    it('scores anew and keeps the older scores; a cell that could not be scored is whole again', () =>
      withStore(async (store) => {
        const created = experimentOf({ cases: 1 })
        const { id } = created
        await store.createExperiment(created)
        const calls = [callIn(id, 0), callIn(id, 1)] as [Call, Call]
        await store.attemptsSent(
          calls,
          calls.map((call) => attemptOf(call)),
        )
        await store.callsEnded(calls.map((call) => endOf(call)))
        await store.recordOutcomes(id, [
          outcomeOf(calls[0]),
          outcomeOf(calls[1], {
            failure: { code: 'evaluator', message: 'script timed out' },
            score: 0,
            passed: false,
            scores: [],
          }),
        ])
        const score = { evaluator: 'contains', score: 0.25, passed: false, reason: 'new', failed: false }
        const anew = [0, 1].map((n) => ({
          cell: cellIn(id, n),
          score: 0.25,
          passed: false,
          scores: [score, { ...score, evaluator: 'second' }],
        }))
        const evaluators = created.snapshot.evaluators.map((spec) => ({
          ...spec,
          type: 'contains',
          name: 'contains',
          params: {},
        }))
        await expect(store.rescore(id, anew, evaluators)).rejects.toMatchObject({ code: 'busy' })
        await store.finishExperiment(id, 'owner-1', 'done', 1)
        await store.rescore(id, anew, evaluators)
        const executions = await store.executions(id, {}, { after: -1, limit: 10 })
        expect(
          executions.map(({ score: value, failure, scores }) => [
            value,
            failure,
            scores.map(({ evaluator }) => evaluator),
          ]),
        ).toEqual([
          [0.25, null, ['contains', 'second']],
          [0.25, null, ['contains', 'second']],
        ])
        expect(await store.findExperiment(id)).toMatchObject({ results: 2, failed: 0 })
        const report = await store.report(id, {})
        expect(report.label).toBe('exploratory')
        expect(report.reproduction.evaluators).toMatchObject([{ name: 'contains', type: 'contains' }])
        expect((await store.snapshot(id)).evaluators).toEqual(created.snapshot.evaluators)
        expect((await store.verify()).problems).toEqual([])
      }))

    it('finds its own file whole, and says what is missing in one that is not', () =>
      withStore(async (store) => {
        await runAll(store, { cases: 3 }, [1])
        expect(await store.verify()).toEqual({ ok: true, problems: [] })
      }))
  })
}
