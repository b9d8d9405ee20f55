import { ProviderFailure } from '../../../src-core/ports/provider.ts'
import type { ExchangeTimes } from './exchange.ts'
import { redact } from './redact.ts'

/** Sends what an SDK made: the path with its query, and the body. */
export type SendPrepared = (path: string, body: string) => Promise<ExchangeTimes>

type Carrier = { readonly promptLabSend: (url: string, body: string) => Promise<void> }

const noHeaders = new Headers()
/** As much of an empty successful Response as the SDKs look at; a real one costs more than the rest of the bridge. */
const emptySuccess = (url: string) =>
  ({ ok: true, status: 200, statusText: 'OK', headers: noHeaders, url, body: null }) as unknown as Response

/**
 * The `fetch` given to an SDK. The SDK makes URL and body; the exchange behind it sends, times, limits, reads and judges
 * the answer, because the SDKs hide what an honest measurement needs: whether the end mark came, when a request left,
 * which bytes were broken (npm ollama drops broken lines), and they add headers that environment variables name
 * (OPENAI_CUSTOM_HEADERS) whatever the origin. What the SDK gets back is an empty success; nothing reads it.
 */
export const bridgeFetch = async (input: string | URL | Request, init?: object): Promise<Response> => {
  const { promptLabSend, body } = init as Carrier & { body?: unknown }
  const url = input instanceof Request ? input.url : String(input)
  await promptLabSend(url, typeof body === 'string' ? body : '')
  return emptySuccess(url)
}

/**
 * Runs one SDK call whose request goes out by `send`. `call` gets what to pass as the SDK's `fetchOptions`.
 * Rejects with ProviderFailure only.
 */
export const throughSdk = async (
  call: (fetchOptions: object) => PromiseLike<unknown>,
  { origin, key, send }: { readonly origin: string; readonly key: string | null; readonly send: SendPrepared },
): Promise<ExchangeTimes> => {
  let times: ExchangeTimes | undefined
  // Kept here and not thrown through the SDK, which would wrap it and guess from its words what it was.
  let failure: unknown
  const carrier: Carrier = {
    promptLabSend: async (url, body) => {
      try {
        if (!url.startsWith(`${origin}/`))
          throw new ProviderFailure('bad-request', 'The request would have left its own origin.')
        times = await send(url.slice(origin.length), body)
      } catch (error) {
        failure = error
      }
    },
  }
  try {
    await call(carrier)
  } catch (error) {
    failure ??= error
  }
  if (times !== undefined && failure === undefined) return times
  if (failure instanceof ProviderFailure) throw failure
  const words = redact(failure instanceof Error ? failure.message : String(failure), key)
  throw new ProviderFailure('bad-request', `The request could not be made: ${words}`)
}
