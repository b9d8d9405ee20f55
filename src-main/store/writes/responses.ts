import type { ModelResponse } from '../../../src-core/domain/execution.ts'
import { shortHash } from '../keys.ts'
import { bit, type WriteContext } from './context.ts'

/** The only place of a model's answer: attempts, executions and the cache point to it. */
export const responseWrites = ({ db, directory }: WriteContext) => {
  const insert = db.prepare(
    `INSERT INTO responses (finish_reason, served_model, input_tokens, output_tokens, cached_input_tokens, latency_ms, first_token_ms, batched, output_hash, output)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return {
    addResponse: (response: ModelResponse): number =>
      Number(
        insert.run(
          response.finishReason,
          response.servedModel === null ? null : directory.name(response.servedModel),
          response.inputTokens,
          response.outputTokens,
          response.cachedInputTokens,
          response.latencyMs,
          response.firstTokenMs,
          bit(response.batched),
          shortHash(response.output),
          response.output,
        ).lastInsertRowid,
      ),
  }
}
