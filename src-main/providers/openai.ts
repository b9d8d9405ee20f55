import OpenAI from 'openai'
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions'
import { z } from 'zod'
import type { ModelResponse } from '../../src-core/domain/execution.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import {
  type CallOptions,
  type CompletionRequest,
  type Provider,
  ProviderFailure,
} from '../../src-core/ports/provider.ts'
import type { ProviderDependencies } from './dependencies.ts'
import { type OpenAiOptions, openaiEntry } from './entries/openai-entry.ts'
import { identifyByList, listModels } from './model-list.ts'
import { createReadyModels, headerList, type ReadyModel } from './models.ts'
import { createOpenAiReader } from './openai-reply.ts'
import { type Connections, createConnections } from './transport/connections.ts'
import { type BodyReader, exchange } from './transport/exchange.ts'
import { createTextReader, parseJson } from './transport/json-reader.ts'
import { bridgeFetch, throughSdk } from './transport/sdk.ts'

type OpenAiClient = { readonly sdk: OpenAI; readonly headers: readonly string[] }
type Ready = ReadyModel<OpenAiOptions, OpenAiClient>

/** What a server has said it does not take, so that it is left out from then on. */
type Refusals = { streamOptions: boolean; maxTokens: boolean }

/** OpenAI's chat completions, and every server that speaks them (llama.cpp, LM Studio, vLLM, Gemini's endpoint, ...). */
export const createOpenAiProvider = (dependencies: Pick<ProviderDependencies, 'secrets'>): Provider => {
  const connections = createConnections()
  const refusals = new Map<string, Refusals>()
  const ready = createReadyModels<OpenAiOptions, OpenAiClient>({ entry: openaiEntry, dependencies, connect })
  const refusalsOf = (at: Ready): Refusals => {
    const place = at.endpoint.origin + at.endpoint.prefix
    const known = refusals.get(place) ?? {
      streamOptions: false,
      maxTokens: at.endpoint.origin === 'https://api.openai.com',
    }
    refusals.set(place, known)
    return known
  }

  return {
    id: openaiEntry.id,
    complete: async (request, options) => {
      const at = ready(request.model)
      const refused = refusalsOf(at)
      const reader = createOpenAiReader(at.where, at.key, at.options.stream)
      const params = completionParams(request, at, refused)
      try {
        const times = await throughSdk(
          (fetchOptions) => at.client.sdk.chat.completions.create(params, { fetchOptions }).asResponse(),
          { origin: at.endpoint.origin, key: at.key, send: sender(connections, at, options, reader) },
        )
        return {
          ...reader.answer(),
          latencyMs: times.totalMs,
          firstTokenMs: times.firstTokenMs,
          batched: false,
        } satisfies ModelResponse
      } catch (error) {
        throw learned(error, params, refused)
      }
    },
    embed: async (model, texts, options) => {
      const at = ready(model)
      let vectors: readonly (readonly number[])[] = []
      const reader = createTextReader((text) => {
        vectors = readEmbeddings(parseJson(text, at.where), texts.length, at.where)
      })
      await throughSdk(
        // The SDK would ask for base64 by default, which few compatible servers know.
        (fetchOptions) =>
          at.client.sdk.embeddings
            .create({ model: model.model, input: [...texts], encoding_format: 'float' }, { fetchOptions })
            .asResponse(),
        { origin: at.endpoint.origin, key: at.key, send: sender(connections, at, options, reader) },
      )
      return vectors
    },
    identify: async (model, options) =>
      identifyByList({ connections, at: ready(model), path: '/models', headers: ready(model).client.headers }, options),
    available: async (options) => {
      // Without a lab there is only the default server to ask, and only where its key is set.
      if ((dependencies.secrets(openaiEntry.defaultApiKeyEnv ?? '') ?? '') === '') return []
      const at = ready(defaultModel)
      return listModels({ connections, at, path: '/models', headers: at.client.headers }, options)
    },
    dispose: () => connections.dispose(),
  }
}

const connect = ({ model, endpoint, key }: Omit<Ready, 'client'>): OpenAiClient => ({
  sdk: new OpenAI({
    // The SDK will not be made without a key; the one that is sent stands in the headers below, and nowhere else.
    apiKey: 'unused',
    baseURL: endpoint.origin + endpoint.prefix,
    maxRetries: 0,
    timeout: 2_147_483_647,
    organization: null,
    project: null,
    fetch: bridgeFetch,
    logLevel: 'off',
  }),
  headers: headerList(
    {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    model.headers,
  ),
})

const sender =
  (connections: Connections, at: Ready, options: CallOptions, reader: BodyReader) => (path: string, body: string) =>
    exchange(
      {
        connections,
        endpoint: { ...at.endpoint, prefix: '' },
        path,
        method: 'POST',
        headers: at.client.headers,
        body,
        key: at.key,
        timeouts: at.model.timeouts,
        signal: options.signal,
        onFirstToken: options.onFirstToken,
      },
      reader,
    )

const completionParams = (
  { model, messages }: CompletionRequest,
  { options }: Ready,
  refused: Refusals,
): ChatCompletionCreateParams => {
  const { temperature, topP, seed, maxTokens, stop, responseFormat } = model.parameters
  const limit = refused.maxTokens ? 'max_completion_tokens' : 'max_tokens'
  return {
    model: model.model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(seed === null ? {} : { seed }),
    ...(maxTokens === null ? {} : { [limit]: maxTokens }),
    ...(stop.length === 0 ? {} : { stop: [...stop] }),
    ...(responseFormat === null ? {} : { response_format: responseFormatOf(responseFormat, options.strictSchema) }),
    ...(options.stream
      ? { stream: true, ...(refused.streamOptions ? {} : { stream_options: { include_usage: true } }) }
      : {}),
    ...options.body,
  }
}

const responseFormatOf = (format: NonNullable<ModelReference['parameters']['responseFormat']>, strict: boolean) =>
  format === 'json'
    ? ({ type: 'json_object' } as const)
    : ({
        type: 'json_schema',
        json_schema: { name: 'answer', strict, schema: format as Record<string, unknown> },
      } as const)

/**
 * A server that does not know a parameter of ours says so with a 400, before any work. It is remembered, and the failure
 * becomes one that may be tried again: the next attempt, in the ledger like every other, leaves the parameter out.
 */
const learned = (error: unknown, params: ChatCompletionCreateParams, refused: Refusals): unknown => {
  if (!(error instanceof ProviderFailure) || (error.code !== 'bad-request' && error.httpStatus !== 500)) return error
  const again = (what: string) =>
    new ProviderFailure('bad-response', `${error.message} From now on ${what} is not sent to this server.`, {
      httpStatus: error.httpStatus,
      retryAfterMs: 0,
    })
  if (params.stream_options != null && /stream_options|include_usage/.test(error.message)) {
    refused.streamOptions = true
    return again('stream_options')
  }
  if ('max_tokens' in params && /max_completion_tokens/.test(error.message)) {
    refused.maxTokens = true
    return again('max_tokens (but max_completion_tokens)')
  }
  return error
}

const embeddings = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
})

const readEmbeddings = (value: unknown, wanted: number, where: string): readonly (readonly number[])[] => {
  const parsed = embeddings.safeParse(value)
  const vectors = parsed.success ? parsed.data.data.toSorted((a, b) => a.index - b.index) : []
  if (vectors.length !== wanted || vectors.some((each, place) => each.index !== place))
    throw new ProviderFailure('bad-response', `${where} did not send one embedding for each of ${wanted} texts.`)
  return vectors.map((each) => each.embedding)
}

const defaultModel: ModelReference = {
  id: 'openai',
  provider: 'openai',
  model: '',
  parameters: { temperature: null, topP: null, seed: null, maxTokens: null, stop: [], responseFormat: null },
  baseUrl: null,
  apiKeyEnv: null,
  headers: {},
  price: null,
  fallback: [],
  experiment: false,
  concurrency: null,
  deterministic: false,
  exclusive: false,
  timeouts: { connectMs: 5_000, firstTokenMs: 20_000, idleMs: 10_000, totalMs: 30_000 },
  options: {},
}
