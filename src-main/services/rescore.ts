import { LabError } from '../../src-core/domain/errors.ts'
import type { Execution } from '../../src-core/domain/execution.ts'
import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import { type CallId, callId, type ExperimentId } from '../../src-core/domain/ids.ts'
import type { Budget } from '../../src-core/domain/objective.ts'
import type { AnsweredCell, Call, CellOutcome, RunState, Store } from '../../src-core/ports/store.ts'
import { startRun } from '../engine/engine-host.ts'
import type { RunDependencies, RunEvent, RunOptions } from '../engine/run-types.ts'
import { hashOf } from './identity.ts'

export type RescoreRequest = {
  readonly experiment: ExperimentId
  /** The lab whose evaluators (and judges, and budget for judging) are used; its cases' own evaluators count by case id. */
  readonly lab: ExperimentSnapshot
  readonly identities: RunOptions['identities']
  readonly executions: AsyncIterable<Execution>
  readonly owner: string
  readonly onEvent?: (event: RunEvent) => void
}

/** What the engine runs: the stored cells, with the lab's evaluators in place of the registered ones. */
export const rescoredSnapshot = (stored: ExperimentSnapshot, lab: ExperimentSnapshot): ExperimentSnapshot => {
  const own = new Map(lab.cases.map((testCase) => [testCase.id, testCase.evaluators]))
  const known = new Set(stored.models.map((model) => model.id))
  const judges = lab.models.filter((model) => !known.has(model.id)).map((model) => ({ ...model, experiment: false }))
  return {
    ...stored,
    evaluators: lab.evaluators,
    cases: stored.cases.map((testCase) => ({ ...testCase, evaluators: own.get(testCase.id) ?? null })),
    models: [...stored.models, ...judges],
  }
}

/**
 * New evaluators on stored outputs: a run in which every cell is already answered, so that no task model is asked. Judges'
 * calls are calls of the ledger as in any run, under a purpose of their own, so that an earlier judge's answer to another
 * question is not taken for this one's. The scores are replaced all together, or not at all.
 */
export const rescore = async (deps: RunDependencies, request: RescoreRequest): Promise<void> => {
  const { store } = deps
  const { experiment, lab } = request
  const stored = await store.snapshot(experiment)
  const snapshot = rescoredSnapshot(stored, lab)
  const answered: AnsweredCell[] = []
  for await (const execution of request.executions) answered.push(answerOf(execution))
  if (answered.length === 0) throw new LabError('not-found', `experiment ${experiment} has no stored output to score`)

  const prefix = `score:${hashOf([snapshot.evaluators, snapshot.cases.map((testCase) => testCase.evaluators)]).slice(0, 16)}:`
  const [earlier, ledger] = await Promise.all([store.runState(experiment), store.ledger(experiment)])
  const outcomes: CellOutcome[] = []
  const handle = startRun(
    { ...deps, store: scoringStore(store, prefix, outcomes) },
    {
      experiment,
      snapshot: { ...snapshot, budget: onTopOf(lab.budget, ledger) },
      identities: request.identities,
      owner: request.owner,
      resume: resumeState(snapshot, answered, { earlier, prefix }),
      ...(request.onEvent === undefined ? {} : { onEvent: request.onEvent }),
    },
  )
  const end = await handle.done
  if (outcomes.length < answered.length) {
    const why = end.cause === null ? 'the run was stopped' : end.cause.message
    throw new LabError(
      'internal',
      `only ${outcomes.length} of ${answered.length} outputs could be scored (${why}); the old scores are kept`,
    )
  }
  await store.rescore(experiment, outcomes, snapshot.evaluators)
}

const answerOf = (execution: Execution): AnsweredCell => ({
  cell: execution.cell,
  call: callId(`task:${execution.cell}`),
  response:
    execution.output === null
      ? null
      : {
          output: execution.output,
          finishReason: execution.finishReason ?? 'other',
          servedModel: execution.servedModel,
          inputTokens: execution.inputTokens,
          outputTokens: execution.outputTokens,
          cachedInputTokens: execution.cachedInputTokens,
          latencyMs: execution.latencyMs ?? 0,
          firstTokenMs: execution.firstTokenMs,
          batched: false,
        },
  failure: execution.output === null ? execution.failure : null,
  answeredBy: execution.model,
  costUsd: execution.costUsd,
  fromCache: execution.fromCache,
  attempts: execution.attempts,
  startedAt: execution.startedAt,
})

/** Cells that were never answered are left alone: they count as recorded. */
const resumeState = (
  snapshot: ExperimentSnapshot,
  answered: readonly AnsweredCell[],
  { earlier, prefix }: { readonly earlier: RunState; readonly prefix: string },
): RunState => {
  const columns = snapshot.models.filter((model) => model.experiment).length
  const cells = snapshot.variants.length * snapshot.cases.length * columns * snapshot.repetitions
  const open = new Set(answered.map(({ cell }) => Number(cell.slice(cell.lastIndexOf(':') + 1))))
  const strip = <T extends { readonly purpose: string }>(list: readonly T[]): T[] =>
    list.flatMap((one) =>
      one.purpose.startsWith(prefix) ? [{ ...one, purpose: one.purpose.slice(prefix.length) }] : [],
    )
  return {
    recorded: Array.from({ length: cells }, (_, index) => index).filter((index) => !open.has(index)),
    answered,
    judged: strip(earlier.judged),
    attempted: strip(earlier.attempted),
  }
}

/** The ledger's totals count against a budget; scoring gets the lab's budget beyond what the experiment has used. */
const onTopOf = (
  budget: Budget,
  used: {
    readonly attempts: number
    readonly inputTokens: number
    readonly outputTokens: number
    readonly spentUsd: number | null
    readonly unconfirmedUsd: number | null
  },
): Budget => ({
  calls: budget.calls === null ? null : budget.calls + used.attempts,
  tokens: budget.tokens === null ? null : budget.tokens + used.inputTokens + used.outputTokens,
  usd: budget.usd === null ? null : budget.usd + (used.spentUsd ?? 0) + (used.unconfirmedUsd ?? 0),
  minutes: budget.minutes,
})

/** The store as a scoring run sees it: outcomes are gathered, the experiment's status and lease stay as they are. */
const scoringStore = (store: Store, prefix: string, outcomes: CellOutcome[]): Store => {
  const name = <T extends Call>(call: T): T => ({
    ...call,
    id: callId(prefix + call.id),
    purpose: prefix + call.purpose,
  })
  const named = (id: CallId): CallId => callId(prefix + id)
  return {
    ...store,
    lease: async () => true,
    finishExperiment: async () => undefined,
    recordOutcomes: async (_, batch) => {
      outcomes.push(...batch)
    },
    attemptsSent: (calls, attempts) =>
      store.attemptsSent(
        calls.map(name),
        attempts.map((attempt) => ({ ...attempt, call: named(attempt.call) })),
      ),
    callsEnded: (ends) => store.callsEnded(ends.map((end) => ({ ...end, call: named(end.call) }))),
    callsFromCache: (calls) => store.callsFromCache(calls.map(name)),
  }
}
