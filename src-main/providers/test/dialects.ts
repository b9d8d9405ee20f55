import { defaultTimeouts, type ModelReference } from '../../../src-core/domain/model.ts'

export type Spoken = {
  readonly texts: readonly string[]
  readonly finish?: 'stop' | 'length'
  readonly usage?: { readonly input: unknown; readonly output: unknown; readonly cached?: unknown } | null
  readonly servedModel?: string
}

/** How one protocol says things, for a fake server. */
export type Dialect = {
  readonly provider: string
  readonly streamed: boolean
  readonly contentType: string
  /** The protocol reports how many input tokens came from a cache. */
  readonly cached: boolean
  model(url: string, change?: Partial<ModelReference>): ModelReference
  answer(spoken: Spoken): Buffer
  /** Offset of the first byte behind which the answer is whole, whatever happens then. */
  wholeFrom(body: Buffer): number
  error(message: string, code: string): string
  readonly errorInStream: Buffer | null
}

export const testKey = 'sk-canary-0123456789-abcdefghij'
export const keyVariableName = 'PROMPTLAB_TEST_KEY'

const reference = (provider: string, baseUrl: string | null, change: Partial<ModelReference> = {}): ModelReference => ({
  id: 'm',
  provider,
  model: 'test-model',
  parameters: { temperature: 0, topP: null, seed: null, maxTokens: 16, stop: [], responseFormat: null },
  baseUrl,
  apiKeyEnv: keyVariableName,
  headers: {},
  price: null,
  fallback: [],
  experiment: true,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: defaultTimeouts,
  options: {},
  ...change,
})

const event = (data: unknown, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`

export const openai: Dialect = {
  provider: 'openai',
  streamed: true,
  contentType: 'text/event-stream',
  cached: true,
  model: (url, change) => reference('openai', `${url}/v1`, change),
  answer: ({ texts, finish = 'stop', usage = { input: 12, output: 3 }, servedModel = 'served' }) => {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      event({
        id: 'c',
        object: 'chat.completion.chunk',
        created: 1,
        model: servedModel,
        choices: [{ index: 0, delta, finish_reason }],
      })
    const counts =
      usage === null
        ? ''
        : event({
            id: 'c',
            model: servedModel,
            choices: [],
            usage: {
              prompt_tokens: usage.input,
              completion_tokens: usage.output,
              prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
            },
          })
    return Buffer.from(
      `${chunk({ role: 'assistant', content: '' })}: keep-alive\n\n${texts.map((content) => chunk({ content })).join('')}${chunk({}, finish)}${counts}${event('[DONE]')}`,
    )
  },
  wholeFrom: (body) => body.indexOf('"finish_reason":"') + 1,
  error: (message, code) => JSON.stringify({ error: { message, type: 'x', code } }),
  errorInStream: Buffer.from(event({ error: { message: 'the engine fell over', type: 'server_error' } })),
}

export const openaiWhole: Dialect = {
  ...openai,
  streamed: false,
  contentType: 'application/json',
  model: (url, change) => reference('openai', `${url}/v1`, { options: { stream: false }, ...change }),
  answer: ({ texts, finish = 'stop', usage = { input: 12, output: 3 }, servedModel = 'served' }) =>
    Buffer.from(
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        model: servedModel,
        choices: [{ index: 0, message: { role: 'assistant', content: texts.join('') }, finish_reason: finish }],
        ...(usage === null
          ? {}
          : {
              usage: {
                prompt_tokens: usage.input,
                completion_tokens: usage.output,
                prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
              },
            }),
      }),
    ),
  wholeFrom: (body) => body.length,
  errorInStream: null,
}

export const anthropic: Dialect = {
  provider: 'anthropic',
  streamed: true,
  contentType: 'text/event-stream',
  cached: true,
  model: (url, change) => reference('anthropic', url, change),
  answer: ({ texts, finish = 'stop', usage = { input: 12, output: 3 }, servedModel = 'served' }) => {
    const cached = typeof usage?.cached === 'number' ? usage.cached : 0
    const input = typeof usage?.input === 'number' ? usage.input - cached : usage?.input
    const start =
      usage === null
        ? {}
        : { usage: { input_tokens: input, cache_read_input_tokens: usage.cached ?? 0, output_tokens: 1 } }
    const typed = (data: { type: string }) => event(data, data.type)
    const parts = [
      {
        type: 'message_start',
        message: { id: 'm', type: 'message', role: 'assistant', content: [], model: servedModel, ...start },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...texts.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: finish === 'stop' ? 'end_turn' : 'max_tokens', stop_sequence: null },
        ...(usage === null ? {} : { usage: { output_tokens: usage.output } }),
      },
      { type: 'message_stop' },
    ]
    return Buffer.from(parts.map(typed).join(''))
  },
  wholeFrom: (body) => body.indexOf('"stop_reason":"') + 1,
  error: (message, code) => JSON.stringify({ type: 'error', error: { type: code, message } }),
  errorInStream: Buffer.from(
    event({ type: 'error', error: { type: 'overloaded_error', message: 'the engine fell over' } }, 'error'),
  ),
}

export const ollama: Dialect = {
  provider: 'ollama',
  streamed: true,
  contentType: 'application/x-ndjson',
  cached: false,
  model: (url, change) => reference('ollama', url, change),
  answer: ({ texts, finish = 'stop', usage = { input: 12, output: 3 }, servedModel = 'served' }) => {
    const line = (value: object) =>
      `${JSON.stringify({ model: servedModel, created_at: '2026-01-01T00:00:00Z', ...value })}\n`
    const counts = usage === null ? {} : { prompt_eval_count: usage.input, eval_count: usage.output }
    return Buffer.from(
      texts.map((content) => line({ message: { role: 'assistant', content }, done: false })).join('') +
        line({
          message: { role: 'assistant', content: '' },
          done_reason: finish,
          done: true,
          total_duration: 5_043_000_000,
          load_duration: 5_000_000_000,
          ...counts,
        }),
    )
  },
  wholeFrom: (body) => body.length - 1,
  error: (message) => JSON.stringify({ error: message }),
  errorInStream: Buffer.from('{"error":"the engine fell over"}\n'),
}

export const http: Dialect = {
  provider: 'http',
  streamed: false,
  contentType: 'application/json',
  cached: true,
  model: (url, change) =>
    reference('http', null, {
      options: {
        url: `${url}/ask?v=1`,
        body: { question: '{prompt}', model: '{model}', max: '{maxTokens}' },
        outputPath: 'answer.text',
        inputTokensPath: 'usage.in',
        outputTokensPath: 'usage["out"]',
        cachedTokensPath: 'usage.cached',
        modelPath: 'model',
        finishReasonPath: 'answer.finish',
      },
      ...change,
    }),
  answer: ({ texts, finish = 'stop', usage = { input: 12, output: 3 }, servedModel = 'served' }) =>
    Buffer.from(
      JSON.stringify({
        model: servedModel,
        answer: { text: texts.join(''), finish },
        ...(usage === null ? {} : { usage: { in: usage.input, out: usage.output, cached: usage.cached ?? 0 } }),
      }),
    ),
  wholeFrom: (body) => body.length,
  error: (message, code) => JSON.stringify({ error: { message, code } }),
  errorInStream: null,
}
