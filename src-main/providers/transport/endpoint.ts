import { isIP } from 'node:net'
import { ProviderFailure } from '../../../src-core/ports/provider.ts'
import { namesLoopback, refusal } from './addresses.ts'

/** A base URL, checked. Everything a model's requests go to: one origin and one path prefix. */
export type Endpoint = {
  readonly origin: string
  /** Host and port, for messages. */
  readonly host: string
  /** Path before the protocol's own, without a slash at its end; "" at the root. */
  readonly prefix: string
  readonly loopback: boolean
}

/** Throws ProviderFailure 'bad-request' with a sentence for a URL that no request may go to. */
export const parseEndpoint = (baseUrl: string): Endpoint => {
  const wrong = (reason: string) =>
    new ProviderFailure('bad-request', `The base URL ${JSON.stringify(baseUrl.slice(0, 200))} ${reason}.`)
  if (!URL.canParse(baseUrl)) throw wrong('is not a URL such as http://127.0.0.1:8080/v1')
  const url = new URL(baseUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong('must begin with http:// or https://')
  if (url.username !== '' || url.password !== '')
    throw new ProviderFailure(
      'bad-request',
      `The base URL of ${url.host} contains a password; name its environment variable as apiKeyEnv instead.`,
    )
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const loopback = namesLoopback(host)
  // A literal address is never looked up, so the guard of the look-up would not see it.
  if (isIP(host) !== 0) {
    const reason = refusal(host, loopback)
    if (reason !== null) throw wrong(`names ${host}, ${reason}`)
  }
  return { origin: url.origin, host: url.host, prefix: url.pathname.replace(/\/+$/, ''), loopback }
}
