import Anthropic from '@anthropic-ai/sdk'
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages'
import type { Message } from '../../src-core/domain/prompt.ts'
import { type CompletionRequest, type Provider, ProviderFailure } from '../../src-core/ports/provider.ts'
import { createAnthropicReader } from './anthropic-reply.ts'
import type { ProviderDependencies } from './dependencies.ts'
import { type AnthropicOptions, anthropicEntry } from './entries/anthropic-entry.ts'
import { identifyByList } from './model-list.ts'
import { createReadyModels, headerList, type ReadyModel } from './models.ts'
import { createConnections } from './transport/connections.ts'
import { exchange } from './transport/exchange.ts'
import { bridgeFetch, throughSdk } from './transport/sdk.ts'

type AnthropicClient = { readonly sdk: Anthropic; readonly headers: readonly string[] }
type Ready = ReadyModel<AnthropicOptions, AnthropicClient>

/** The version of the protocol that this file was written for; the SDK's own header does not leave (see transport/sdk.ts). */
const protocolVersion = '2023-06-01'

/** Anthropic's messages, and servers that speak them (llama.cpp's, proxies). Always streamed. */
export const createAnthropicProvider = (dependencies: Pick<ProviderDependencies, 'secrets'>): Provider => {
  const connections = createConnections()
  const ready = createReadyModels<AnthropicOptions, AnthropicClient>({ entry: anthropicEntry, dependencies, connect })
  return {
    id: anthropicEntry.id,
    complete: async (request, options) => {
      const at = ready(request.model)
      const reader = createAnthropicReader(at.where, at.key)
      const params = messageParams(request, at)
      const times = await throughSdk(
        (fetchOptions) => at.client.sdk.messages.create(params, { fetchOptions }).asResponse(),
        {
          origin: at.endpoint.origin,
          key: at.key,
          send: (path, body) =>
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
            ),
        },
      )
      return { ...reader.answer(), latencyMs: times.totalMs, firstTokenMs: times.firstTokenMs, batched: false }
    },
    identify: async (model, options) => {
      const at = ready(model)
      return identifyByList({ connections, at, path: '/v1/models', headers: at.client.headers }, options)
    },
    dispose: () => connections.dispose(),
  }
}

const connect = ({ model, endpoint, key }: Omit<Ready, 'client'>): AnthropicClient => ({
  sdk: new Anthropic({
    // As with OpenAI: what is sent stands in the headers below, and nowhere else.
    apiKey: 'unused',
    authToken: null,
    // The SDK adds "/v1" itself; people write both forms.
    baseURL: endpoint.origin + endpoint.prefix.replace(/\/v1$/, ''),
    maxRetries: 0,
    timeout: 2_147_483_647,
    fetch: bridgeFetch,
    logLevel: 'off',
  }),
  headers: headerList(
    {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'anthropic-version': protocolVersion,
      ...(key === null ? {} : { 'x-api-key': key }),
    },
    model.headers,
  ),
})

const messageParams = ({ model, messages }: CompletionRequest, { options }: Ready): MessageCreateParamsStreaming => {
  const { temperature, topP, maxTokens, stop, responseFormat } = model.parameters
  const { system, rest } = splitSystem(messages)
  if (responseFormat === 'json')
    throw new ProviderFailure(
      'bad-request',
      `Anthropic has no mode for "any JSON": give model "${model.id}" a JSON schema as responseFormat, or none.`,
    )
  return {
    model: model.model,
    max_tokens: maxTokens ?? options.defaultMaxTokens,
    messages: rest,
    stream: true,
    ...(system === null ? {} : { system }),
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(stop.length === 0 ? {} : { stop_sequences: [...stop] }),
    ...(responseFormat === null
      ? {}
      : {
          output_config: {
            format: { type: 'json_schema' as const, schema: responseFormat as Record<string, unknown> },
          },
        }),
    ...options.body,
  }
}

/** The protocol has one system text before all messages. One in the middle would silently change its place. */
const splitSystem = (messages: readonly Message[]) => {
  const begin = messages.findIndex((message) => message.role !== 'system')
  const system = messages.slice(0, begin === -1 ? messages.length : begin)
  const rest: { role: 'user' | 'assistant'; content: string }[] = []
  for (const { role, content } of begin === -1 ? [] : messages.slice(begin)) {
    if (role === 'system')
      throw new ProviderFailure(
        'bad-request',
        'Anthropic takes system messages only before all others; this prompt has one later.',
      )
    rest.push({ role, content })
  }
  if (rest.length === 0)
    throw new ProviderFailure('bad-request', 'Anthropic needs at least one message of the user; this prompt has none.')
  return { system: system.length === 0 ? null : system.map((message) => message.content).join('\n\n'), rest }
}
