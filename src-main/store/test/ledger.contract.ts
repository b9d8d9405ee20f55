import { describe, expect, it } from 'vitest'
import { callId } from '../../../src-core/domain/ids.ts'
import type { Call } from '../../../src-core/ports/store.ts'
import { attemptOf, callIn, cellIn, endOf, experimentOf, outcomeOf, responseOf, start } from './fixtures.ts'
import type { WithStore } from './with-store.ts'

export const describeLedger = (name: string, withStore: WithStore): void => {
  describe(`${name}: the ledger`, () => {
    it('counts calls, attempts, money and tokens', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        expect(await store.ledger(id)).toEqual({
          calls: 0,
          attempts: 0,
          unknown: 0,
          cached: 0,
          spentUsd: 0,
          unconfirmedUsd: 0,
          inputTokens: 0,
          outputTokens: 0,
        })
        const calls = [0, 1, 2].map((n) => callIn(id, n))
        await store.attemptsSent(
          calls,
          calls.map((call) => attemptOf(call, 1, 0.5)),
        )
        const [first, second] = calls as [Call, Call, Call]
        await store.callsEnded([
          endOf(first, { costUsd: 0.25 }),
          endOf(second, {
            final: false,
            response: null,
            failure: { code: 'server', message: 'HTTP 500' },
            httpStatus: 500,
            costUsd: 0,
          }),
        ])
        await store.attemptsSent([], [attemptOf(second, 2, 0.125)])
        expect(await store.ledger(id)).toEqual({
          calls: 3,
          attempts: 4,
          unknown: 0,
          cached: 0,
          spentUsd: 0.25,
          unconfirmedUsd: 0.625,
          inputTokens: 120,
          outputTokens: 30,
        })
      }))

    it('does not know the sum where one price is unknown', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const calls = [callIn(id, 0), callIn(id, 1)] as const
        await store.attemptsSent(calls, [attemptOf(calls[0], 1, null), attemptOf(calls[1], 1, 1)])
        expect((await store.ledger(id)).unconfirmedUsd).toBeNull()
        await store.callsEnded([endOf(calls[0], { costUsd: null })])
        expect(await store.ledger(id)).toMatchObject({ spentUsd: null, unconfirmedUsd: 1 })
      }))

    it('holds one call per purpose, and every attempt ever sent for it', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const call = callIn(id, 0)
        await store.attemptsSent([call], [attemptOf(call)])
        await store.attemptsSent([call], [attemptOf(call, 2)])
        expect(await store.ledger(id)).toMatchObject({ calls: 1, attempts: 2 })
        await store.callsEnded([endOf(call, { attempt: 2 })])
        expect((await store.runState(id)).answered).toMatchObject([{ call: call.id, attempts: 2 }])
      }))

    it('never writes over the attempts of a dead run that counted from 1', () =>
      withStore(async (store, subject) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const call = callIn(id, 0)
        await store.attemptsSent([call], [attemptOf(call, 1), attemptOf(call, 2)])
        const later = await subject.open()
        await later.attemptsSent([call], [attemptOf(call, 1)])
        await later.callsEnded([
          endOf(call, {
            attempt: 1,
            final: false,
            response: null,
            failure: { code: 'server', message: '500' },
            costUsd: 0,
          }),
        ])
        await later.attemptsSent([], [attemptOf(call, 2)])
        await later.callsEnded([endOf(call, { attempt: 2 })])
        await later.close()
        expect(await store.ledger(id)).toMatchObject({ calls: 1, attempts: 4 })
        expect((await store.runState(id)).answered).toMatchObject([{ attempts: 4 }])
        expect((await store.verify()).problems).toEqual([])
      }))

    it('refuses the end of an attempt that was never sent, or that has ended', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const call = callIn(id, 0)
        await expect(store.callsEnded([endOf(call)])).rejects.toThrow('never written')
        await store.attemptsSent([call], [attemptOf(call)])
        await store.callsEnded([endOf(call)])
        await expect(store.callsEnded([endOf(call)])).rejects.toThrow('has ended already')
        expect(await store.ledger(id)).toMatchObject({ spentUsd: 0.002 })
      }))

    it('a failed write of a group leaves the others of the group in place', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const good = callIn(id, 0)
        const stranger = { ...callIn(id, 1), model: 'no such model' }
        const results = await Promise.allSettled([
          store.attemptsSent([good], [attemptOf(good)]),
          store.attemptsSent([callIn(id, 2), stranger], [attemptOf(callIn(id, 2)), attemptOf(stranger)]),
          store.callsEnded([endOf(good)]),
        ])
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
        // Of the failed write not even its good half is there.
        expect(await store.ledger(id)).toMatchObject({ calls: 1, attempts: 1, spentUsd: 0.002 })
        await store.attemptsSent([callIn(id, 2)], [attemptOf(callIn(id, 2))])
        expect(await store.ledger(id)).toMatchObject({ calls: 2, attempts: 2 })
      }))

    it('gives a resume all it needs: recorded, answered, judged, attempted', () =>
      withStore(async (store) => {
        const { id } = experimentOf()
        await store.createExperiment(experimentOf())
        const calls = [0, 1, 2, 3].map((n) => callIn(id, n)) as [Call, Call, Call, Call]
        const judge: Call = {
          id: callId('judge-1'),
          experiment: id,
          kind: 'judge',
          purpose: `judge:${cellIn(id, 0)}:rubric:1`,
          cell: cellIn(id, 0),
          model: 'small',
          messages: [{ role: 'user', content: 'Judge this.' }],
        }
        await store.attemptsSent(
          [...calls, judge],
          [...calls, judge].map((call) => attemptOf(call)),
        )
        const failure = { code: 'bad-request', message: 'HTTP 400' } as const
        await store.callsEnded([
          endOf(calls[0]),
          endOf(calls[1], { response: responseOf('spam'), costUsd: 0.5 }),
          endOf(calls[2], { response: null, failure, httpStatus: 400, costUsd: 0 }),
          endOf(judge, { response: responseOf('{"score": 4}') }),
        ])
        await store.recordOutcomes(id, [outcomeOf(calls[0])])
        expect(await store.runState(id)).toEqual({
          recorded: [0],
          answered: [
            {
              cell: cellIn(id, 1),
              call: calls[1].id,
              response: responseOf('spam'),
              failure: null,
              answeredBy: 'small',
              costUsd: 0.5,
              fromCache: false,
              attempts: 1,
              startedAt: start,
            },
            {
              cell: cellIn(id, 2),
              call: calls[2].id,
              response: null,
              failure,
              answeredBy: null,
              costUsd: 0,
              fromCache: false,
              attempts: 1,
              startedAt: start,
            },
          ],
          judged: [{ purpose: judge.purpose, call: judge.id, output: '{"score": 4}', costUsd: 0.002 }],
          attempted: [{ purpose: calls[3].purpose, attempts: 1 }],
        })
      }))
  })
}
