import type { Worker } from 'node:worker_threads'
import { type LabErrorData, toErrorData } from '../../src-core/domain/errors.ts'
import type { ExperimentStatus } from '../../src-core/domain/experiment.ts'
import { createBudgetGuard } from '../../src-core/experiment/budget.ts'
import { dealCells } from '../../src-core/experiment/matrix.ts'
import { createPhilox } from '../../src-core/ports/philox.ts'
import type { LedgerTotals } from '../../src-core/ports/store.ts'
import type { CallGroup } from '../scheduler/call-types.ts'
import { createLedgerWriter } from '../scheduler/ledger-writer.ts'
import { createRunCalls, type RunCalls } from '../scheduler/run-calls.ts'
import { type EndReason, noCalls } from '../scheduler/run-context.ts'
import { outboxToWorker, type ScoredCell, type ToHost, type WorkerStart } from './channel.ts'
import { assertBudgetCanBeKept } from './check-budget.ts'
import { takeEngineThread } from './engine-thread.ts'
import { landingPath, openLanding } from './landing.ts'
import { recoverLanded } from './recover.ts'
import { createRunAnswers } from './run-answers.ts'
import { createRunProgress } from './run-progress.ts'
import type { RunDependencies, RunEnd, RunHandle, RunOptions } from './run-types.ts'
import { replyTo } from './worker-asks.ts'
import { keepYoungSpaceSmall } from './young-space.ts'

const defaultLeaseMs = 30_000
const defaultPatienceMs = 15_000
/** setTimeout knows no longer wait. */
const longestTimerMs = 2 ** 31 - 1
/** Open cells: enough that no slot waits for the thread, few enough to hold in memory. */
const windowFor = (concurrency: number): number => Math.max(64, 4 * concurrency)
const statusOf: Record<EndReason, ExperimentStatus> = {
  budget: 'budget',
  refused: 'refused',
  stopped: 'interrupted',
  trouble: 'interrupted',
}

/** What exists once the state of earlier sessions is known. */
type Session = { readonly calls: RunCalls; readonly worker: Worker }

/**
 * Drives one run to its end: the thread deals, renders and evaluates; this side sends, pays and records. The experiment must
 * be stored and leased by `owner`. Throws LabError 'lab-file' for a budget that could not be kept.
 */
export const startRun = (deps: RunDependencies, options: RunOptions): RunHandle => {
  const { store, scheduler, clock } = deps
  const { experiment, snapshot, identities, owner } = options
  assertBudgetCanBeKept(snapshot, { identities, priceOf: deps.priceOf })
  keepYoungSpaceSmall()
  const leaseMs = options.leaseMs ?? defaultLeaseMs
  const emit = options.onEvent ?? (() => undefined)
  const notice = (message: string): void => emit({ kind: 'notice', message })
  const startedMs = clock.monotonicMs()
  const deal = dealCells(snapshot, createPhilox(snapshot.seed))
  const end = Promise.withResolvers<RunEnd>()

  let session: Session | null = null
  let earlier: LedgerTotals | null = null
  let recorded = options.resume?.recorded.length ?? 0
  let reason: EndReason | null = null
  let cause: LabErrorData | null = null
  let leaseLost = false
  let ending = false
  let pausedByPerson = false

  const progress = createRunProgress({
    clock,
    cells: deal.cells,
    before: recorded,
    counts: () => session?.calls.counts() ?? noCalls,
    earlier: () => earlier,
    emit: (state) => emit({ kind: 'progress', progress: state }),
  })
  const toWorker = outboxToWorker({ postMessage: (message) => session?.worker.postMessage(message) })
  const resumeSending = (): void => {
    session?.calls.resume()
    progress.phase('running')
    emit({ kind: 'resumed' })
  }

  // ---- the beginning ----

  const begin = async (): Promise<Session> => {
    const resume =
      options.resume === null ? null : await recoverLanded(store, experiment, { state: options.resume, notice })
    if (resume !== null) earlier = await store.ledger(experiment)
    recorded = resume?.recorded.length ?? 0
    const answers = createRunAnswers(experiment, resume)
    const landing = openLanding(landingPath(store.path, experiment), (error) =>
      notice(`answers cannot be kept beside the database: ${toErrorData(error).message}`),
    )
    const ledger = createLedgerWriter({
      store,
      experiment,
      clock,
      landing,
      patienceMs: options.storePatienceMs ?? defaultPatienceMs,
      onTrouble(trouble) {
        if (trouble === null) {
          if (!pausedByPerson) resumeSending()
          return
        }
        session?.calls.pause()
        emit({ kind: 'paused', cause: toErrorData(trouble) })
      },
      onFatal: (error) => abandon(toErrorData(error)),
    })
    const guard = createBudgetGuard(snapshot.budget, {
      calls: earlier?.attempts ?? 0,
      tokens: (earlier?.inputTokens ?? 0) + (earlier?.outputTokens ?? 0),
      usd: (earlier?.spentUsd ?? 0) + (earlier?.unconfirmedUsd ?? 0),
    })
    const calls = createRunCalls({
      scheduler,
      ledger,
      guard,
      experiment,
      snapshot,
      identities,
      priceOf: deps.priceOf,
      attempted: new Map(resume?.attempted.map((one) => [one.purpose, one.attempts])),
      cachedResponses: (keys) => store.cachedResponses(keys),
      answered(answer) {
        answers.keep(answer)
        toWorker.add((message) => message.answers.push(answer))
      },
      dropped: ({ id }) => toWorker.add((message) => message.dropped.push(id)),
      ending: finishing,
      notice,
    })
    const start: WorkerStart = {
      experiment,
      snapshot,
      identities,
      recorded: Int32Array.from(resume?.recorded ?? []),
      answered: answers.unscored,
      window: windowFor(snapshot.concurrency),
    }
    const worker = takeEngineThread()
    const submit = async (groups: readonly CallGroup[]): Promise<void> => {
      const unpaid = groups.map((group) =>
        group.filter((request) => {
          const known = answers.judgedBefore(request, clock.now())
          if (known !== null) toWorker.add((message) => message.answers.push(known))
          return known === null
        }),
      )
      await calls.submit(unpaid.filter((group) => group.length > 0))
    }
    const record = (scored: readonly ScoredCell[]): void => {
      const now = clock.now()
      const outcomes = scored.map((one) => answers.outcome(one, now))
      ledger.outcomes(outcomes, () => {
        recorded += outcomes.length
        progress.recorded(outcomes.map((outcome) => outcome.failure?.code ?? null))
        toWorker.add((message) => {
          message.recorded += outcomes.length
        })
      })
    }
    worker.on('message', (message: ToHost) => {
      if (message.calls.length > 0) submit(message.calls).catch(fail)
      if (message.scored.length > 0) record(message.scored)
      for (const ask of message.asks)
        replyTo({ store, services: deps.services, experiment, snapshot, deal }, ask).then(
          (reply) => toWorker.add((next) => next.replies.push(reply)),
          fail,
        )
      if (message.done) void finish()
    })
    worker.on('error', (error) =>
      fail(new Error(`the engine's thread failed: ${toErrorData(error).message}`, { cause: error })),
    )
    worker.on('exit', () => {
      if (!ending) fail(new Error("the engine's thread ended"))
    })
    settle = async () => {
      // A cell may have been let go while its request was in flight (a stop): the answer is paid, so it is waited for.
      while (calls.counts().inFlight > 0) await clock.sleep(5)
      await ledger.settled()
      landing.close()
      calls.dispose()
    }
    worker.postMessage(start)
    return { calls, worker }
  }

  // ---- the end ----

  let settle = async (): Promise<void> => undefined
  const finishing = (why: EndReason, trouble: LabErrorData | null): void => {
    if (reason === null) {
      reason = why
      cause = trouble
    }
    toWorker.add((message) => {
      message.close = true
    })
    if (!ending) progress.phase('stopping')
  }
  const finish = async (): Promise<void> => {
    if (ending) return
    ending = true
    clearInterval(heartbeat)
    clearTimeout(deadline)
    await settle()
    await session?.worker.terminate()
    const status: ExperimentStatus =
      recorded >= deal.cells ? 'done' : reason === null ? 'interrupted' : statusOf[reason]
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
  /** The thread, the store or the lease is gone: nothing more can be evaluated or recorded. */
  const abandon = (trouble: LabErrorData): void => {
    finishing('trouble', trouble)
    session?.calls.stop('trouble', 'now')
    void finish()
  }
  const fail = (error: unknown): void => abandon(toErrorData(error))

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
  const deadline =
    minutes === null
      ? undefined
      : setTimeout(() => stop('budget', 'finish'), Math.min(minutes * 60_000, longestTimerMs))
  deadline?.unref()

  const begun = begin().then((made) => {
    session = made
    if (pausedByPerson) made.calls.pause()
    else if (reason === null) progress.phase('running')
    return made
  })
  begun.catch(fail)
  const stop = (why: EndReason, how: 'finish' | 'now'): void => {
    finishing(why, null)
    begun.then((made) => {
      toWorker.add((message) => {
        message.close = true
      })
      made.calls.stop(why, how)
    }, fail)
  }

  return {
    id: experiment,
    pause() {
      if (pausedByPerson) return
      pausedByPerson = true
      session?.calls.pause()
      progress.phase('paused')
      emit({ kind: 'paused', cause: null })
    },
    resume() {
      if (!pausedByPerson) return
      pausedByPerson = false
      resumeSending()
    },
    stop: (how) => stop('stopped', how),
    progress: () => progress.snapshot(),
    done: end.promise,
  }
}
