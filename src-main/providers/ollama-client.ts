import { type ChatRequest, Ollama } from 'ollama'
import { type CallOptions, ProviderFailure } from '../../src-core/ports/provider.ts'
import type { OllamaOptions } from './entries/ollama-entry.ts'
import { headerList, type ReadyModel } from './models.ts'
import type { Connections } from './transport/connections.ts'
import { type BodyReader, type ExchangeTimes, exchange } from './transport/exchange.ts'

export type OllamaClient = { readonly headers: readonly string[] }
export type OllamaReady = ReadyModel<OllamaOptions, OllamaClient>
/** An Ollama client for questions whose reply comes as a whole. */
export type AskOllama = (at: OllamaReady, options: CallOptions) => Ollama

export const connectOllama = ({ model, key }: Omit<OllamaReady, 'client'>): OllamaClient => ({
  headers: headerList(
    {
      'content-type': 'application/json',
      accept: 'application/x-ndjson, application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    model.headers,
  ),
})

export type Outgoing = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body: string | null }

export const sendOllama = (
  connections: Connections,
  at: OllamaReady,
  options: CallOptions,
  reader: BodyReader,
  { method, path, body }: Outgoing,
): Promise<ExchangeTimes> =>
  exchange(
    {
      connections,
      endpoint: { ...at.endpoint, prefix: '' },
      path,
      method,
      headers: at.client.headers,
      body,
      key: at.key,
      timeouts: at.model.timeouts,
      signal: options.signal,
      onFirstToken: options.onFirstToken,
    },
    reader,
  )

/** The SDK's client around a transport of ours. A new one for each call: it is an object of four fields. */
export const ollamaClient = (
  at: OllamaReady,
  transport: (method: 'GET' | 'POST', path: string, body: string | null) => Promise<Response>,
): Ollama =>
  new Ollama({
    host: at.endpoint.origin + at.endpoint.prefix,
    fetch: async (input: string | URL | Request, init?: { method?: string; body?: unknown }) => {
      const url = new URL(input instanceof Request ? input.url : input)
      if (url.origin !== at.endpoint.origin)
        throw new ProviderFailure('bad-request', 'The request would have left its own origin.')
      return transport(
        init?.method === 'POST' ? 'POST' : 'GET',
        url.pathname + url.search,
        typeof init?.body === 'string' ? init.body : null,
      )
    },
  })

/** What decides how a model is loaded must be the same when it is loaded and when it is called, or Ollama loads it again. */
export const loadOptions = (options: OllamaOptions): NonNullable<ChatRequest['options']> => ({
  ...options.modelOptions,
  ...(options.contextLength === undefined ? {} : { num_ctx: options.contextLength }),
})
