import type { CallId, ExperimentId } from '../../src-core/domain/ids.ts'
import { callId } from '../../src-core/domain/ids.ts'
import { cellIdOf, cellNumberOf } from '../../src-core/experiment/matrix.ts'
import type { CellOutcome, RunState } from '../../src-core/ports/store.ts'
import type { CallAnswer, CallRequest } from '../scheduler/call-types.ts'
import type { ScoredCell } from './channel.ts'

/** The answers a run holds between the server and the record: they need not travel to the thread and back. */
export type RunAnswers = {
  /** Answers of earlier sessions without scores, by running number of their cell. */
  readonly unscored: ReadonlyMap<number, CallAnswer>
  keep(answer: CallAnswer): void
  /** The outcome of a scored cell; its answer is let go. */
  outcome(scored: ScoredCell, now: string): CellOutcome
  /** A judge's or embedding answer that an earlier session has paid; null where there is none. */
  judgedBefore(request: CallRequest, now: string): CallAnswer | null
}

export const createRunAnswers = (experiment: ExperimentId, resume: RunState | null): RunAnswers => {
  const judged = new Map(resume?.judged.map((one) => [one.purpose, one]))
  const answers = new Map<CallId, CallAnswer>()
  const unscored = new Map<number, CallAnswer>()
  for (const { cell, call, ...rest } of resume?.answered ?? []) {
    const answer = { ...rest, id: call, unrecorded: false }
    answers.set(call, answer)
    unscored.set(cellNumberOf(cell), answer)
  }
  return {
    unscored,
    keep: (answer) => void answers.set(answer.id, answer),
    outcome(scored, now) {
      // A miss of the cache has an answer here but no call in the ledger.
      const id = scored.call ?? callId(`task:${cellIdOf(experiment, scored.cell)}`)
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
        startedAt: answer?.startedAt ?? now,
        traceId: null,
        metadata: null,
      }
    },
    judgedBefore(request, now) {
      const known = judged.get(request.purpose)
      if (known === undefined) return null
      const unknown = {
        servedModel: null,
        inputTokens: null,
        outputTokens: null,
        cachedInputTokens: null,
        firstTokenMs: null,
      }
      return {
        id: request.id,
        response: { output: known.output, finishReason: 'stop', latencyMs: 0, batched: false, ...unknown },
        failure: null,
        answeredBy: request.model,
        costUsd: known.costUsd,
        fromCache: false,
        attempts: 0,
        startedAt: now,
        unrecorded: false,
      }
    },
  }
}
