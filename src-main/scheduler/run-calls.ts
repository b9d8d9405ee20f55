import { type LabErrorData, toErrorData } from '../../src-core/domain/errors.ts'
import { isLocal, type ModelReference } from '../../src-core/domain/model.ts'
import { type AttemptResult, sendAttempt } from './attempt.ts'
import { worstCaseOf } from './attempt-cost.ts'
import { maxAttempts, retryDelayMs } from './backoff.ts'
import type { CallGroup, CallRequest } from './call-types.ts'
import { createIntake } from './intake.ts'
import {
  createModelQueue,
  isHolding,
  isWaiting,
  type Job,
  type JobGroup,
  type ModelQueue,
  stuckQueues,
} from './queues.ts'
import { createHeldRefusals, createRefusalCounter } from './refusals.ts'
import { createRetryTimers } from './retry-timers.ts'
import { type CallCounts, type EndReason, noCalls, type RunCallsOptions } from './run-context.ts'
import { blankAnswer, callOf, type EndedAttempt, endOf, type FailedAttempt, unsentEnd } from './run-records.ts'
import { createWaker } from './waker.ts'

/** The calls of one run: queued, paid from its budget, written to its ledger, sent through the host's limits. */
export type RunCalls = {
  submit(groups: readonly CallGroup[]): Promise<void>
  pause(): void
  resume(): void
  /** Lets all open calls go; `now` also closes the connections of those in flight. */
  stop(reason: EndReason, how: 'finish' | 'now'): void
  counts(): CallCounts
  /** Nothing is queued, waiting or in flight. */
  idle(): boolean
  dispose(): void
}

/** Lone probes of a broken server that may fail before the run gives up and waits for a person: about a minute. */
const probesToGiveUp = 6

export const createRunCalls = (options: RunCallsOptions): RunCalls => {
  const { scheduler, ledger, guard, snapshot } = options
  const { clock, residency } = scheduler
  const queues = new Map<string, ModelQueue>()
  const flying = new Map<Job, AbortController>()
  const held = createHeldRefusals()
  const refusals = createRefusalCounter()
  const counts: CallCounts = { ...noCalls }
  const told = new Set<string>()
  let paused = false
  /** No new blocks. */
  let closed = false
  /** Nothing more is sent. */
  let stopped = false
  let ended = false

  const queueOf = (model: ModelReference): ModelQueue => {
    let queue = queues.get(model.id)
    if (queue === undefined) {
      queue = createModelQueue(model, scheduler.lane(model), scheduler.gate(model))
      queues.set(model.id, queue)
    }
    return queue
  }
  const wanted = (job: Job, change: number): void => {
    if (isLocal(job.model)) residency.demand(job.model, change)
  }
  const worst = (request: CallRequest, model: ModelReference) =>
    worstCaseOf(request, model, {
      price: options.priceOf(model),
      contextLength: options.identities[model.id]?.contextLength ?? null,
    })

  const end = (reason: EndReason, cause: LabErrorData | null): void => {
    if (ended) return
    ended = true
    options.ending(reason, cause)
  }
  const drop = (job: Job): void => {
    wanted(job, -1)
    options.dropped({ id: job.request.id })
  }

  const enqueue = (group: JobGroup): void => {
    const first = group[0]
    if (first === undefined) return
    for (const job of group) wanted(job, 1)
    const isBlock = first.request.kind === 'task'
    if (stopped || (closed && isBlock)) return group.forEach(drop)
    queueOf(first.model)[isBlock ? 'blocks' : 'followUps'].push(group)
  }
  const intake = createIntake(options, { worst, enqueue, fromCache: () => void counts.fromCache++ })

  // ---- sending ----

  /** True where the whole group was reserved. A group that can never be paid closes the run to new blocks. */
  const admit = (queue: ModelQueue): boolean => {
    const retry = queue.again.peek()
    if (retry !== undefined) {
      if (guard.reserve([retry.worst])) {
        queue.again.take()
        queue.admitted.push(retry)
        return true
      }
      if (guard.pending()) return false
      queue.again.take()
      overBudget(retry)
      return true
    }
    const source = queue.followUps.length > 0 ? queue.followUps : queue.blocks
    const group = source.peek()
    if (group === undefined) return false
    if (guard.reserve(group.map((job) => job.worst))) {
      source.take()
      for (const job of group) queueOf(job.model).admitted.push(job)
      return true
    }
    if (guard.pending()) return false
    source.take()
    group.forEach(overBudget)
    return true
  }
  const overBudget = (job: Job): void => {
    close()
    drop(job)
    end('budget', null)
  }
  const close = (): void => {
    if (closed) return
    closed = true
    for (const queue of queues.values()) for (const group of queue.blocks.drain()) group.forEach(drop)
  }
  const lookahead = (queue: ModelQueue): number => Math.max(1, Math.min(snapshot.concurrency, queue.lane.limit))

  /** Commits the attempts of the next calls ahead of time, so that no call waits for the disk. */
  const stage = (queue: ModelQueue): void => {
    const depth = lookahead(queue)
    while (queue.ready.length + queue.staging < depth) {
      const job = queue.admitted.take()
      if (job === undefined) {
        if (!admit(queue)) return
        continue
      }
      job.attempts++
      job.tries++
      queue.staging++
      const sentAt = clock.now()
      ledger.attempt(
        callOf(options.experiment, job.request),
        { call: job.request.id, n: job.attempts, model: job.model.id, maxCostUsd: job.worst.usd, sentAt },
        () => {
          queue.staging--
          if (stopped) return unsent(job)
          queue.ready.push(job)
          waker.wake()
        },
      )
    }
  }
  /** Committed ahead of time but never sent: the ledger says so. */
  const unsent = (job: Job): void => {
    guard.release(job.worst)
    ledger.ended(unsentEnd(job, clock.now()))
    drop(job)
  }

  const mayUse = (queue: ModelQueue): boolean => {
    if (!isLocal(queue.model)) return true
    if (residency.ready(queue.model, { alone: !snapshot.interleaveModels })) return true
    const trouble = residency.takeTrouble(queue.model)
    if (trouble !== undefined) {
      const { message } = toErrorData(trouble)
      stop('trouble', 'finish', { code: 'model-unavailable', message: `${queue.model.id}: ${message}`, problems: [] })
    }
    return false
  }

  /** Sends what may go now, one call a model in turn; returns the milliseconds until something more may. */
  const sendReady = (): number => {
    let soonest = Number.POSITIVE_INFINITY
    let progress = true
    while (progress && !stopped) {
      progress = false
      for (const queue of queues.values()) {
        if (counts.inFlight >= snapshot.concurrency) return Number.POSITIVE_INFINITY
        const job = queue.ready.peek()
        if (job === undefined || queue.lane.active >= queue.lane.limit || !mayUse(queue)) continue
        const now = clock.monotonicMs()
        const wait = queue.gate.waitMs(now, job.worst.tokens)
        if (wait > 0) {
          soonest = Math.min(soonest, wait)
          continue
        }
        queue.ready.take()
        send(queue, job, now)
        stage(queue)
        progress = true
      }
    }
    return soonest
  }

  const send = (queue: ModelQueue, job: Job, now: number): void => {
    const controller = new AbortController()
    flying.set(job, controller)
    job.sentMs = now
    job.startedAt = clock.now()
    counts.inFlight++
    counts.attempts++
    if (job.tries > 1) counts.retries++
    queue.lane.active++
    queue.gate.sent(now, job.worst.tokens)
    sendAttempt(scheduler, job, controller.signal, options.priceOf(job.model))
      .then((result) => {
        flying.delete(job)
        counts.inFlight--
        queue.lane.active--
        arrived(queue, job, result)
        // Another run may have waited for this place.
        scheduler.wake()
      })
      // A defect of ours must end this run with its cause, not the whole host.
      .catch((error: unknown) => stop('trouble', 'now', toErrorData(error)))
  }

  // ---- arriving ----

  const arrived = (queue: ModelQueue, job: Job, result: AttemptResult): void => {
    const now = clock.monotonicMs()
    if (result.kind === 'aborted') {
      // Sent and never answered: the attempt stays `sent`, and counts as unconfirmed spend.
      queue.gate.withdrawn()
      guard.settle(job.worst, { tokens: null, usd: null })
      return drop(job)
    }
    const { usage, costUsd } = result
    guard.settle(job.worst, { tokens: usage === null ? null : usage.input + usage.output, usd: costUsd })
    counts.inputTokens += usage?.input ?? 0
    counts.outputTokens += usage?.output ?? 0
    counts.spentUsd = counts.spentUsd === null || costUsd === null ? null : counts.spentUsd + costUsd
    if (result.kind === 'answered') {
      queue.gate.succeeded(now, job.sentMs)
      refusals.accepted(job.model.id)
      release(job.model.id)
      return finish(job, result)
    }
    queue.gate.failed(now, job.sentMs, result.failure)
    if (queue.gate.failedProbes() >= probesToGiveUp && !stopped) {
      const message = `${job.model.id}: the server does not answer (${result.failure.message})`
      stop('trouble', 'finish', { code: 'unreachable', message, problems: [] })
    }
    failed(job, result)
  }

  const failed = (job: Job, result: FailedAttempt): void => {
    if (result.failure.code === 'refused') {
      held.hold({ job, result })
      if (refusals.refused(job.model.id, result.failure.httpStatus) && !stopped)
        stop('refused', 'finish', {
          code: 'missing-key',
          message: `${job.model.id}: ${result.failure.message}`,
          problems: [],
        })
      else if (stopped) letGo()
      return
    }
    const again = result.retryable && job.tries < maxAttempts
    if (!again && job.fallbacks.length === 0) return finish(job, result)
    ledger.ended(endOf(job, result, ending(false)))
    if (stopped) return drop(job)
    if (again) return retryLater(job, result)
    const [next, ...rest] = job.fallbacks
    fallBack(job, next as ModelReference, rest)
  }
  const fallBack = (job: Job, next: ModelReference, rest: readonly ModelReference[]): void => {
    const sentence = `${job.model.id} gives no answer; ${next.id} answers instead, and the report says so`
    if (!told.has(sentence)) options.notice(sentence)
    told.add(sentence)
    wanted(job, -1)
    job.model = next
    job.fallbacks.splice(0, job.fallbacks.length, ...rest)
    job.tries = 0
    job.worst = worst(job.request, next)
    wanted(job, 1)
    queueOf(next).again.push(job)
    waker.wake()
  }
  const retryLater = (job: Job, result: FailedAttempt): void => {
    const stream = `retry:${job.request.purpose}`
    retries.add(job, retryDelayMs(job.tries, result.failure.retryAfterMs, { random: scheduler.random, stream }))
  }
  const retries = createRetryTimers(clock, {
    due(job) {
      queueOf(job.model).again.push(job)
      waker.wake()
    },
    cancelled: drop,
  })

  const ending = (final: boolean) => ({ final, endedAt: clock.now(), cache: snapshot.cache })
  const finish = (job: Job, result: EndedAttempt): void => {
    const end = endOf(job, result, ending(true))
    ledger.ended(end)
    wanted(job, -1)
    options.answered({
      ...blankAnswer(job.request, job.startedAt ?? end.endedAt),
      response: end.response,
      failure: end.failure,
      answeredBy: result.kind === 'answered' ? job.model.id : null,
      costUsd: result.costUsd,
      attempts: job.attempts,
    })
  }
  /** Refusals that were not the beginning of five in a row are failures of their cells like any other. */
  const release = (model: string | null): void => {
    for (const { job, result } of held.take(model)) finish(job, result)
  }
  /** After a stop, held refusals are no failures of their cells: a resume with the right key asks again. */
  const letGo = (): void => {
    for (const { job, result } of held.take(null)) {
      ledger.ended(endOf(job, result, ending(false)))
      drop(job)
    }
  }

  // ---- the whole ----

  const queued = (): boolean => [...queues.values()].some((queue) => isHolding(queue) || isWaiting(queue))
  const idle = (): boolean => !intake.busy() && flying.size === 0 && retries.size === 0 && !queued()

  /** Lets go what would wait for ever; a resume with a larger budget makes those calls. */
  const giveWay = (): void => {
    if (flying.size > 0 || retries.size > 0 || snapshot.interleaveModels) return
    for (const queue of stuckQueues([...queues.values()])) {
      if (!mayUse(queue)) continue
      for (const group of [...queue.followUps.drain(), ...queue.blocks.drain()]) group.forEach(overBudget)
      queue.again.drain().forEach(overBudget)
    }
  }

  const pump = (): number => {
    if (stopped || paused) return Number.POSITIVE_INFINITY
    for (const queue of queues.values()) stage(queue)
    const wait = sendReady()
    if (held.size > 0 && idle()) release(null)
    giveWay()
    return wait
  }
  const waker = createWaker(pump)
  const leave = scheduler.join({ wake: waker.wake, notice: options.notice })

  const stop = (reason: EndReason, how: 'finish' | 'now', cause: LabErrorData | null = null): void => {
    end(reason, cause)
    closed = true
    stopped = true
    for (const queue of queues.values()) {
      for (const group of [...queue.followUps.drain(), ...queue.blocks.drain()]) group.forEach(drop)
      queue.again.drain().forEach(drop)
      for (const job of queue.admitted.drain()) {
        guard.release(job.worst)
        drop(job)
      }
      queue.ready.drain().forEach(unsent)
    }
    retries.cancel()
    letGo()
    if (how === 'now') for (const controller of flying.values()) controller.abort()
  }

  return {
    async submit(groups) {
      await intake.take(groups)
      waker.wake()
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      waker.wake()
    },
    stop: (reason, how) => stop(reason, how),
    counts: () => counts,
    idle,
    dispose() {
      waker.cancel()
      leave()
    },
  }
}
