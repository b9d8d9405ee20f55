import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelResponse } from '../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import { type CallId, type CellId, callId, type ExperimentId, experimentId } from '../../src-core/domain/ids.ts'
import { cellIdOf } from '../../src-core/experiment/matrix.ts'
import type { CellKey, CellOutcome, Store } from '../../src-core/ports/store.ts'
import { hashOf } from './identity.ts'
import { readSampleRun, type SampleOutcome, type SampleRun } from './sample-run-file.ts'
import { findSample } from './samples.ts'

export type ImportedRun = {
  readonly experiment: ExperimentId
  /** False where the database had it already; nothing was written then. */
  readonly added: boolean
  /** One sentence: which model, when, where; also the first note of its report. */
  readonly origin: string
  readonly cells: number
}

/** Says what the run is, because its date and digest are all that tie a stored number to the world. */
const originOf = ({ sample, startedAt, environment, snapshot }: SampleRun): string => {
  const models = snapshot.models.map(({ id, model }) => {
    const digest = environment.identities[id]?.digest
    return digest === null || digest === undefined ? model : `${model} (SHA-256 ${digest})`
  })
  return `A run that comes with Prompt Lab: the sample "${sample}" on ${models.join(', ')}, made on ${startedAt.slice(0, 10)} with Prompt Lab ${environment.labVersion}; on this machine no model was asked.`
}

/** Cells of one block are all variants of a case on a model: they lie together, so a new triple begins a block. */
const cellKeysOf = (outcomes: readonly SampleOutcome[]): CellKey[] => {
  const blocks = new Map<string, number>()
  return outcomes.map(({ variant, model, case: testCase, repetition }) => {
    const key = JSON.stringify([model, testCase, repetition])
    const block = blocks.get(key) ?? blocks.size
    blocks.set(key, block)
    return { variant, model, case: testCase, repetition, block }
  })
}

const responseOf = (outcome: SampleOutcome): ModelResponse | null =>
  outcome.output === null
    ? null
    : {
        output: outcome.output,
        finishReason: outcome.finishReason ?? 'other',
        servedModel: outcome.servedModel,
        inputTokens: outcome.inputTokens,
        outputTokens: outcome.outputTokens,
        cachedInputTokens: outcome.cachedInputTokens,
        latencyMs: outcome.latencyMs ?? 0,
        firstTokenMs: outcome.firstTokenMs,
        // The samples run on local models, one call at a time.
        batched: false,
      }

const endOf = (outcome: SampleOutcome): string =>
  new Date(Date.parse(outcome.startedAt) + (outcome.latencyMs ?? 0)).toISOString()

const toOutcome = (outcome: SampleOutcome, cell: CellId, call: CallId, attempts: number): CellOutcome => ({
  cell,
  call,
  response: responseOf(outcome),
  failure: outcome.failure,
  answeredBy: outcome.model,
  score: outcome.score,
  passed: outcome.passed,
  scores: outcome.scores,
  costUsd: outcome.costUsd,
  fromCache: false,
  attempts,
  startedAt: outcome.startedAt,
  traceId: null,
  metadata: null,
})

const create = async (store: Store, id: ExperimentId, run: SampleRun, owner: string): Promise<void> => {
  const variants = await Promise.all(
    run.snapshot.variants.map((variant) => store.registerVariant(run.snapshot.project, variant)),
  )
  const snapshot: ExperimentSnapshot = { ...run.snapshot, variants }
  await store.createExperiment({
    id,
    snapshot,
    snapshotHash: hashOf(snapshot),
    planHash: hashOf({ ...snapshot.analysis, baseline: snapshot.baseline }),
    owner,
    leaseMs,
    startedAt: run.startedAt,
    environment: { ...run.environment, origin: originOf(run) },
    cells: cellKeysOf(run.outcomes),
  })
}

const leaseMs = 30_000

/**
 * Stores a sample's shipped run as an experiment like any other, written through the same ledger, so that every report and
 * screen can be shown without a model. Its id is `sample-NAME`, its answers do not enter the response cache, and doing it
 * twice changes nothing; one that was cut off half way is completed. LabError 'not-found' where the sample has no run,
 * 'busy' where another process imports it at this moment.
 */
export const importSampleRun = async (store: Store, sample: string): Promise<ImportedRun> => {
  const run = await readSampleRun((await findSample(sample)).name)
  const id = experimentId(`sample-${run.sample}`)
  const result = { experiment: id, origin: originOf(run), cells: run.outcomes.length }
  const owner = `import-${process.pid}-${performance.now()}`
  const record = (await store.experiments()).find((one) => one.id === id)
  if (record?.status === 'done') return { ...result, added: false }
  if (record === undefined) await create(store, id, run, owner)
  else if (!(await store.lease(id, owner, leaseMs))) {
    throw new LabError('busy', `another process is storing the run ${id} right now; try again when it has ended`)
  }
  await writeOutcomes(store, id, run.outcomes)
  await store.finishExperiment(id, owner, 'done', run.wallSeconds)
  return { ...result, added: true }
}

const writeOutcomes = async (store: Store, id: ExperimentId, outcomes: readonly SampleOutcome[]): Promise<void> => {
  const state = await store.runState(id)
  const recorded = new Set(state.recorded)
  const answered = new Set(state.answered.map(({ cell }) => cell))
  const attempted = new Map(state.attempted.map(({ purpose, attempts }) => [purpose, attempts]))
  const open = outcomes.flatMap((outcome, n) => {
    if (recorded.has(n)) return []
    const cell = cellIdOf(id, n)
    const purpose = `task:${cell}`
    return [{ outcome, cell, purpose, call: callId(purpose), attempt: (attempted.get(purpose) ?? 0) + 1 }]
  })
  const unanswered = open.filter(({ cell }) => !answered.has(cell))
  await store.attemptsSent(
    unanswered.map(({ outcome, cell, purpose, call }) => ({
      id: call,
      experiment: id,
      kind: 'task',
      purpose,
      cell,
      model: outcome.model,
      messages: null,
    })),
    unanswered.map(({ outcome, call, attempt }) => ({
      call,
      n: attempt,
      model: outcome.model,
      maxCostUsd: outcome.costUsd,
      sentAt: outcome.startedAt,
    })),
  )
  await store.callsEnded(
    unanswered.map(({ outcome, call, attempt }) => ({
      call,
      attempt,
      final: true,
      response: responseOf(outcome),
      failure: outcome.output === null ? outcome.failure : null,
      httpStatus: null,
      costUsd: outcome.costUsd,
      endedAt: endOf(outcome),
      cacheKey: null,
    })),
  )
  await store.recordOutcomes(
    id,
    open.map(({ outcome, cell, call, attempt }) => toOutcome(outcome, cell, call, attempt)),
  )
}
