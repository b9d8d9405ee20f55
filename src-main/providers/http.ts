import type { FinishReason } from '../../src-core/domain/execution.ts'
import { type Provider, ProviderFailure } from '../../src-core/ports/provider.ts'
import type { Answer } from './answer.ts'
import { fillBody } from './body-template.ts'
import type { ProviderDependencies } from './dependencies.ts'
import { type HttpOptions, httpEntry } from './entries/http-entry.ts'
import { valueAt } from './json-path.ts'
import { createReadyModels, headerList, type ReadyModel } from './models.ts'
import { createConnections } from './transport/connections.ts'
import { cachedWithin, tokenCount } from './transport/counts.ts'
import { exchange } from './transport/exchange.ts'
import { createTextReader, parseJson } from './transport/json-reader.ts'

type HttpClient = { readonly path: string; readonly headers: readonly string[] }
type Ready = ReadyModel<HttpOptions, HttpClient>

/** Any endpoint of one's own: a body template out, paths into the reply back. Not streamed: no time to first token. */
export const createHttpProvider = (dependencies: Pick<ProviderDependencies, 'secrets'>): Provider => {
  const connections = createConnections()
  const ready = createReadyModels<HttpOptions, HttpClient>({
    entry: httpEntry,
    dependencies,
    urlOf: (options) => options.url,
    connect,
  })
  return {
    id: httpEntry.id,
    complete: async (request, options) => {
      const at = ready(request.model)
      let answer: Answer | undefined
      const reader = createTextReader((text) => {
        answer = readAnswer(text, at)
      })
      const times = await exchange(
        {
          connections,
          endpoint: { ...at.endpoint, prefix: '' },
          path: at.client.path,
          method: at.options.method,
          headers: at.client.headers,
          body: JSON.stringify(fillBody(at.options.body, request)),
          key: at.key,
          timeouts: at.model.timeouts,
          signal: options.signal,
          onFirstToken: undefined,
        },
        reader,
      )
      if (answer === undefined) throw new ProviderFailure('bad-response', `${at.where} sent no answer.`)
      return { ...answer, latencyMs: times.totalMs, firstTokenMs: null, batched: false }
    },
    identify: async (model) => {
      // Nothing is known of an endpoint of one's own, and a probe could cost; only its description is checked.
      ready(model)
      return { digest: null, contextLength: null, simulated: false }
    },
    dispose: () => connections.dispose(),
  }
}

const connect = ({ model, options, key }: Omit<Ready, 'client'>): HttpClient => {
  const url = new URL(options.url)
  const declared = { ...model.headers, ...options.headers }
  const placed = Object.values(declared).some((value) => value.includes('{key}'))
  if (placed && key === null)
    throw new ProviderFailure(
      'refused',
      `A header of model "${model.id}" wants {key}, but the model names no apiKeyEnv.`,
    )
  const headers = Object.entries(declared).map(([name, value]) => [name, value.replaceAll('{key}', key ?? '')])
  return {
    path: url.pathname + url.search,
    headers: headerList(
      {
        'content-type': 'application/json',
        accept: 'application/json, text/plain',
        ...(key === null || placed ? {} : { authorization: `Bearer ${key}` }),
      },
      Object.fromEntries(headers) as Record<string, string>,
    ),
  }
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  end_turn: 'stop',
  length: 'length',
  max_tokens: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-call',
}

const readAnswer = (text: string, { options, where }: Ready): Answer => {
  const { outputPath, inputTokensPath, outputTokensPath, cachedTokensPath, modelPath, finishReasonPath } = options
  const paths = [outputPath, inputTokensPath, outputTokensPath, cachedTokensPath, modelPath, finishReasonPath]
  const reply = paths.every((path) => path === undefined) ? null : parseJson(text, where)
  const at = (path: string | undefined): unknown => (path === undefined ? undefined : valueAt(reply, path))
  const found = outputPath === undefined ? text : at(outputPath)
  if (found === undefined || found === null)
    throw new ProviderFailure('bad-response', `The reply of ${where} has nothing at the outputPath ${outputPath}.`)
  const reason = at(finishReasonPath)
  const model = at(modelPath)
  const inputTokens = tokenCount.parse(at(inputTokensPath))
  return {
    output: typeof found === 'string' ? found : JSON.stringify(found),
    // An endpoint that tells no reason has sent a whole reply: it stopped.
    finishReason: finishReasonPath === undefined ? 'stop' : (finishReasons[String(reason).toLowerCase()] ?? 'other'),
    servedModel: typeof model === 'string' ? model : null,
    inputTokens,
    outputTokens: tokenCount.parse(at(outputTokensPath)),
    cachedInputTokens: cachedWithin(tokenCount.parse(at(cachedTokensPath)), inputTokens),
  }
}
