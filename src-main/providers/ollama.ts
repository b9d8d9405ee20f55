import type { ChatRequest } from 'ollama'
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
import { type OllamaOptions, ollamaEntry } from './entries/ollama-entry.ts'
import { createReadyModels } from './models.ts'
import {
  type AskOllama,
  connectOllama,
  loadOptions,
  type OllamaClient,
  type OllamaReady,
  ollamaClient,
  sendOllama,
} from './ollama-client.ts'
import { createResidence, inSentences, knownModels, showModel } from './ollama-models.ts'
import { createOllamaReader } from './ollama-reply.ts'
import { type Connections, createConnections } from './transport/connections.ts'
import type { ExchangeTimes } from './transport/exchange.ts'
import { createTextReader } from './transport/json-reader.ts'

/** Ollama by its native API: its counters tell tokens, durations and the time to load, which OpenAI's form does not. */
export const createOllamaProvider = (dependencies: Pick<ProviderDependencies, 'secrets'>): Provider => {
  const connections = createConnections()
  const ready = createReadyModels<OllamaOptions, OllamaClient>({
    entry: ollamaEntry,
    dependencies,
    connect: connectOllama,
  })
  const ask: AskOllama = (at, options) => {
    let text = ''
    const reader = () =>
      createTextReader((body) => {
        text = body
      })
    return ollamaClient(at, async (method, path, body) => {
      await sendOllama(connections, at, options, reader(), { method, path, body })
      return new Response(text, { headers: { 'content-type': 'application/json' } })
    })
  }
  const residence = createResidence(ask)

  return {
    id: ollamaEntry.id,
    complete: async (request, options) =>
      inSentences(request.model, 'failure', () => complete(connections, ready(request.model), request, options)),
    embed: async (model, texts, options) =>
      inSentences(model, 'failure', async () => {
        const at = ready(model)
        const reply = await ask(at, options).embed({
          model: model.model,
          input: [...texts],
          truncate: false,
          keep_alive: at.options.keepAlive,
          options: loadOptions(at.options),
        })
        const parsed = z
          .object({ embeddings: z.array(z.array(z.number()).min(1)).length(texts.length) })
          .safeParse(reply)
        if (!parsed.success)
          throw new ProviderFailure(
            'bad-response',
            `${at.where} did not send one embedding for each of ${texts.length} texts.`,
          )
        return parsed.data.embeddings
      }),
    prepare: async (model, options) => inSentences(model, 'error', () => residence.enter(ready(model), options)),
    release: async (model) => inSentences(model, 'error', () => residence.leave(ready(model))),
    identify: async (model, options) => inSentences(model, 'error', () => showModel(ask, ready(model), options)),
    available: async (options) =>
      inSentences(defaultModel, 'error', () => knownModels(ask, ready(defaultModel), options)),
    dispose: () => connections.dispose(),
  }
}

const complete = async (
  connections: Connections,
  at: OllamaReady,
  request: CompletionRequest,
  options: CallOptions,
): Promise<ModelResponse> => {
  const reader = createOllamaReader(at.where, at.key)
  let times: ExchangeTimes | undefined
  const client = ollamaClient(at, async (method, path, body) => {
    times = await sendOllama(connections, at, options, reader, { method, path, body })
    // All is read by now; the SDK's own reading, which passes over broken lines, has nothing left to do.
    return new Response('')
  })
  await client.chat({ ...chatRequest(request, at), stream: true })
  if (times === undefined) throw new ProviderFailure('bad-request', 'The request could not be made.')
  return reader.answer(times)
}

const chatRequest = (
  { model, messages }: CompletionRequest,
  { options }: OllamaReady,
): ChatRequest & { truncate: boolean; shift: boolean } => {
  const { responseFormat } = model.parameters
  return {
    model: model.model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    keep_alive: options.keepAlive,
    // By default Ollama drops the beginning of a prompt that does not fit, and says nothing. It must fail instead.
    truncate: false,
    shift: false,
    ...(options.think === undefined ? {} : { think: options.think }),
    ...(responseFormat === null ? {} : { format: responseFormat as string | object }),
    options: modelOptions(model, options),
  }
}

const modelOptions = ({ parameters }: ModelReference, options: OllamaOptions): NonNullable<ChatRequest['options']> => {
  const { temperature, topP, seed, maxTokens, stop } = parameters
  return {
    ...loadOptions(options),
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(seed === null ? {} : { seed }),
    ...(maxTokens === null ? {} : { num_predict: maxTokens }),
    ...(stop.length === 0 ? {} : { stop: [...stop] }),
  }
}

const defaultModel: ModelReference = {
  id: 'ollama',
  provider: 'ollama',
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
  timeouts: { connectMs: 1_000, firstTokenMs: 10_000, idleMs: 5_000, totalMs: 10_000 },
  options: {},
}
