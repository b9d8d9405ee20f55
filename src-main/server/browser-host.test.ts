import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBundle } from '../page/bundle.ts'
import { type BrowserHost, startBrowserHost } from './browser-host.ts'
import { createSampleRouter } from './test/sample-router.ts'

const folder = mkdtempSync(join(tmpdir(), 'prompt-lab-host-'))
const { router, calls } = createSampleRouter()
const defects: string[] = []
let host: BrowserHost
let port: number

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script nonce="PROMPT_LAB_NONCE"></script>')
  writeFileSync(join(folder, 'assets', 'a.js'), 'export {}')
  host = await startBrowserHost({
    router,
    bundle: openBundle(folder),
    onDefect: (path, error) => defects.push(`${path} ${error.message}`),
  })
  port = Number(new URL(host.origin).port)
})
afterAll(async () => {
  await host.close()
  rmSync(folder, { recursive: true })
})

type Reply = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string }
const send = (method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, setHost: false }, (reply) => {
      let text = ''
      reply.setEncoding('utf8')
      reply.on('data', (chunk: string) => {
        text += chunk
      })
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
const authority = () => `127.0.0.1:${port}`
const right = () => ({
  host: authority(),
  origin: `http://${authority()}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
  authorization: `Bearer ${host.token}`,
})

describe('2,304 requests: host x origin x fetch site x method x type x token', () => {
  it('answers exactly the right class with data, every other with no byte, and calls nothing for it', async () => {
    const hosts = [
      authority(),
      `localhost:${port}`,
      '127.0.0.1',
      `lab.example:${port}`,
      `127.0.0.1.:${port}`,
      `0.0.0.0:${port}`,
    ]
    const origins = [
      null,
      `http://${authority()}`,
      'null',
      'http://lab.example',
      `https://${authority()}`,
      'http://127.0.0.1:1',
    ]
    const sites = ['same-origin', 'none', 'same-site', 'cross-site']
    const methods = ['POST', 'GET', 'PUT', 'OPTIONS']
    const contentTypes = ['application/json', 'text/plain']
    const tokens = [host.token, `${host.token.slice(0, -2)}AA`]
    let asked = 0
    let withData = 0
    calls.length = 0
    for (const hostName of hosts)
      for (const origin of origins)
        for (const site of sites)
          for (const method of methods)
            for (const type of contentTypes)
              for (const token of tokens) {
                asked++
                const reply = await send(method, '/api/sample.secret', {
                  host: hostName,
                  ...(origin === null ? {} : { origin }),
                  'sec-fetch-site': site,
                  'content-type': type,
                  authorization: `Bearer ${token}`,
                })
                const correct =
                  hostName === authority() &&
                  (origin === null || origin === `http://${authority()}`) &&
                  site === 'same-origin' &&
                  method === 'POST' &&
                  type === 'application/json' &&
                  token === host.token
                expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
                if (correct) {
                  withData++
                  expect(reply).toMatchObject({ status: 200, body: '{"result":{"data":"the data"}}' })
                } else expect([reply.status >= 400, reply.body]).toEqual([true, ''])
              }
    expect([asked, withData, calls.length]).toEqual([2304, 2, 2])
  }, 60_000)
})

describe('what a hostile page can reach', () => {
  it('after rebinding its name to 127.0.0.1: 0 bytes, of the page too', async () => {
    for (const path of ['/', '/assets/a.js', '/api/sample.secret']) {
      const rebound = {
        host: `evil.example:${port}`,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
      }
      expect(await send('GET', path, rebound)).toMatchObject({ status: 403, body: '' })
      expect(await send('POST', path, { ...rebound, origin: `http://evil.example:${port}` })).toMatchObject({
        status: 403,
        body: '',
      })
    }
  })

  it('by guessing tokens: 429 after a burst, while the right token is still heard', async () => {
    const statuses = []
    for (let n = 0; n < 40; n++) {
      const { status } = await send('POST', '/api/sample.secret', { ...right(), authorization: `Bearer guess${n}` })
      statuses.push(status)
    }
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
    expect(await send('POST', '/api/sample.secret', right())).toMatchObject({ status: 200 })
  })
})

it('listens on the loopback address alone', async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => address.family === 'IPv4' && address.address !== '127.0.0.1')
    .map((address) => address.address)
  for (const address of [...others, '127.0.0.2']) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: address, port, timeout: 1_000 })
      const end = (value: boolean) => {
        socket.destroy()
        resolve(value)
      }
      socket
        .on('connect', () => end(true))
        .on('error', () => end(false))
        .on('timeout', () => end(false))
    })
    expect([address, reached]).toEqual([address, false])
  }
})

it('serves the page with a policy and a nonce of this very load', async () => {
  const load = () => send('GET', '/', { host: authority() })
  const [first, second] = [await load(), await load()]
  const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] as string
  expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/)
  expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
  expect(first.headers['cache-control']).toBe('no-store')
  expect(second.body).not.toBe(first.body)
  expect(await send('GET', '/assets/%2e%2e/index.html', { host: authority() })).toMatchObject({ status: 404 })
})

it('keeps the code and problems of a LabError, hides a defect and reports it', async () => {
  const refused = await send('POST', '/api/sample.refuse', right())
  expect(JSON.parse(refused.body).error.data.lab).toEqual({
    code: 'busy',
    message: 'another process drives it',
    problems: [{ message: 'wait', file: 'lab.yaml', line: 3, column: null }],
  })
  const defect = await send('POST', '/api/sample.defect', right())
  expect(defect.body).not.toContain('secret')
  expect(defects).toEqual(['sample.defect a secret detail'])
})

it('ends streams when their page leaves and when it closes', async () => {
  calls.length = 0
  const open = () =>
    new Promise<ReturnType<typeof request>>((resolve, reject) => {
      const headers = { ...right(), accept: 'text/event-stream' }
      const sent = request(
        { host: '127.0.0.1', port, path: '/api/sample.forever', headers, setHost: false },
        (reply) => {
          reply.once('data', () => resolve(sent))
          reply.on('error', () => undefined)
        },
      )
      sent.on('error', reject)
      sent.end()
    })
  const stream = await open()
  stream.destroy()
  await expect.poll(() => calls).toContain('forever ended')
})
