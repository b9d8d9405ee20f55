import { describe, expect, it } from 'vitest'
import { createGuessLimit, createToken, judge } from './guard.ts'

const authority = '127.0.0.1:4711'
const token = createToken()
const right = {
  host: authority,
  origin: `http://${authority}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
  authorization: `Bearer ${token}`,
}
const ask = (method: string, url: string, headers: Record<string, string>) =>
  judge({ method, url, headers }, authority, token)

describe('the token', () => {
  it('has 256 bits and is new each time', () => {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(createToken()).not.toBe(token)
  })

  it('is asked of every request to the router, streams included', () => {
    const { authorization: _, ...bare } = right
    expect(ask('POST', '/api/app.info', bare)).toMatchObject({ kind: 'refused', status: 401, guess: false })
    expect(ask('GET', '/api/app.live', { ...bare, accept: 'text/event-stream' })).toMatchObject({ status: 401 })
    expect(ask('GET', '/api/app.live', { ...right, accept: 'text/event-stream' })).toMatchObject({ kind: 'api' })
    for (const wrong of [`Bearer ${token}x`, `Bearer ${token.slice(1)}`, `bearer ${token}`, `Basic ${token}`, token]) {
      expect(ask('POST', '/api/app.info', { ...right, authorization: wrong })).toMatchObject({
        kind: 'refused',
        status: 401,
      })
    }
  })

  it('does not count in an address or a cookie', () => {
    const { authorization: _, ...bare } = right
    expect(ask('POST', `/api/app.info?token=${token}`, { ...bare, cookie: `token=${token}` })).toMatchObject({
      status: 401,
    })
  })
})

describe('the page', () => {
  it('opens from a link of any site, and is embedded or read by none', () => {
    const page = { host: authority }
    expect(ask('GET', '/', page)).toEqual({ kind: 'page', path: '/' })
    expect(ask('HEAD', '/?x', { ...page, 'sec-fetch-site': 'none' })).toEqual({ kind: 'page', path: '/' })
    const elsewhere = { ...page, 'sec-fetch-site': 'cross-site' }
    expect(ask('GET', '/', { ...elsewhere, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }).kind).toBe(
      'page',
    )
    expect(ask('GET', '/', { ...elsewhere, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }).kind).toBe(
      'refused',
    )
    expect(ask('GET', '/assets/a.js', { ...elsewhere, 'sec-fetch-mode': 'no-cors' }).kind).toBe('refused')
    expect(ask('GET', '/', { host: 'localhost:4711' }).kind).toBe('refused')
    expect(ask('POST', '/', page)).toMatchObject({ status: 405 })
  })
})

it('a GET without a stream asks nothing of the router, whatever it carries', () => {
  expect(ask('GET', '/api/app.info', right)).toMatchObject({ kind: 'refused', status: 405 })
})

it('wrong tokens are answered at a rate, and refill', () => {
  let now = 0
  const limit = createGuessLimit(() => now, 3, 1_000)
  expect([1, 2, 3, 4].map(() => limit.allows())).toEqual([true, true, true, false])
  now = 2_500
  expect([1, 2, 3].map(() => limit.allows())).toEqual([true, true, false])
  now = 1e9
  expect([1, 2, 3, 4].map(() => limit.allows())).toEqual([true, true, true, false])
})
