import { Worker } from 'node:worker_threads'
import { type LabErrorData, toErrorData } from '../../src-core/domain/errors.ts'
import type { ExperimentStatus } from '../../src-core/domain/experiment.ts'
import type { CallId } from '../../src-core/domain/ids.ts'
import { createBudgetGuard } from '../../src-core/experiment/budget.ts'
import { cellIdOf, cellNumberOf, dealCells } from '../../src-core/experiment/matrix.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import type { CellOutcome, LedgerTotals } from '../../src-core/ports/store.ts'
import { entryUrl } from '../entries.ts'
import type { CallAnswer, CallRequest } from '../scheduler/call-types.ts'
import { createLedgerWriter } from '../scheduler/ledger-writer.ts'
import { createRunCalls } from '../scheduler/run-calls.ts'
import type { EndReason } from '../scheduler/run-context.ts'
import { outboxToWorker, type ScoredCell, type ToHost, type WorkerStart } from './channel.ts'
import { assertBudgetCanBeKept } from './check-budget.ts'
import { createRunProgress } from './run-progress.ts'
import type { RunDependencies, RunEnd, RunHandle, RunOptions } from './run-types.ts'
import { replyTo } from './worker-asks.ts'

const defaultLeaseMs = 30_000
const defaultPatienceMs = 15_000
/** Open cells: enough that no slot waits for the thread, few enough to hold in memory. */
const windowFor = (concurrency: number): number => Math.max(64, 4 * concurrency)
const statusOf: Record<EndReason, ExperimentStatus> = {
  budget: 'budget',
  refused: 'refused',
  stopped: 'interrupted',
  trouble: 'interrupted',
}

/**
 * Drives one run to its end: the thread deals, renders and evaluates; this side sends, pays and records. The experiment must
 * be stored and leased by `owner`. Throws LabError 'lab-file' for a budget that could not be kept.
 */
export const startRun = (deps: RunDependencies, options: RunOptions): RunHandle => {
  const { store, scheduler, clock } = deps
  const { experiment, snapshot, identities, resume, owner } = options
  assertBudgetCanBeKept(snapshot, { identities, priceOf: deps.priceOf })
  const leaseMs = options.leaseMs ?? defaultLeaseMs
  const emit = options.onEvent ?? (() => undefined)
  const notice = (message: string): void => emit({ kind: 'notice', message })
  const startedMs = clock.monotonicMs()
  const deal = dealCells(snapshot, createPhilox(snapshot.seed))
  const end = Promise.withResolvers<RunEnd>()

  const judged = new Map(resume?.judged.map((one) => [one.purpose, one]))
  /** Answers whose scores are awaited, so that they need not travel to the thread and back. */
  const answers = new Map<CallId, CallAnswer>()
  const answered = new Map<number, CallAnswer>()
  for (const { cell, call, ...rest } of resume?.answered ?? []) {
    const answer = { ...rest, id: call, unrecorded: false }
    answers.set(call, answer)
    answered.set(cellNumberOf(cell), answer)
  }
  const recordedBefore = resume?.recorded ?? []
  let recorded = recordedBefore.length
  let reason: EndReason | null = null
  let cause: LabErrorData | null = null
  let earlier: LedgerTotals | null = null
  let leaseLost = false
  let ending = false

  const finishing = (why: EndReason, trouble: LabErrorData | null): void => {
    if (reason === null) {
      reason = why
      cause = trouble
    }
    toWorker.add((message) => {
      message.close = true
    })
    progress.phase('stopping')
  }
  const ledger = createLedgerWriter({
    store,
    experiment,
    clock,
    patienceMs: options.storePatienceMs ?? defaultPatienceMs,
    onTrouble: (trouble) => {
      if (trouble === null) {
        if (!pausedByPerson) unpause()
      } else {
        calls?.pause()
        emit({ kind: 'paused', cause: toErrorData(trouble) })
      }
    },
    onFatal: (error) => abandon(toErrorData(error)),
  })
  let pausedByPerson = false
  const unpause = (): void => {
    calls?.resume()
    progress.phase('running')
    emit({ kind: 'resumed' })
  }

  const workerStart: WorkerStart = {
    experiment,
    snapshot,
    identities,
    recorded: Int32Array.from(recordedBefore),
    answered,
    window: windowFor(snapshot.concurrency),
  }
  const worker = new Worker(entryUrl('engine-worker'), { workerData: workerStart })
  const toWorker = outboxToWorker(worker)
  /** Exists once the ledger of earlier sessions is read; the thread's first messages wait for it. */
  let calls: ReturnType<typeof createRunCalls> | null = null
  const noCalls = { attempts: 0, retries: 0, inFlight: 0, fromCache: 0, spentUsd: 0, inputTokens: 0, outputTokens: 0 }
  const progress = createRunProgress(
    {
      clock,
      cells: deal.cells,
      before: recordedBefore.length,
      counts: () => calls?.counts() ?? noCalls,
      emit: (state) => emit({ kind: 'progress', progress: state }),
    },
    () => earlier,
  )

  const ready = (async () => {
    if (resume !== null) earlier = await store.ledger(experiment)
    const guard = createBudgetGuard(snapshot.budget, {
      calls: earlier?.attempts ?? 0,
      tokens: (earlier?.inputTokens ?? 0) + (earlier?.outputTokens ?? 0),
      usd: (earlier?.spentUsd ?? 0) + (earlier?.unconfirmedUsd ?? 0),
    })
    calls = createRunCalls({
      scheduler,
      ledger,
      guard,
      experiment,
      snapshot,
      identities,
      priceOf: deps.priceOf,
      cachedResponses: (keys) => store.cachedResponses(keys),
      answered: (answer) => {
        answers.set(answer.id, answer)
        toWorker.add((message) => message.answers.push(answer))
      },
      dropped: ({ id }) => toWorker.add((message) => message.dropped.push(id)),
      ending: finishing,
      notice,
    })
    if (pausedByPerson) calls.pause()
    else progress.phase('running')
    return calls
  })()

  // ---- what the thread says ----

  const judgedBefore = (request: CallRequest): CallAnswer | null => {
    const known = judged.get(request.purpose)
    if (known === undefined) return null
    const unknown = { servedModel: null, inputTokens: null, outputTokens: null, cachedInputTokens: null, firstTokenMs: null }
    return {
      id: request.id,
      response: { output: known.output, finishReason: 'stop', latencyMs: 0, batched: false, ...unknown },
      failure: null,
      answeredBy: request.model,
      costUsd: known.costUsd,
      fromCache: false,
      attempts: 0,
      startedAt: clock.now(),
      unrecorded: false,
    }
  }
  const submit = async (groups: ToHost['calls']): Promise<void> => {
    const running = await ready
    const wanted = groups.flatMap((group) => {
      const open = group.filter((request) => {
        const known = judgedBefore(request)
        if (known !== null) toWorker.add((message) => message.answers.push(known))
        return known === null
      })
      return open.length > 0 ? [open] : []
    })
    if (wanted.length > 0) await running.submit(wanted)
  }
  const outcomeOf = (scored: ScoredCell): CellOutcome => {
    const id = scored.call ?? (`task:${cellIdOf(experiment, scored.cell)}` as CallId)
    const answer = answers.get(id)
    answers.delete(id)
    return {
      cell: cellIdOf(experiment, scored.cell),
      call: scored.call,
      response: answer?.response ?? null,
      failure: scored.failure ?? answer?.failure ?? null,
      answeredBy: answer?.answeredBy ?? null,
      score: scored.score,
      passed: scored.passed,
      scores: scored.scores,
      costUsd: answer?.costUsd ?? null,
      fromCache: answer?.fromCache ?? false,
      attempts: answer?.attempts ?? 0,
      startedAt: answer?.startedAt ?? clock.now(),
      traceId: null,
      metadata: null,
    }
  }
  const record = (scored: readonly ScoredCell[]): void => {
    const outcomes = scored.map(outcomeOf)
    ledger.outcomes(outcomes, () => {
      recorded += outcomes.length
      progress.recorded(outcomes.length, outcomes.map((outcome) => outcome.failure?.code ?? null))
      toWorker.add((message) => {
        message.recorded += outcomes.length
      })
    })
  }
  const fail = (error: unknown): void => abandon(toErrorData(error))
  worker.on('message', (message: ToHost) => {
    if (message.calls.length > 0) submit(message.calls).catch(fail)
    if (message.scored.length > 0) record(message.scored)
    for (const ask of message.asks)
      replyTo({ store, services: deps.services, experiment, snapshot, deal }, ask).then(
        (reply) => toWorker.add((reply_) => reply_.replies.push(reply)),
        fail,
      )
    if (message.done) void finish()
  })
  worker.on('error', (error) => abandon({ code: 'internal', message: `the engine's thread ended: ${toErrorData(error).message}`, problems: [] }))
  worker.on('exit', () => {
    if (!ending) abandon({ code: 'internal', message: "the engine's thread ended", problems: [] })
  })

  // ---- the end ----

  const finish = async (): Promise<void> => {
    if (ending) return
    ending = true
    clearInterval(heartbeat)
    clearTimeout(deadline)
    const running = await ready.catch(() => null)
    // A request whose cell was let go may still be in flight (stop, budget): its answer is paid, so it is waited for.
    while (running !== null && running.counts().inFlight > 0) await clock.sleep(5)
    await ledger.settled()
    running?.dispose()
    await worker.terminate()
    const status: ExperimentStatus = recorded >= deal.cells ? 'done' : reason === null ? 'interrupted' : statusOf[reason]
    const wallSeconds = (clock.monotonicMs() - startedMs) / 1000
    if (!leaseLost) {
      try {
        await store.finishExperiment(experiment, owner, status, wallSeconds)
      } catch (error) {
        // The lease runs out by itself and the run then counts as interrupted; the person hears why.
        cause ??= toErrorData(error)
      }
    }
    progress.phase('ended')
    progress.close()
    end.resolve({ status, wallSeconds, cause: status === 'done' ? null : cause })
  }
  /** The thread or the store is gone: nothing more can be evaluated or recorded. */
  const abandon = (trouble: LabErrorData): void => {
    finishing('trouble', trouble)
    calls?.stop('trouble', 'now')
    void finish()
  }

  const renew = async (): Promise<void> => {
    try {
      if (await store.lease(experiment, owner, leaseMs)) return
    } catch (error) {
      notice(`the lease could not be renewed: ${toErrorData(error).message}`)
      return
    }
    leaseLost = true
    abandon({ code: 'busy', message: 'another process has taken over this experiment', problems: [] })
  }
  const heartbeat = setInterval(() => void renew(), leaseMs / 3)
  heartbeat.unref()
  const { minutes } = snapshot.budget
  const deadline = minutes === null ? undefined : setTimeout(() => stop('budget', 'finish'), Math.min(minutes * 60_000, 2 ** 31 - 1))
  deadline?.unref()

  const stop = (why: EndReason, how: 'finish' | 'now'): void => {
    finishing(why, null)
    ready.then((running) => running.stop(why, how), fail)
  }
  ready.catch(fail)

  return {
    id: experiment,
    pause() {
      if (pausedByPerson) return
      pausedByPerson = true
      calls?.pause()
      progress.phase('paused')
      emit({ kind: 'paused', cause: null })
    },
    resume() {
      if (!pausedByPerson) return
      pausedByPerson = false
      unpause()
    },
    stop: (how) => stop('stopped', how),
    progress: () => progress.snapshot(),
    done: end.promise,
  }
}
