import { describe, expect, it } from 'vitest'
import { experimentId } from '../../../src-core/domain/ids.ts'
import type { LiveEvent } from '../../../src-main/workspace/experiment-types.ts'
import { foldLive } from './fold-live.ts'

const head = {
  state: 'running',
  progress: null,
  unconfirmedUsd: 0,
  budget: { calls: null, tokens: null, usd: null, minutes: null },
  cause: null,
} as const
const recent = (cell: number) =>
  ({ cell, variant: 'a', model: 'm', case: `c${cell}`, score: 1, passed: true, failed: false }) as const
const progress = (elapsedMs: number) =>
  ({
    number: elapsedMs,
    phase: 'running',
    cells: 10_000,
    done: elapsedMs,
    failed: 0,
    fromCache: 0,
    failures: {},
    attempts: 0,
    retries: 0,
    inFlight: 0,
    spentUsd: null,
    inputTokens: 0,
    outputTokens: 0,
    elapsedMs,
    cellsPerSecond: null,
    etaMs: null,
  }) as const
const snapshot: LiveEvent = {
  kind: 'snapshot',
  number: 5,
  record: {
    id: experimentId('e1'),
    project: 'p',
    status: 'running',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    cells: 4,
    results: 0,
    failed: 0,
    snapshotHash: '',
    planHash: '',
    labVersion: '0',
  },
  heat: { columns: [{ variant: 'a', model: 'm' }], rows: 2, casesPerRow: 2, tiles: [2, 0, 0, 0, 2, 0, 0, 0] },
  log: [],
  recent: [recent(0)],
  interim: [],
  ...head,
}
const delta = (number: number, change: Partial<Extract<LiveEvent, { kind: 'delta' }>> = {}): LiveEvent => ({
  kind: 'delta',
  number,
  tiles: [],
  log: [],
  recent: [],
  interim: [],
  ...head,
  ...change,
})

describe('folding the events of a run', () => {
  it('has nothing before the first snapshot', () => {
    expect(foldLive(null, [delta(1)])).toBeNull()
  })
  it('puts changed tiles in their places and leaves the snapshot as it was', () => {
    const before = foldLive(null, [snapshot])
    const after = foldLive(before, [delta(6, { tiles: [[1, 2, 1, 1, 0]] })])
    expect(after?.heat.tiles).toEqual([2, 0, 0, 0, 2, 1, 1, 0])
    expect(before?.heat.tiles).toEqual([2, 0, 0, 0, 2, 0, 0, 0])
  })
  it('passes over events that the snapshot holds already', () => {
    const view = foldLive(null, [snapshot, delta(5, { recent: [recent(1)] }), delta(6, { recent: [recent(2)] })])
    expect(view?.recent.map(({ cell }) => cell)).toEqual([2, 0])
    expect(view?.number).toBe(6)
  })
  it('gives the same state for many events at once as for one after another', () => {
    const events = [
      snapshot,
      ...Array.from({ length: 40 }, (_, i) => delta(6 + i, { recent: [recent(i + 1)], tiles: [[0, 2, i, 0, 0]] })),
    ]
    let single: ReturnType<typeof foldLive> = null
    for (const event of events) single = foldLive(single, [event])
    expect(foldLive(null, events)).toEqual(single)
  })
  it('bounds what it keeps: recent cells, log and samples, with the first and the newest sample among them', () => {
    const events = Array.from({ length: 3_000 }, (_, i) =>
      delta(6 + i, {
        recent: [recent(i)],
        log: [{ at: '', kind: 'notice', message: String(i) }],
        progress: progress(i + 1),
      }),
    )
    const view = foldLive(null, [snapshot, ...events])
    expect(view?.recent).toHaveLength(30)
    expect(view?.log).toHaveLength(200)
    expect(view?.samples.length).toBeLessThanOrEqual(400)
    expect(view?.samples.at(-1)?.elapsedMs).toBe(3_000)
    expect(view?.samples[0]?.elapsedMs).toBeLessThan(20)
  })
})
