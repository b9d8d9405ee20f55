import { LabError } from '../../src-core/domain/errors.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import { type ExperimentId, experimentId } from '../../src-core/domain/ids.ts'
import type { Budget } from '../../src-core/domain/objective.ts'
import type { CellOutcome } from '../../src-core/ports/store.ts'
import type { RunEvent, RunHandle } from '../engine/run-types.ts'
import type { Lab } from '../lab.ts'
import type { LabStore } from '../store/open-store.ts'
import type { ReportOverrides, RunsService } from './app-host.ts'
import { downloadOf } from './downloads.ts'
import type { LiveEvent, RunListEntry, RunStarted } from './experiment-types.ts'
import { createLiveRun, type LiveRun } from './live-run.ts'
import type { Summaries } from './run-summary.ts'
import type { RunSelection } from './setup-types.ts'

type Dependencies = {
  readonly lab: Lab
  readonly store: LabStore
  readonly summaries: Summaries
  readonly now: () => string
}

export type Runs = RunsService & {
  /** Told by the store when outcomes are on the disk. */
  recorded(experiment: ExperimentId, outcomes: readonly CellOutcome[]): void
  liveCount(): number
  /** Stops every run softly and waits for it. */
  close(): Promise<void>
}

type EventSink = { readonly onEvent: (event: RunEvent) => void; readonly to: (run: LiveRun) => void }
type Joining = {
  readonly snapshot: ExperimentSnapshot
  /** Results that were stored before this session. */
  readonly before: number
  readonly sink: EventSink
}

const unconfirmedEveryMs = 5_000
/** How often a run that another process drives is looked at. */
const pollMs = 1_000

const dryCells = (snapshot: ExperimentSnapshot): ExperimentSnapshot => {
  const baseline = snapshot.variants.filter(({ name }) => name === snapshot.baseline)
  const variants = [...baseline, ...snapshot.variants.filter(({ name }) => name !== snapshot.baseline)].slice(0, 3)
  const first = snapshot.models.find(({ experiment }) => experiment)?.id
  return {
    ...snapshot,
    variants,
    cases: snapshot.cases.slice(0, Math.max(1, Math.floor(3 / variants.length))),
    models: snapshot.models.map((model) => ({ ...model, experiment: model.id === first })),
    repetitions: 1,
  }
}
/** The last known value at once, and a newer one asked for at most every `everyMs`: nobody waits for it. */
const recently = (everyMs: number, ask: () => Promise<number | null>) => {
  let value: number | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  return async (): Promise<number | null> => {
    if (performance.now() - askedAt >= everyMs) {
      askedAt = performance.now()
      // Trouble with the database stops the run itself, which says so.
      ask().then(
        (next) => (value = next),
        () => (value = null),
      )
    }
    return value
  }
}
const flagsOf = ({ alpha, margin, family, baseline }: ReportOverrides) => ({
  ...(alpha === undefined ? {} : { alpha }),
  ...(margin === undefined ? {} : { margin }),
  ...(family === undefined ? {} : { family }),
  ...(baseline === undefined ? {} : { baseline }),
})

export const createRuns = ({ lab, store, summaries, now }: Dependencies): Runs => {
  const { workspace } = store
  const { experiments } = lab
  const live = new Map<string, LiveRun>()
  /** Outcomes that came before their run was known here. */
  const early = new Map<string, CellOutcome[]>()

  /** The handle exists a moment before its live view: events wait for it. */
  const eventSink = (): EventSink => {
    const held: RunEvent[] = []
    let target: LiveRun | null = null
    return {
      onEvent: (event) => {
        if (target === null) held.push(event)
        else target.event(event)
      },
      to: (run) => {
        target = run
        for (const event of held) run.event(event)
      },
    }
  }
  const join = async (handle: RunHandle, { snapshot, before, sink }: Joining): Promise<LiveRun> => {
    const { id } = handle
    const [heat, moments] = await Promise.all([workspace.study('heat', id), workspace.study('columnMoments', id)])
    const counted = heat.tiles.reduce((sum, count, index) => (index % 4 === 0 ? sum : sum + count), 0)
    const run = createLiveRun({
      handle,
      snapshot,
      heat,
      moments,
      now,
      record: () => experiments.find(id),
      unconfirmed: recently(unconfirmedEveryMs, () => workspace.study('unconfirmedUsd', id)),
    })
    live.set(id, run)
    // Outcomes are told in the order of their commits: as many as the heat map holds beyond `before` are in it already.
    const missed = early.get(id) ?? []
    early.delete(id)
    run.recorded(missed.slice(Math.max(0, counted - before)))
    sink.to(run)
    void run.ended.then(() => {
      live.delete(id)
      summaries.want(id)
    })
    return run
  }
  const build = async (
    project: number,
    selection: RunSelection,
  ): Promise<{ readonly snapshot: ExperimentSnapshot; readonly warnings: readonly string[] }> => {
    const { snapshot, problems, warnings } = await workspace.study('buildSnapshot', project, selection, null)
    if (snapshot !== null) return { snapshot, warnings }
    const told = problems.map(({ message }) => ({ message, file: null, line: null, column: null }))
    throw new LabError(
      'lab-file',
      problems.length === 1 ? (problems[0]?.message ?? '') : `The project has ${problems.length} problems.`,
      { problems: told },
    )
  }
  const launch = async (snapshot: ExperimentSnapshot, warnings: readonly string[]): Promise<RunStarted> => {
    const sink = eventSink()
    const handle = await experiments.start(snapshot, { onEvent: sink.onEvent })
    await join(handle, { snapshot: await store.snapshot(handle.id), before: 0, sink })
    return { id: handle.id, warnings }
  }
  const liveRun = (experiment: string): LiveRun => {
    const run = live.get(experiment)
    if (run === undefined) throw new LabError('usage', `The run ${experiment} is not running here.`)
    return run
  }
  const resume = async (experiment: string, budget: Partial<Budget> = {}): Promise<RunStarted> => {
    const { id, results } = await experiments.findUnfinished(experiment)
    if (live.has(id)) throw new LabError('busy', `The run ${id} is running here already.`)
    const kept = (await workspace.read('value', `budget:${id}`)) as Partial<Budget> | null
    const raised = { ...kept, ...budget }
    if (Object.keys(budget).length > 0) await workspace.write('setValue', `budget:${id}`, raised)
    const sink = eventSink()
    const handle = await experiments.resume(id, { onEvent: sink.onEvent, budget: raised })
    const snapshot = await store.snapshot(id)
    await join(handle, { snapshot: { ...snapshot, budget: { ...snapshot.budget, ...raised } }, before: results, sink })
    return { id, warnings: [] }
  }

  /** A run that ended, or that another process drives: looked at, not driven. */
  async function* watch(experiment: string, signal: AbortSignal): AsyncGenerator<LiveEvent> {
    let number = 0
    for (;;) {
      const record = await experiments.find(experiment)
      const [heat, moments, { head }] = await Promise.all([
        workspace.study('heat', record.id),
        workspace.study('columnMoments', record.id),
        workspace.read('runHead', record.id),
      ])
      const ledger = await store.ledger(record.id)
      number += 1
      yield {
        kind: 'snapshot',
        number,
        record,
        heat,
        log: [],
        recent: [],
        interim: heat.columns.map((column, index) => ({
          ...column,
          n: moments[index]?.n ?? 0,
          mean: (moments[index]?.n ?? 0) === 0 ? null : (moments[index]?.mean ?? null),
          ci: null,
        })),
        state: record.status === 'running' ? 'running' : 'ended',
        progress: null,
        unconfirmedUsd: ledger.unconfirmedUsd,
        budget: head.budget,
        cause: null,
      }
      if (record.status !== 'running' || signal.aborted) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
      })
      if (signal.aborted) return
    }
  }

  return {
    recorded: (experiment, outcomes) => {
      const run = live.get(experiment)
      if (run !== undefined) run.recorded(outcomes)
      else early.set(experiment, [...(early.get(experiment) ?? []), ...outcomes])
    },
    liveCount: () => live.size,

    list: async (project) => {
      const [records, shapes, owner] = await Promise.all([
        store.experiments(),
        workspace.read('runShapes', project),
        project === null ? null : workspace.read('project', project),
      ])
      const byId = new Map(shapes.map((shape) => [shape.uid, shape]))
      return records
        .filter((record) => owner === null || record.project === owner.name)
        .flatMap((record): RunListEntry[] => {
          const shape = byId.get(record.id)
          return shape === undefined
            ? []
            : [
                {
                  ...record,
                  live: live.has(record.id),
                  dry: shape.dry,
                  variants: shape.variants,
                  models: shape.models,
                  spentUsd: shape.spentUsd,
                },
              ]
        })
    },
    get: async (experiment) => {
      const record = await experiments.find(experiment)
      const { head, project, cases, wallSeconds } = await workspace.read('runHead', record.id)
      const columns = head.variants.flatMap(({ name }) =>
        head.models.filter((model) => model.experiment).map(({ id }) => ({ variant: name, model: id })),
      )
      return {
        record,
        live: live.has(record.id),
        projectId: project,
        variants: head.variants,
        models: head.models.map(({ id, provider, model, experiment: column }) => ({
          id,
          provider,
          model,
          experiment: column,
        })),
        evaluators: head.evaluators,
        cases,
        baseline: head.baseline,
        repetitions: head.repetitions,
        seed: head.seed,
        budget: head.budget,
        analysis: head.analysis,
        columns,
        wallSeconds,
      }
    },
    start: async (project, selection) => {
      const { snapshot, warnings } = await build(project, selection)
      return launch(snapshot, warnings)
    },
    dryRun: async (project, selection) => {
      const { snapshot, warnings } = await build(project, selection)
      const started = await launch(dryCells(snapshot), warnings)
      await workspace.write('setValue', `dry:${started.id}`, true)
      return started
    },
    resume: (experiment) => resume(experiment),
    pause: async (experiment) => liveRun(experiment).handle.pause(),
    unpause: async (experiment) => liveRun(experiment).handle.resume(),
    stop: async (experiment, how) => liveRun(experiment).handle.stop(how),
    raiseCap: async (experiment, wanted) => {
      const budget = Object.fromEntries(
        Object.entries(wanted).filter(([, value]) => value !== undefined),
      ) as Partial<Budget>
      const run = live.get(experiment)
      if (run !== undefined) {
        run.handle.stop('finish')
        await run.ended
        if ((await experiments.find(experiment)).status === 'done') return { id: experiment, warnings: [] }
      }
      return resume(experiment, budget)
    },
    retryFailed: async (experiment) => {
      if (live.has(experiment))
        throw new LabError('busy', 'The run is still going; failed cells can be asked again when it has ended.')
      const { id } = await experiments.find(experiment)
      const cells = await workspace.write('reopenFailed', id)
      if (cells === 0) return { id, warnings: ['No cell failed.'], cells }
      return { ...(await resume(id)), cells }
    },
    live: (experiment, after, signal) => live.get(experiment)?.follow(after, signal) ?? watch(experiment, signal),

    report: async (experiment, overrides) => experiments.report(experimentId(experiment), flagsOf(overrides)),
    download: async (experiment, format, overrides) =>
      downloadOf(await experiments.report(experimentId(experiment), flagsOf(overrides)), format),
    matrix: async (query, page) =>
      workspace.study('matrix', query, page, (await workspace.read('runHead', query.experiment)).head.baseline),
    cell: (experiment, cell) => workspace.read('cell', experiment, cell),
    compare: (query, page) => workspace.study('compare', query, page),
    annotate: (experiment, cells, change) => workspace.write('annotate', experimentId(experiment), cells, change),
    annotations: (experiment) => workspace.study('annotations', experiment),
    ratings: (experiment) => workspace.study('ratings', experiment),

    close: async () => {
      for (const run of live.values()) run.handle.stop('finish')
      await Promise.all([...live.values()].map((run) => run.ended))
    },
  }
}
