import { LabError } from '../../src-core/domain/errors.ts'
import type { Execution } from '../../src-core/domain/execution.ts'
import type { ExperimentRecord, ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { AnalysisPlan, Budget } from '../../src-core/domain/objective.ts'
import type { ExperimentReport } from '../../src-core/domain/report.ts'
import { evaluatorDemand } from '../../src-core/evaluators/registry.ts'
import { calibrateJudge, type JudgeCalibrationFacts } from '../../src-core/experiment/judge-calibration.ts'
import { cellKeys, dealCells } from '../../src-core/experiment/matrix.ts'
import { buildReport } from '../../src-core/experiment/report.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import { type ModelIdentity, ProviderFailure } from '../../src-core/ports/provider.ts'
import type { AnalysisOverrides, ExecutionFilter } from '../../src-core/ports/store.ts'
import { assertBudgetCanBeKept } from '../engine/check-budget.ts'
import { startRun } from '../engine/engine-host.ts'
import type { RunDependencies, RunEvent, RunHandle } from '../engine/run-types.ts'
import { labVersion } from '../package-root.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import { hashOf, newExperimentId } from './identity.ts'
import { type Plan, planExperiment } from './plan.ts'
import { rescore, rescoredSnapshot } from './rescore.ts'
import { readJudgeRatings, readResultTable } from './result-table.ts'

/** How `analyze` departs from the registered plan. */
export type AnalysisFlags = Partial<Pick<AnalysisPlan, 'alpha' | 'margin' | 'family'>> & { readonly baseline?: string }

export type RunRequest = {
  readonly onEvent?: (event: RunEvent) => void
}

/** A resumed run may be given more budget or another concurrency; nothing else of the snapshot can change. */
export type ResumeRequest = RunRequest & { readonly budget?: Partial<Budget>; readonly concurrency?: number }

export type Experiments = {
  plan(snapshot: ExperimentSnapshot): Plan
  /** Freezes and stores the snapshot, then runs it. Rejects before anything is stored when a model cannot be used. */
  start(snapshot: ExperimentSnapshot, request?: RunRequest): Promise<RunHandle>
  resume(experiment: ExperimentId, request?: ResumeRequest): Promise<RunHandle>
  /** By id or its beginning; the newest for null. LabError 'not-found'. */
  find(reference: string | null): Promise<ExperimentRecord>
  findUnfinished(reference: string | null): Promise<ExperimentRecord>
  report(experiment: ExperimentId, flags?: AnalysisFlags): Promise<ExperimentReport>
  analyzeTable(file: string, flags?: AnalysisFlags): Promise<ExperimentReport>
  /** The same report with its scores corrected by a table of human and judge ratings. */
  calibratedReport(experiment: ExperimentId, ratings: string, flags?: AnalysisFlags): Promise<ExperimentReport>
  calibratedTable(file: string, ratings: string, flags?: AnalysisFlags): Promise<ExperimentReport>
  /** Applies a lab's evaluators to the stored outputs and returns the new report; asks no task model. */
  score(experiment: ExperimentId, lab: ExperimentSnapshot, request?: RunRequest): Promise<ExperimentReport>
  executions(experiment: ExperimentId, filter?: ExecutionFilter): AsyncGenerator<Execution>
}

export type ExperimentsDependencies = RunDependencies & {
  readonly providers: ProviderRegistry
  readonly priceTableDate: string | null
}

const leaseMs = 30_000
const pageSize = 500

export const createExperiments = (deps: ExperimentsDependencies): Experiments => {
  const { store, providers, clock } = deps
  const owner = `${process.pid}@${newExperimentId(clock.now())}`

  const identify = async (snapshot: ExperimentSnapshot): Promise<Record<string, ModelIdentity>> => {
    for (const model of snapshot.models) providers.check(model)
    const signal = AbortSignal.timeout(30_000)
    const found = await Promise.all(
      snapshot.models.map(async (model) => {
        const provider = await providers.get(model.provider)
        const identity = await provider.identify(model, { signal }).catch((error: unknown) => {
          throw asLabError(model, error)
        })
        return [model.id, identity] as const
      }),
    )
    return Object.fromEntries(found)
  }

  const launch = (
    experiment: ExperimentId,
    snapshot: ExperimentSnapshot,
    rest: Pick<Parameters<typeof startRun>[1], 'identities' | 'resume'>,
    request: RunRequest,
  ): RunHandle =>
    startRun(deps, {
      experiment,
      snapshot,
      owner,
      leaseMs,
      ...rest,
      ...(request.onEvent === undefined ? {} : { onEvent: request.onEvent }),
    })

  const find = async (reference: string | null): Promise<ExperimentRecord> => {
    const record = await store.findExperiment(reference)
    if (record !== null) return record
    throw new LabError(
      'not-found',
      reference === null
        ? 'No experiment is stored yet; run one with `promptlab run LAB`.'
        : `No experiment ${reference} is stored; \`promptlab experiments\` lists them.`,
    )
  }

  const executions: Experiments['executions'] = async function* (experiment, filter = {}) {
    let after = -1
    for (;;) {
      const page = await store.executions(experiment, filter, { after, limit: pageSize })
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < pageSize) return
      after = Number(last.cell.slice(last.cell.lastIndexOf(':') + 1))
    }
  }

  return {
    find,
    executions,
    plan: (snapshot) => planExperiment(snapshot, deps),

    async start(snapshot, request = {}) {
      const identities = await identify(snapshot)
      const variants = await Promise.all(
        snapshot.variants.map((variant) => store.registerVariant(snapshot.project, variant)),
      )
      const frozen: ExperimentSnapshot = { ...snapshot, variants }
      assertBudgetCanBeKept(frozen, { identities, priceOf: deps.priceOf })
      const startedAt = clock.now()
      const id = newExperimentId(startedAt)
      await store.createExperiment({
        id,
        snapshot: frozen,
        snapshotHash: hashOf(frozen),
        planHash: hashOf({ ...frozen.analysis, baseline: frozen.baseline }),
        owner,
        leaseMs,
        startedAt,
        environment: {
          labVersion: labVersion(),
          node: process.version,
          platform: `${process.platform}-${process.arch}`,
          priceTableDate: deps.priceTableDate,
          identities,
        },
        cells: cellKeys(frozen, dealCells(frozen, createPhilox(frozen.seed))),
      })
      return launch(id, frozen, { identities, resume: null }, request)
    },

    async findUnfinished(reference) {
      if (reference !== null) {
        const record = await find(reference)
        if (record.status !== 'done') return record
        throw new LabError('usage', `experiment ${record.id} is done: every cell has a result`)
      }
      const open = (await store.experiments()).find((record) => record.status !== 'done')
      if (open === undefined) throw new LabError('not-found', 'no experiment is unfinished; there is nothing to resume')
      return open
    },

    async resume(experiment, request = {}) {
      if (!(await store.lease(experiment, owner, leaseMs))) {
        throw new LabError(
          'busy',
          `another process drives experiment ${experiment} right now; wait for it or stop it there`,
        )
      }
      const stored = await store.snapshot(experiment)
      const snapshot: ExperimentSnapshot = {
        ...stored,
        budget: { ...stored.budget, ...request.budget },
        concurrency: request.concurrency ?? stored.concurrency,
      }
      const [identities, state] = await Promise.all([identify(snapshot), store.runState(experiment)])
      return launch(experiment, snapshot, { identities, resume: state }, request)
    },

    report: (experiment, flags = {}) => store.report(experiment, toOverrides(flags)),

    analyzeTable: async (file, flags = {}) => buildReport(await readResultTable(file, flags)),

    async calibratedReport(experiment, ratings, flags = {}) {
      const [report, table, snapshot] = await Promise.all([
        store.report(experiment, toOverrides(flags)),
        readJudgeRatings(ratings),
        store.snapshot(experiment),
      ])
      const clusters = new Map(snapshot.cases.map((testCase) => [testCase.id, testCase.cluster]))
      const scores: JudgeCalibrationFacts['scores'][number][] = []
      for await (const { case: id, variant, model, repetition, score } of executions(experiment)) {
        scores.push({ case: id, variant, model, repetition, score })
      }
      const clusterOf = (id: string): string | null => clusters.get(id) ?? null
      return { ...report, judge: calibrateJudge({ report, ratings: table, scores, clusterOf }) }
    },

    async calibratedTable(file, ratings, flags = {}) {
      const [input, table] = await Promise.all([readResultTable(file, flags), readJudgeRatings(ratings)])
      const report = buildReport(input)
      const clusterOf = (id: string): string | null => input.cases.get(id)?.cluster ?? null
      return { ...report, judge: calibrateJudge({ report, ratings: table, scores: input.outcomes, clusterOf }) }
    },

    async score(experiment, lab, request = {}) {
      const snapshot = rescoredSnapshot(await store.snapshot(experiment), lab)
      const judges = snapshot.models.filter((model) =>
        snapshot.evaluators.some((spec) => evaluatorDemand(spec).models.includes(model.id)),
      )
      const identities = await identify({ ...snapshot, models: judges })
      await rescore(deps, { experiment, lab, identities, owner, executions: executions(experiment), ...request })
      return store.report(experiment, {})
    },
  }
}

/** A model that cannot be asked before the run is the lab's trouble, told by a code; what is none of that stays as it is. */
const asLabError = (model: ModelReference, error: unknown): unknown => {
  if (!(error instanceof ProviderFailure)) return error
  const code = error.code === 'network' || error.code === 'timeout' ? 'unreachable' : 'model-unavailable'
  return new LabError(code, `Model "${model.id}": ${error.message}`, { cause: error })
}

const toOverrides = ({ baseline, ...analysis }: AnalysisFlags): AnalysisOverrides => ({
  ...(Object.keys(analysis).length === 0 ? {} : { analysis }),
  ...(baseline === undefined ? {} : { baseline }),
})
