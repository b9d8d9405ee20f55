import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import type { Call, CallEnd } from '../../src-core/ports/store.ts'
import type { AttemptResult } from './attempt.ts'
import type { CallAnswer, CallRequest } from './call-types.ts'
import type { Job } from './queues.ts'

export type EndedAttempt = Extract<AttemptResult, { kind: 'answered' | 'failed' }>
export type FailedAttempt = Extract<AttemptResult, { kind: 'failed' }>

/** The call as the ledger keeps it. */
export const callOf = (experiment: ExperimentId, request: CallRequest): Call => ({
  id: request.id,
  experiment,
  kind: request.kind,
  purpose: request.purpose,
  cell: request.cell,
  model: request.model,
  messages: request.kind === 'task' ? null : request.messages,
})

/** An answer without content, to be filled in. */
export const blankAnswer = (request: CallRequest, startedAt: string): CallAnswer => ({
  id: request.id,
  response: null,
  failure: null,
  answeredBy: null,
  costUsd: null,
  fromCache: false,
  attempts: 0,
  startedAt,
  unrecorded: false,
})

type EndDetails = {
  readonly final: boolean
  readonly endedAt: string
  readonly cache: ExperimentSnapshot['cache']
}

/** The end of an attempt as the ledger keeps it. */
export const endOf = (job: Job, result: EndedAttempt, { final, endedAt, cache }: EndDetails): CallEnd => {
  const answered = result.kind === 'answered'
  // A substitute's answer must not be found under the name of the model that was asked.
  const own = job.model.id === job.request.model
  return {
    call: job.request.id,
    attempt: job.attempts,
    final,
    response: answered ? result.response : null,
    failure: answered ? null : { code: result.failure.code, message: result.failure.message },
    httpStatus: answered ? 200 : result.failure.httpStatus,
    costUsd: result.costUsd,
    endedAt,
    cacheKey: answered && own && cache !== 'off' ? job.request.cacheKey : null,
  }
}

/** The end of an attempt that was committed ahead of time and never sent. */
export const unsentEnd = (job: Job, endedAt: string): CallEnd => ({
  call: job.request.id,
  attempt: job.attempts,
  final: false,
  response: null,
  failure: { code: 'cancelled', message: 'not sent: the run stopped first' },
  httpStatus: null,
  costUsd: 0,
  endedAt,
  cacheKey: null,
})
