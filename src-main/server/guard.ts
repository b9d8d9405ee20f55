import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** 256 bits; new for each start of the host. */
export const createToken = (): string => randomBytes(32).toString('base64url')

export type Asked = {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

export type Verdict =
  | { readonly kind: 'page'; readonly path: string }
  | { readonly kind: 'api'; readonly procedure: string }
  /** `guess`: everything was right but the token. */
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 404 | 405 | 415; readonly guess: boolean }

const apiPrefix = '/api/'

/**
 * Who may have what. A page of another site reaches a loopback port through the person's own browser, directly or by
 * rebinding its name to 127.0.0.1; so the Host must be exactly ours, the Origin too where one is sent, the browser itself
 * must call the request same-origin, and the router answers only to the token. The built files hold no data: they need no
 * token, and a link from elsewhere may open (never embed or read) the page.
 *
 * `authority` is the host's own `127.0.0.1:port`.
 */
export const judge = ({ method, url, headers }: Asked, authority: string, token: string): Verdict => {
  if (headers.host !== authority) return refuse(403)
  if (headers.origin !== undefined && headers.origin !== `http://${authority}`) return refuse(403)
  if (url === undefined || !url.startsWith('/')) return refuse(403)
  const path = url.split('?', 1)[0] as string
  return path.startsWith(apiPrefix) ? judgeApi(method, path, headers, token) : judgePage(method, path, headers)
}

const refuse = (status: 401 | 403 | 404 | 405 | 415, guess = false): Verdict => ({ kind: 'refused', status, guess })

const judgePage = (method: string | undefined, path: string, headers: IncomingHttpHeaders): Verdict => {
  const site = headers['sec-fetch-site']
  const opensWindow = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !opensWindow) return refuse(403)
  return method === 'GET' || method === 'HEAD' ? { kind: 'page', path } : refuse(405)
}

const judgeApi = (method: string | undefined, path: string, headers: IncomingHttpHeaders, token: string): Verdict => {
  // No address bar and no other program asks the router, so 'none' and an absent header are refused as well.
  if (headers['sec-fetch-site'] !== 'same-origin') return refuse(403)
  if (method !== 'GET' && method !== 'POST') return refuse(405)
  if (method === 'GET' && headers.accept !== 'text/event-stream') return refuse(405)
  if (method === 'POST' && !isJson(headers['content-type'])) return refuse(415)
  const given = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(headers.authorization ?? '')?.[1]
  if (given === undefined || !equal(given, token)) return refuse(401, given !== undefined)
  return { kind: 'api', procedure: path.slice(apiPrefix.length) }
}

const isJson = (type: string | undefined): boolean => /^application\/json(; *charset=utf-8)?$/i.test(type ?? '')

/** Hashes have one length, and comparing them takes one time whatever they are. */
const equal = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))
const sha256 = (text: string) => createHash('sha256').update(text).digest()

/**
 * Wrong tokens are answered until `burst` of them came, then one per `refillMs`; the rest hear 429. The right token is
 * always heard, or any program of this machine could lock its owner out.
 */
export const createGuessLimit = (now: () => number, burst = 20, refillMs = 1_000) => {
  let left = burst
  let since = now()
  return {
    allows: (): boolean => {
      const refilled = Math.floor((now() - since) / refillMs)
      if (refilled > 0) {
        left = Math.min(burst, left + refilled)
        since += refilled * refillMs
      }
      if (left === 0) return false
      left--
      return true
    },
  }
}
