import { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import {
  type AvailableModel,
  type CallOptions,
  type ModelIdentity,
  ProviderFailure,
} from '../../src-core/ports/provider.ts'
import type { ReadyModel } from './models.ts'
import type { Connections } from './transport/connections.ts'
import { exchange } from './transport/exchange.ts'
import { createTextReader, parseJson } from './transport/json-reader.ts'
import { isUnreachable } from './transport/network-failure.ts'

type AnyReady = Pick<ReadyModel<unknown, unknown>, 'model' | 'endpoint' | 'where' | 'key'>

export type Asking = {
  readonly connections: Connections
  readonly at: AnyReady
  readonly path: string
  readonly headers: readonly string[]
  readonly body?: unknown
}

/** One small JSON question beside the calls (models, versions). GET, or POST with a body. Rejects with ProviderFailure. */
export const ask = async (
  { connections, at, path, headers, body }: Asking,
  { signal }: CallOptions,
): Promise<unknown> => {
  let value: unknown
  const reader = createTextReader((text) => {
    value = text.trim() === '' ? null : parseJson(text, at.where)
  })
  await exchange(
    {
      connections,
      endpoint: at.endpoint,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      key: at.key,
      timeouts: at.model.timeouts,
      signal,
    },
    reader,
  )
  return value
}

const count = z.number().nullish().catch(null)
/** `/models` of OpenAI, with what vLLM, llama.cpp and OpenRouter add to it; and of Anthropic. */
const list = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_model_len: count,
      context_length: count,
      max_input_tokens: count,
      meta: z.object({ n_ctx_train: count, n_ctx: count, size: count }).nullish().catch(null),
    }),
  ),
})
type Listed = z.infer<typeof list>['data'][number]

const contextOf = (model: Listed): number | null =>
  model.meta?.n_ctx ??
  model.max_model_len ??
  model.context_length ??
  model.meta?.n_ctx_train ??
  model.max_input_tokens ??
  null

const fetchList = async (asking: Asking, options: CallOptions): Promise<readonly Listed[]> => {
  const parsed = list.safeParse(await ask(asking, options))
  if (!parsed.success) throw new ProviderFailure('bad-response', `${asking.at.where} sent no list of models.`)
  return parsed.data.data
}

/**
 * What the server's list says of the model. Null where the server has no list or does not name the model: many servers
 * answer to names they do not list. Throws LabError 'unreachable' when nothing answers at the address, so that a run
 * stops before its first cell; any other trouble is left for the calls to meet and name.
 */
export const identifyByList = async (asking: Asking, options: CallOptions): Promise<ModelIdentity> => {
  const unknown: ModelIdentity = { digest: null, contextLength: null, simulated: false }
  try {
    const models = await fetchList(asking, options)
    // A server of one model (llama.cpp's) answers to any name with that model.
    const named =
      models.find((each) => each.id === asking.at.model.model) ?? (models.length === 1 ? models[0] : undefined)
    return named === undefined ? unknown : { ...unknown, contextLength: contextOf(named) }
  } catch (error) {
    if (isUnreachable(error) && error instanceof ProviderFailure)
      throw new LabError('unreachable', error.message, { cause: error })
    if (error instanceof ProviderFailure && error.code !== 'cancelled') return unknown
    throw error
  }
}

export const listModels = async (asking: Asking, options: CallOptions): Promise<readonly AvailableModel[]> =>
  (await fetchList(asking, options)).map((model) => ({
    id: `${asking.at.model.provider}/${model.id}`,
    provider: asking.at.model.provider,
    model: model.id,
    path: null,
    bytes: model.meta?.size ?? null,
    quantization: null,
    license: null,
    digest: null,
    contextLength: contextOf(model),
    loaded: null,
  }))
