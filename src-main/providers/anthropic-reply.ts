import { z } from 'zod'
import type { FinishReason } from '../../src-core/domain/execution.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import type { Answer } from './answer.ts'
import { cachedWithin, tokenCount } from './transport/counts.ts'
import { createEventReader } from './transport/events.ts'
import type { BodyReader } from './transport/exchange.ts'
import { streamedFailure } from './transport/failures.ts'
import { parseJson } from './transport/json-reader.ts'

const usage = z
  .object({
    input_tokens: tokenCount,
    output_tokens: tokenCount,
    cache_read_input_tokens: tokenCount,
    cache_creation_input_tokens: tokenCount,
  })
  .nullish()
  .catch(null)
type Usage = z.infer<typeof usage>

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ model: z.string().nullish(), usage }) }),
  z.object({
    type: z.literal('content_block_start'),
    content_block: z.object({ type: z.string(), text: z.string().nullish() }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    delta: z.object({ type: z.string(), text: z.string().nullish() }),
  }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }).nullish(),
    usage,
  }),
  z.object({ type: z.literal('message_stop') }),
  z.object({ type: z.literal('error'), error: z.unknown().optional() }),
])
const known = new Set(event.options.map((each) => each.shape.type.value as string))

const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-call',
  refusal: 'content-filter',
}

/** Reads a streamed message (docs: Anthropic, "Streaming messages"). `answer()` is for after a successful exchange. */
export const createAnthropicReader = (where: string, key: string | null): BodyReader & { answer(): Answer } => {
  let output = ''
  let stopReason: string | null = null
  let servedModel: string | null = null
  let counted: NonNullable<Usage> = {
    input_tokens: null,
    output_tokens: null,
    cache_read_input_tokens: null,
    cache_creation_input_tokens: null,
  }
  let started = false
  let hasToken = false
  let finished = false

  /** Later counts are cumulative and replace earlier ones; one that is missing replaces nothing. */
  const count = (next: Usage): void => {
    if (next === null || next === undefined) return
    counted = {
      input_tokens: next.input_tokens ?? counted.input_tokens,
      output_tokens: next.output_tokens ?? counted.output_tokens,
      cache_read_input_tokens: next.cache_read_input_tokens ?? counted.cache_read_input_tokens,
      cache_creation_input_tokens: next.cache_creation_input_tokens ?? counted.cache_creation_input_tokens,
    }
  }

  const take = (value: unknown): void => {
    const type = (value as { type?: unknown } | null)?.type
    // New kinds of events may appear at any time and are to be passed over ("ping" is one).
    if (typeof type === 'string' && !known.has(type)) return
    const parsed = event.safeParse(value)
    if (!parsed.success)
      throw new ProviderFailure('bad-response', `${where} sent JSON that is not an event of a message.`)
    const { data } = parsed
    switch (data.type) {
      case 'message_start':
        started = true
        servedModel = data.message.model ?? null
        count(data.message.usage)
        return
      case 'content_block_start':
        if (data.content_block.type === 'text') output += data.content_block.text ?? ''
        return
      case 'content_block_delta':
        hasToken = true
        if (data.delta.type === 'text_delta') output += data.delta.text ?? ''
        return
      case 'message_delta':
        stopReason = data.delta?.stop_reason ?? stopReason
        count(data.usage)
        return
      case 'message_stop':
        if (!started) throw new ProviderFailure('bad-response', `${where} ended a message that it never began.`)
        finished = true
        return
      case 'error':
        throw streamedFailure(data.error, where, key)
    }
  }

  const events = createEventReader((data) => {
    if (!finished) take(parseJson(data, where))
  })

  /** All input: what was read from the cache and what was written to it are counted beside `input_tokens`. */
  const tokens = () => {
    const { input_tokens: fresh, cache_read_input_tokens: read, cache_creation_input_tokens: written } = counted
    return {
      inputTokens: fresh === null ? null : fresh + (read ?? 0) + (written ?? 0),
      outputTokens: counted.output_tokens,
    }
  }

  return {
    get hasToken() {
      return hasToken
    },
    get finished() {
      return finished
    },
    read: events.read,
    end: (framed) => {
      if (stopReason !== null && framed && started) finished = true
      else if (!started && framed)
        throw new ProviderFailure('bad-response', `${where} sent no answer in the protocol's form.`)
      else
        throw new ProviderFailure(
          'cut-stream',
          `${where} ended its answer without the end mark; it may be incomplete.`,
          tokens(),
        )
    },
    answer: () => {
      const finishReason = stopReason === null ? 'other' : (finishReasons[stopReason] ?? 'other')
      if (finishReason === 'content-filter' && output === '')
        throw new ProviderFailure('content-filter', `${where} refused to answer for reasons of safety.`, tokens())
      const sums = tokens()
      return {
        output,
        finishReason,
        servedModel,
        ...sums,
        cachedInputTokens: cachedWithin(counted.cache_read_input_tokens, sums.inputTokens),
      }
    },
  }
}
