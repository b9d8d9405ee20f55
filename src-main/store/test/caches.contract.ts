import { describe, expect, it } from 'vitest'
import { attemptOf, callIn, endOf, experimentOf, keyOf, outcomeOf, responseOf } from './fixtures.ts'
import type { WithStore } from './with-store.ts'

export const describeCaches = (name: string, withStore: WithStore): void => {
  describe(`${name}: caches`, () => {
    it('answers a later experiment from the first answer, at no cost', () =>
      withStore(async (store) => {
        const first = experimentOf({ id: 'first' })
        const second = experimentOf({ id: 'second' })
        await store.createExperiment(first)
        await store.createExperiment(second)
        const key = keyOf('question')
        const paid = callIn(first.id, 0)
        await store.attemptsSent([paid], [attemptOf(paid)])
        await store.callsEnded([endOf(paid, { response: responseOf('forty-two'), costUsd: 0.5, cacheKey: key })])
        expect(await store.cachedResponses([keyOf('other'), key])).toEqual(
          new Map([[key, { response: responseOf('forty-two'), costUsd: 0.5 }]]),
        )

        const call = callIn(second.id, 0)
        await store.callsFromCache([{ ...call, cacheKey: key }])
        expect(await store.ledger(second.id)).toMatchObject({
          calls: 1,
          attempts: 0,
          cached: 1,
          spentUsd: 0,
          inputTokens: 0,
        })
        expect((await store.runState(second.id)).answered).toMatchObject([
          {
            call: call.id,
            response: responseOf('forty-two'),
            failure: null,
            answeredBy: 'small',
            costUsd: 0.5,
            fromCache: true,
            attempts: 0,
          },
        ])
        await store.recordOutcomes(second.id, [
          outcomeOf(call, { response: responseOf('forty-two'), costUsd: 0.5, fromCache: true, attempts: 0 }),
        ])
        const [execution] = await store.executions(second.id, {}, { after: -1, limit: 1 })
        expect(execution).toMatchObject({
          output: 'forty-two',
          costUsd: 0.5,
          latencyMs: 51.25,
          fromCache: true,
          attempts: 0,
        })
        expect((await store.verify()).problems).toEqual([])
      }))

    it('never puts a failure into the cache, and keeps the first answer', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const key = keyOf('question')
        const calls = [0, 1, 2].map((n) => callIn(id, n))
        await store.attemptsSent(
          calls,
          calls.map((call) => attemptOf(call)),
        )
        const [broken, first, second] = calls as [(typeof calls)[0], (typeof calls)[0], (typeof calls)[0]]
        await store.callsEnded([
          endOf(broken, { response: null, failure: { code: 'server', message: '500' }, cacheKey: key }),
        ])
        expect((await store.cachedResponses([key])).size).toBe(0)
        await store.callsEnded([endOf(first, { response: responseOf('one'), cacheKey: key })])
        await store.callsEnded([endOf(second, { response: responseOf('two'), cacheKey: key })])
        expect((await store.cachedResponses([key])).get(key)?.response.output).toBe('one')
      }))

    it('refuses to answer a call from a cache that has no answer', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        await expect(store.callsFromCache([{ ...callIn(id, 0), cacheKey: keyOf('nothing') }])).rejects.toMatchObject({
          code: 'internal',
        })
        expect((await store.ledger(id)).calls).toBe(0)
      }))

    it('keeps scores by key', () =>
      withStore(async (store) => {
        const score = { evaluator: 'rubric', score: 0.75, passed: true, reason: 'clear, but long', failed: false }
        await store.saveScores([{ key: keyOf('s1'), score }])
        expect(await store.cachedScores([keyOf('s1'), keyOf('s2')])).toEqual(new Map([[keyOf('s1'), score]]))
      }))
  })
}
