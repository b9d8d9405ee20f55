import type { LabErrorData } from '../../src-core/domain/errors.ts'
import type { ExperimentRecord, ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import { cellNumberOf, dealCells } from '../../src-core/experiment/matrix.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import type { CellOutcome } from '../../src-core/ports/store.ts'
import { studentTQuantile } from '../../src-core/stats/distributions.ts'
import type { RunEvent, RunHandle } from '../engine/run-types.ts'
import type { HeatMap, InterimQuality, LiveEvent, LiveHead, LogLine, RecentCell } from './experiment-types.ts'

export type Moments = { readonly n: number; readonly mean: number; readonly m2: number }

type Start = {
  readonly handle: RunHandle
  readonly snapshot: ExperimentSnapshot
  /** As stored before this session: a resumed run goes on from there. */
  readonly heat: HeatMap
  readonly moments: readonly Moments[]
  readonly record: () => Promise<ExperimentRecord>
  readonly unconfirmed: () => Promise<number | null>
  readonly now: () => string
}

/** At most ten pushes a second, whatever the run does. */
const everyMs = 100
const keptDeltas = 100
const keptLog = 200
const keptRecent = 20

/** One run that this host drives, as windows see it: a state, and the changes after every number. */
export const createLiveRun = ({ handle, snapshot, heat, moments, record, unconfirmed, now }: Start) => {
  const deal = dealCells(snapshot, createPhilox(snapshot.seed))
  const tiles = Int32Array.from(heat.tiles)
  const columnOf = new Map(heat.columns.map(({ variant, model }, index) => [`${variant}\n${model}`, index]))
  const stats = moments.map((each) => ({ ...each }))
  const log: LogLine[] = []
  let recent: readonly RecentCell[] = []
  let head: LiveHead = {
    state: 'running',
    progress: handle.progress(),
    unconfirmedUsd: null,
    budget: snapshot.budget,
    cause: null,
  }
  let number = 0
  let ended = false
  const dirty = new Set<number>()
  let freshLog: LogLine[] = []
  let freshRecent: RecentCell[] = []
  let deltas: Extract<LiveEvent, { kind: 'delta' }>[] = []
  let waiting: (() => void)[] = []
  let timer: NodeJS.Timeout | null = null
  let flushedAt = 0

  const interim = (): readonly InterimQuality[] =>
    heat.columns.map((column, index) => {
      const { n = 0, mean = 0, m2 = 0 } = stats[index] ?? {}
      const half = n < 2 ? null : studentTQuantile(0.975, n - 1) * Math.sqrt(m2 / (n - 1) / n)
      return {
        ...column,
        n,
        mean: n === 0 ? null : mean,
        ci: half === null ? null : [Math.max(0, mean - half), Math.min(1, mean + half)],
      }
    })

  const flush = async (): Promise<void> => {
    timer = null
    flushedAt = performance.now()
    head = { ...head, unconfirmedUsd: await unconfirmed() }
    number += 1
    deltas.push({
      kind: 'delta',
      number,
      ...head,
      tiles: [...dirty].map((tile) => [
        tile,
        tiles[tile * 4] ?? 0,
        tiles[tile * 4 + 1] ?? 0,
        tiles[tile * 4 + 2] ?? 0,
        tiles[tile * 4 + 3] ?? 0,
      ]),
      log: freshLog,
      recent: freshRecent.slice(0, keptRecent),
      interim: interim(),
    })
    deltas = deltas.slice(-keptDeltas)
    dirty.clear()
    freshLog = []
    freshRecent = []
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  const changed = (): void => {
    if (timer !== null) return
    timer = setTimeout(() => void flush(), Math.max(0, flushedAt + everyMs - performance.now()))
    timer.unref()
  }
  const say = (kind: LogLine['kind'], message: string): void => {
    const line = { at: now(), kind, message }
    log.push(line)
    if (log.length > keptLog) log.shift()
    freshLog.push(line)
    if (freshLog.length > keptLog) freshLog.shift()
    changed()
  }

  const event = (happened: RunEvent): void => {
    switch (happened.kind) {
      case 'progress': {
        const { phase } = happened.progress
        const state =
          phase === 'ended'
            ? 'ended'
            : phase === 'stopping'
              ? 'stopping'
              : phase === 'paused'
                ? 'paused'
                : head.state === 'paused'
                  ? 'paused'
                  : 'running'
        head = { ...head, progress: happened.progress, state }
        changed()
        break
      }
      case 'notice':
        say('notice', happened.message)
        break
      case 'paused':
        head = { ...head, state: 'paused', cause: happened.cause }
        say('paused', happened.cause?.message ?? 'Paused. Requests in flight finish; no new one leaves.')
        break
      case 'resumed':
        head = { ...head, state: 'running', cause: null }
        say('resumed', 'Resumed.')
        break
    }
  }

  const recorded = (outcomes: readonly CellOutcome[]): void => {
    const width = heat.columns.length
    for (const outcome of outcomes) {
      const n = cellNumberOf(outcome.cell)
      const { variant, model, case: position } = deal.cell(n)
      const names = { variant: snapshot.variants[variant]?.name ?? '', model: snapshot.models[model]?.id ?? '' }
      const column = columnOf.get(`${names.variant}\n${names.model}`)
      if (column === undefined) continue
      const failed = outcome.failure !== null
      const tile = Math.floor(position / heat.casesPerRow) * width + column
      const at = tile * 4 + (outcome.passed ? 1 : failed ? 3 : 2)
      tiles[at] = (tiles[at] ?? 0) + 1
      dirty.add(tile)
      const stat = stats[column]
      if (stat !== undefined) {
        const next = stat.n + 1
        const mean = stat.mean + (outcome.score - stat.mean) / next
        stats[column] = { n: next, mean, m2: stat.m2 + (outcome.score - stat.mean) * (outcome.score - mean) }
      }
      freshRecent.unshift({
        cell: n,
        ...names,
        case: snapshot.cases[position]?.id ?? '',
        score: outcome.score,
        passed: outcome.passed,
        failed,
      })
    }
    freshRecent = freshRecent.slice(0, keptRecent)
    recent = [...freshRecent, ...recent].slice(0, keptRecent)
    changed()
  }

  const state = async (): Promise<LiveEvent> => ({
    kind: 'snapshot',
    number,
    record: await record(),
    ...head,
    heat: { ...heat, tiles: [...tiles] },
    log: [...log],
    recent,
    interim: interim(),
  })

  const ending = handle.done.then(async (end) => {
    const cause: LabErrorData | null = end.cause
    head = { ...head, state: 'ended', cause, progress: handle.progress() }
    say('ended', cause === null ? `The run ended: ${end.status}.` : `The run ended early: ${cause.message}`)
    if (timer !== null) clearTimeout(timer)
    await flush()
    ended = true
    for (const wake of waiting) wake()
  })

  return {
    handle,
    snapshot,
    event,
    recorded,
    /** Resolves when the last change can be read. */
    ended: ending,
    isEnded: () => ended,
    /** A window that joins: the state, then every change after it; or only the changes after `after` where they are still here. */
    async *follow(after: number | null, signal: AbortSignal): AsyncGenerator<LiveEvent> {
      let seen: number
      if (after !== null && after <= number && (deltas[0]?.number ?? number + 1) <= after + 1) seen = after
      else {
        const first = await state()
        seen = first.number
        yield first
      }
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      while (!signal.aborted) {
        const oldest = deltas[0]?.number ?? number + 1
        if (oldest > seen + 1) {
          // A window slower than ten seconds starts from the state again.
          const again = await state()
          seen = again.number
          yield again
          continue
        }
        const next = deltas.find((delta) => delta.number === seen + 1)
        if (next !== undefined) {
          seen = next.number
          yield next
          continue
        }
        if (ended) return
        await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), aborted])
      }
    },
  }
}

export type LiveRun = ReturnType<typeof createLiveRun>
