import { z } from 'zod'
import type { FinishReason, ModelResponse } from '../../src-core/domain/execution.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import { tokenCount } from './transport/counts.ts'
import type { BodyReader, ExchangeTimes } from './transport/exchange.ts'
import { streamedFailure } from './transport/failures.ts'
import { parseJson } from './transport/json-reader.ts'
import { createLineReader } from './transport/lines.ts'

const nanoseconds = z.number().nonnegative().nullable().catch(null)

const line = z.object({
  error: z.unknown().optional(),
  model: z.string().nullish(),
  message: z
    .object({
      content: z.string().nullish(),
      thinking: z.string().nullish(),
      tool_calls: z.array(z.unknown()).nullish(),
    })
    .nullish(),
  done: z.boolean().nullish(),
  done_reason: z.string().nullish(),
  total_duration: nanoseconds,
  load_duration: nanoseconds,
  prompt_eval_count: tokenCount,
  eval_count: tokenCount,
})

const finishReasons: Readonly<Record<string, FinishReason>> = { stop: 'stop', length: 'length' }

/** Reads `/api/chat` (docs/api.md of Ollama): one JSON object a line, the last with `done: true` and the counters. */
export const createOllamaReader = (
  where: string,
  key: string | null,
): BodyReader & { answer(times: ExchangeTimes): ModelResponse } => {
  let output = ''
  let hasToken = false
  let toolCall = false
  let answered = false
  let last: z.infer<typeof line> | null = null

  const lines = createLineReader((text) => {
    if (last !== null || text.trim() === '') return
    const parsed = line.safeParse(parseJson(text, where))
    if (!parsed.success)
      throw new ProviderFailure('bad-response', `${where} sent JSON that is not a chat answer of Ollama.`)
    const { data } = parsed
    if (data.error !== undefined && data.error !== null) throw streamedFailure(data.error, where, key)
    if (data.message !== undefined && data.message !== null) answered = true
    output += data.message?.content ?? ''
    if ((data.message?.tool_calls?.length ?? 0) > 0) toolCall = true
    if (output !== '' || (data.message?.thinking ?? '') !== '' || toolCall) hasToken = true
    if (data.done === true) {
      if (!answered) throw new ProviderFailure('bad-response', `${where} ended its answer without giving one.`)
      last = data
    }
  })

  return {
    get hasToken() {
      return hasToken
    },
    get finished() {
      return last !== null
    },
    read: lines.read,
    end: (framed) => {
      const before = answered
      // A last line without its line end is whole where HTTP says that the body is.
      if (framed) lines.end()
      if (last !== null) return
      if (!before && framed) throw new ProviderFailure('bad-response', `${where} sent no answer in Ollama's form.`)
      throw new ProviderFailure('cut-stream', `${where} ended its answer without the end mark; it may be incomplete.`)
    },
    answer: (times) => {
      const loadMs = (last?.load_duration ?? 0) / 1e6
      const totalMs = last?.total_duration == null ? null : last.total_duration / 1e6
      // The server's own clock, less the time to load the model: neither is the network's or this machine's business.
      const latencyMs = totalMs !== null && totalMs >= loadMs ? totalMs - loadMs : Math.max(0, times.totalMs - loadMs)
      return {
        output,
        finishReason: toolCall ? 'tool-call' : (finishReasons[last?.done_reason ?? 'stop'] ?? 'other'),
        servedModel: last?.model ?? null,
        inputTokens: last?.prompt_eval_count ?? null,
        outputTokens: last?.eval_count ?? null,
        cachedInputTokens: null,
        latencyMs,
        firstTokenMs:
          times.firstTokenMs === null ? null : Math.min(latencyMs, Math.max(0, times.firstTokenMs - loadMs)),
        batched: false,
      }
    },
  }
}
