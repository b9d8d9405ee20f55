import { describe, expect, it } from 'vitest'
import { experimentId } from '../../../src-core/domain/ids.ts'
import { attemptOf, callIn, experimentOf, start } from './fixtures.ts'
import type { WithStore } from './with-store.ts'

export const describeExperiments = (name: string, withStore: WithStore): void => {
  describe(`${name}: experiments and leases`, () => {
    it('gives back the snapshot as it was stored, cases in order', () =>
      withStore(async (store) => {
        const created = experimentOf({ cases: 30, variants: ['a', 'b', 'c'], models: ['m1', 'm2'] })
        await store.createExperiment(created)
        expect(await store.snapshot(created.id)).toEqual(created.snapshot)
      }))

    it('keeps the order of members in a case, which can reach the rendered prompt', () =>
      withStore(async (store) => {
        const created = experimentOf({ cases: 1 })
        const inputs = { input: { z: 1, a: { y: 2, b: 3 } } }
        const cases = created.snapshot.cases.map((testCase) => ({ ...testCase, inputs }))
        await store.createExperiment({ ...created, snapshot: { ...created.snapshot, cases } })
        expect(JSON.stringify((await store.snapshot(created.id)).cases[0]?.inputs)).toBe(JSON.stringify(inputs))
      }))

    it('stores a large snapshot whole', () =>
      withStore(async (store) => {
        const created = experimentOf()
        const variants = created.snapshot.variants.map((variant) => ({
          ...variant,
          description: 'long '.repeat(40_000),
        }))
        const snapshot = { ...created.snapshot, variants }
        await store.createExperiment({ ...created, snapshot })
        expect(await store.snapshot(created.id)).toEqual(snapshot)
      }))

    it('tells of an experiment by id, by the beginning of the id, and the newest', () =>
      withStore(async (store) => {
        expect(await store.findExperiment(null)).toBeNull()
        expect(await store.experiments()).toEqual([])
        const first = experimentOf({ id: '20260101-0000-aaaa' })
        const second = experimentOf({ id: '20260101-0000-aabb' })
        await store.createExperiment(first)
        await store.createExperiment(second)
        expect(await store.findExperiment('20260101-0000-aaaa')).toEqual({
          id: first.id,
          project: 'spam',
          status: 'running',
          startedAt: start,
          finishedAt: null,
          cells: 6,
          results: 0,
          failed: 0,
          snapshotHash: first.snapshotHash,
          planHash: first.planHash,
          labVersion: '0.1.0',
        })
        expect((await store.findExperiment('20260101-0000-aab'))?.id).toBe(second.id)
        expect((await store.findExperiment(null))?.id).toBe(second.id)
        expect(await store.findExperiment('%')).toBeNull()
        expect(await store.findExperiment('')).toBeNull()
        await expect(store.findExperiment('20260101')).rejects.toMatchObject({ code: 'usage' })
        expect((await store.experiments()).map(({ id }) => id)).toEqual([second.id, first.id])
      }))

    it('refuses to store an experiment twice, and leaves the first alone', () =>
      withStore(async (store) => {
        const created = experimentOf()
        await store.createExperiment(created)
        await expect(store.createExperiment(experimentOf({ cases: 5 }))).rejects.toMatchObject({ code: 'internal' })
        expect((await store.findExperiment(created.id))?.cells).toBe(6)
      }))

    it('stores nothing of an experiment that names what its snapshot lacks', () =>
      withStore(async (store) => {
        const created = experimentOf()
        const cells = [
          ...created.cells,
          { variant: 'plain', model: 'small', case: 'no such case', repetition: 1, block: 9 },
        ]
        await expect(store.createExperiment({ ...created, cells })).rejects.toThrow('no such case')
        expect(await store.experiments()).toEqual([])
        await store.createExperiment(created)
        expect((await store.verify()).problems).toEqual([])
      }))

    it('says not-found for an experiment that is not there', () =>
      withStore(async (store) => {
        const unknown = experimentId('nowhere')
        const asked = await Promise.allSettled([
          store.snapshot(unknown),
          store.runState(unknown),
          store.ledger(unknown),
          store.lease(unknown, 'owner', 1000),
        ])
        for (const result of asked) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } })
      }))

    it('gives the lease to one owner, and to another only after it ran out', () =>
      withStore(async (store, subject) => {
        let now = Date.parse(start)
        const timed = await subject.open({ nowMs: () => now })
        const { id } = experimentOf()
        await timed.createExperiment(experimentOf({ leaseMs: 1_000 }))
        expect(await timed.lease(id, 'owner-2', 1_000)).toBe(false)
        now += 900
        expect(await timed.lease(id, 'owner-1', 1_000)).toBe(true)
        now += 900
        expect(await timed.lease(id, 'owner-2', 1_000)).toBe(false)
        expect((await timed.findExperiment(id))?.status).toBe('running')
        now += 200
        expect((await timed.findExperiment(id))?.status).toBe('interrupted')
        expect(await timed.lease(id, 'owner-2', 1_000)).toBe(true)
        expect(await timed.lease(id, 'owner-1', 1_000)).toBe(false)
        await expect(timed.finishExperiment(id, 'owner-1', 'done', 1)).rejects.toMatchObject({ code: 'busy' })
        await timed.finishExperiment(id, 'owner-2', 'budget', 1)
        expect(await store.findExperiment(id)).toMatchObject({
          status: 'budget',
          finishedAt: new Date(now).toISOString(),
        })
        await timed.close()
      }))

    it('turns the sent attempts of a dead owner into unknown ones, and counts what they may have cost', () =>
      withStore(async (store, subject) => {
        let now = Date.parse(start)
        const timed = await subject.open({ nowMs: () => now })
        const { id } = experimentOf()
        await timed.createExperiment(experimentOf({ leaseMs: 1_000 }))
        const calls = [callIn(id, 0), callIn(id, 1)]
        await timed.attemptsSent(
          calls,
          calls.map((call) => attemptOf(call, 1, 0.25)),
        )
        expect(await store.ledger(id)).toMatchObject({ attempts: 2, unknown: 0, unconfirmedUsd: 0.5, spentUsd: 0 })
        now += 500
        await timed.lease(id, 'owner-1', 1_000)
        expect(await store.ledger(id)).toMatchObject({ unknown: 0 })
        now += 5_000
        expect(await timed.lease(id, 'owner-2', 1_000)).toBe(true)
        expect(await store.ledger(id)).toMatchObject({ attempts: 2, unknown: 2, unconfirmedUsd: 0.5 })
        await timed.close()
      }))

    it('shares cases between experiments', () =>
      withStore(async (store) => {
        for (let n = 0; n < 3; n++) await store.createExperiment(experimentOf({ id: `e${n}`, cases: 50 }))
        const snapshots = await Promise.all([0, 1, 2].map((n) => store.snapshot(experimentId(`e${n}`))))
        expect(snapshots[2]).toEqual(snapshots[0])
        expect((await store.verify()).ok).toBe(true)
      }))
  })
}
