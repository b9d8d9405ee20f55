import { LabError } from '../../../src-core/domain/errors.ts'
import type { ModelResponse } from '../../../src-core/domain/execution.ts'
import type { ContentHash } from '../../../src-core/domain/ids.ts'
import type { AttemptSent, Call, CallEnd } from '../../../src-core/ports/store.ts'
import { hashBytes, toMs } from '../keys.ts'
import type { CallRows } from './call-rows.ts'
import type { WriteContext } from './context.ts'

export const ledgerWrites = (
  { db, directory }: WriteContext,
  calls: CallRows,
  addResponse: (response: ModelResponse) => number,
) => {
  const callOf = db.prepare<[number], { experiment: number }>('SELECT experiment FROM calls WHERE id = ?')
  const send = db.prepare(
    "INSERT INTO attempts (call, n, model, state, max_cost_usd, sent_at) VALUES (?, ?, ?, 'sent', ?, ?)",
  )
  const reopen = db.prepare("UPDATE calls SET state = 'open' WHERE id = ? AND state = 'failed'")
  const endAttempt = db.prepare(
    `UPDATE attempts SET state = ?, ended_at = ?, http_status = ?, cost_usd = ?, response = ?, failure_code = ?, failure_message = ?
     WHERE call = ? AND n = ? AND state IN ('sent', 'unknown')`,
  )
  const endCall = db.prepare('UPDATE calls SET state = ?, response = ?, final_attempt = ?, cost_usd = ? WHERE id = ?')
  const keep = db.prepare(
    'INSERT INTO response_cache (key, response, cost_usd) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const cached = db.prepare<[Buffer], { response: number; cost_usd: number | null }>(
    'SELECT response, cost_usd FROM response_cache WHERE key = ?',
  )
  const answerFromCache = db.prepare(
    "UPDATE calls SET state = 'cached', response = ?, final_attempt = NULL, cost_usd = ? WHERE id = ? AND state <> 'done'",
  )

  return {
    attemptsSent: (begun: readonly Call[], attempts: readonly AttemptSent[]): void => {
      for (const call of begun) calls.begin(call)
      for (const attempt of attempts) {
        const call = calls.find(attempt.call)
        const experiment = callOf.get(call.row)?.experiment
        if (experiment === undefined) throw new LabError('internal', `The call "${attempt.call}" is not in the ledger.`)
        const model = directory.model(experiment, attempt.model)
        const n = calls.attemptNumber(call, attempt.n)
        send.run(call.row, n, model, attempt.maxCostUsd, toMs(attempt.sentAt))
        if (n > 1) reopen.run(call.row)
      }
    },

    callsEnded: (ends: readonly CallEnd[]): void => {
      for (const end of ends) {
        const call = calls.find(end.call)
        const response = end.response === null ? null : addResponse(end.response)
        const n = calls.attemptNumber(call, end.attempt)
        const state = end.failure === null ? 'done' : 'failed'
        const { changes } = endAttempt.run(
          state,
          toMs(end.endedAt),
          end.httpStatus,
          end.costUsd,
          response,
          end.failure?.code ?? null,
          end.failure?.message ?? null,
          call.row,
          n,
        )
        if (changes === 0) {
          throw new LabError(
            'internal',
            `Attempt ${end.attempt} of the call "${end.call}" was never sent or has ended already.`,
          )
        }
        if (end.cacheKey !== null && response !== null && end.failure === null) {
          keep.run(hashBytes(end.cacheKey), response, end.costUsd)
        }
        if (!end.final) continue
        endCall.run(state, response, n, end.costUsd, call.row)
        calls.end(end.call)
      }
    },

    callsFromCache: (answered: readonly (Call & { readonly cacheKey: ContentHash })[]): void => {
      for (const call of answered) {
        const found = cached.get(hashBytes(call.cacheKey))
        if (found === undefined) {
          throw new LabError('internal', `The answer to "${call.purpose}" is not in the response cache.`)
        }
        answerFromCache.run(found.response, found.cost_usd, calls.begin(call))
        calls.end(call.id)
      }
    },
  }
}
