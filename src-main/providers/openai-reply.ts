import { z } from 'zod'
import type { FinishReason } from '../../src-core/domain/execution.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import type { Answer } from './answer.ts'
import { cachedWithin, tokenCount } from './transport/counts.ts'
import { createEventReader } from './transport/events.ts'
import type { BodyReader } from './transport/exchange.ts'
import { streamedFailure } from './transport/failures.ts'
import { parseJson } from './transport/json-reader.ts'

/** Some servers send content in parts; only text is an answer here. */
const content = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish()
const part = z.object({
  content,
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.unknown().optional(),
  tool_calls: z.array(z.unknown()).nullish(),
})
const reply = z.object({
  model: z.string().nullish(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        index: z.number().nullish(),
        delta: part.nullish(),
        message: part.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: tokenCount,
      completion_tokens: tokenCount,
      prompt_tokens_details: z.object({ cached_tokens: tokenCount }).nullish().catch(null),
      prompt_cache_hit_tokens: tokenCount,
    })
    .nullish()
    .catch(null),
})

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-call',
  function_call: 'tool-call',
}

const textOf = (value: z.infer<typeof content>): string =>
  typeof value === 'string' ? value : (value ?? []).map((each) => each.text ?? '').join('')

/**
 * Reads a chat completion, streamed or whole (a server that ignores `stream` answers whole).
 * `answer()` is for after a successful exchange.
 */
export const createOpenAiReader = (
  where: string,
  key: string | null,
  streamed: boolean,
): BodyReader & { answer(): Answer } => {
  let output = ''
  let refusal = ''
  let finish: string | null = null
  let servedModel: string | null = null
  let usage: z.infer<typeof reply>['usage'] = null
  let choices = 0
  let hasToken = false
  let finished = false
  let whole: Buffer[] | null = streamed ? null : []
  let begun = !streamed

  const take = (value: unknown): void => {
    const parsed = reply.safeParse(value)
    if (!parsed.success) throw new ProviderFailure('bad-response', `${where} sent JSON that is not a chat completion.`)
    const { data } = parsed
    if (data.error !== undefined && data.error !== null) throw streamedFailure(data.error, where, key)
    servedModel = data.model ?? servedModel
    usage = data.usage ?? usage
    for (const choice of data.choices ?? []) {
      // One answer was asked for; another index would be another answer.
      if ((choice.index ?? 0) !== 0) continue
      choices++
      const piece = choice.delta ?? choice.message
      const text = textOf(piece?.content)
      output += text
      refusal += piece?.refusal ?? ''
      finish = choice.finish_reason ?? finish
      const reasons =
        (piece?.reasoning_content ?? '') !== '' ||
        (piece?.reasoning !== undefined && piece.reasoning !== null && piece.reasoning !== '')
      if (text !== '' || reasons || refusal !== '' || (piece?.tool_calls?.length ?? 0) > 0) hasToken = true
    }
  }

  const events = createEventReader((data) => {
    if (finished) return
    if (data.trim() === '[DONE]') {
      if (choices === 0) throw new ProviderFailure('bad-response', `${where} ended its answer without giving one.`)
      finished = true
    } else take(parseJson(data, where))
  })

  return {
    get hasToken() {
      return streamed ? hasToken : null
    },
    get finished() {
      return finished
    },
    read: (chunk) => {
      if (!begun) {
        const start = chunk.toString('latin1').trimStart()
        if (start === '') return
        begun = true
        if (start.startsWith('{') || start.startsWith('[')) whole = []
      }
      if (whole === null) events.read(chunk)
      else whole.push(chunk)
    },
    end: (framed) => {
      if (whole !== null) {
        take(parseJson(Buffer.concat(whole).toString('utf8'), where))
        if (choices === 0) throw new ProviderFailure('bad-response', `${where} sent JSON without an answer in it.`)
        finished = true
        return
      }
      events.end()
      // Some servers leave [DONE] out. A finish reason in a body that HTTP itself says is whole is an end mark too.
      if (finish !== null && framed) finished = true
      else if (choices === 0 && framed)
        throw new ProviderFailure('bad-response', `${where} sent no answer in the protocol's form.`)
      else
        throw new ProviderFailure(
          'cut-stream',
          `${where} ended its answer without the end mark; it may be incomplete.`,
          tokens(usage),
        )
    },
    answer: () => {
      const counted = tokens(usage)
      const finishReason = finish === null ? 'other' : (finishReasons[finish] ?? 'other')
      if (finishReason === 'content-filter' && output === '')
        throw new ProviderFailure('content-filter', `${where} withheld the answer by its content filter.`, counted)
      return {
        output: output === '' ? refusal : output,
        finishReason: output === '' && refusal !== '' ? 'other' : finishReason,
        servedModel,
        ...counted,
        cachedInputTokens: cachedWithin(
          usage?.prompt_tokens_details?.cached_tokens ?? usage?.prompt_cache_hit_tokens ?? null,
          counted.inputTokens,
        ),
      }
    },
  }
}

const tokens = (usage: z.infer<typeof reply>['usage']) => ({
  inputTokens: usage?.prompt_tokens ?? null,
  outputTokens: usage?.completion_tokens ?? null,
})
