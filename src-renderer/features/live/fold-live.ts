import type { LiveEvent } from '../../../src-main/workspace/experiment-types.ts'

type Snapshot = Extract<LiveEvent, { readonly kind: 'snapshot' }>

/** Where the run stood at a moment: enough for rate, money and interim curves since this window joined. */
export type Sample = {
  readonly elapsedMs: number
  readonly done: number
  readonly cellsPerSecond: number | null
  readonly spentUsd: number | null
}

export type LiveView = Omit<Snapshot, 'kind'> & { readonly samples: readonly Sample[] }

const mostLog = 200
const mostRecent = 30
const mostSamples = 400

const sampleOf = ({ progress }: LiveEvent): Sample | null =>
  progress === null
    ? null
    : {
        elapsedMs: progress.elapsedMs,
        done: progress.done,
        cellsPerSecond: progress.cellsPerSecond,
        spentUsd: progress.spentUsd,
      }

/** Every second sample goes once there are too many: the curve keeps its whole length at half the detail. */
const withSample = (samples: readonly Sample[], next: Sample | null): readonly Sample[] => {
  const last = samples.at(-1)
  if (next === null || (last !== undefined && next.elapsedMs <= last.elapsedMs)) return samples
  const all = [...samples, next]
  return all.length <= mostSamples ? all : all.filter((_, index) => index % 2 === 0 || index === all.length - 1)
}

const withTiles = (
  tiles: readonly number[],
  changed: Extract<LiveEvent, { readonly kind: 'delta' }>['tiles'],
): readonly number[] => {
  if (changed.length === 0) return tiles
  const next = tiles.slice()
  for (const [tile, ...counts] of changed) for (const [place, count] of counts.entries()) next[tile * 4 + place] = count
  return next
}

/**
 * `recent` is newest first, `log` newest last, both bounded.
 * The view after some events: one pass, one new state, whatever their number. A delta before the first snapshot or not
 * after its number says nothing (a reconnected stream repeats itself).
 */
export const foldLive = (view: LiveView | null, events: readonly LiveEvent[]): LiveView | null => {
  let now = view
  for (const event of events) {
    const samples = withSample(
      event.kind === 'snapshot' && now?.record.id !== event.record.id ? [] : (now?.samples ?? []),
      sampleOf(event),
    )
    if (event.kind === 'snapshot') {
      const { kind: _, ...rest } = event
      now = { ...rest, log: event.log.slice(-mostLog), recent: event.recent.slice(0, mostRecent), samples }
    } else if (now !== null && event.number > now.number) {
      const { kind: _, tiles, log, recent, interim, ...head } = event
      now = {
        ...now,
        ...head,
        heat: { ...now.heat, tiles: withTiles(now.heat.tiles, tiles) },
        log: [...now.log, ...log].slice(-mostLog),
        recent: [...recent, ...now.recent].slice(0, mostRecent),
        interim: interim.length === 0 ? now.interim : interim,
        samples,
      }
    }
  }
  return now
}
