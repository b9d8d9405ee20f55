import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DoorEvent, LabDoor } from '../../src-main/api/door.ts'
import { createDoorHandler } from '../../src-main/desktop/ipc.ts'
import { createSampleRouter, type SampleRouter } from '../../src-main/server/test/sample-router.ts'
import { doorLink } from './door-link.ts'
import { isConnectionError, labErrorOf } from './errors.ts'
import { EventStream } from './event-stream.ts'
import { takeToken } from './token.ts'
import { plainTextOnly } from './trusted-types.ts'

const { router } = createSampleRouter()
const server = createServer((req, res) => {
  void nodeHTTPRequestHandler({
    router,
    req,
    res,
    path: (req.url ?? '').slice(1).split('?')[0] as string,
    allowMethodOverride: true,
    responseMeta: () => ({ status: 200 }),
  })
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** What the preload does, without Electron between. */
const desktopDoor = (): LabDoor => {
  const handler = createDoorHandler(router)
  const listeners = new Map<number, (event: DoorEvent) => void>()
  const sender = {
    window: 1,
    isMainFrame: true,
    url: 'app://lab/',
    push: ({ id, event }: { id: number; event: DoorEvent }) => listeners.get(id)?.(event),
  }
  let last = 0
  return {
    call: async (call) => (await handler.handle(sender, [{ kind: 'call', ...call }])) as string,
    subscribe: (subscription, listener) => {
      const id = ++last
      listeners.set(id, listener)
      void handler.handle(sender, [{ kind: 'subscribe', id, ...subscription }])
      return () => {
        listeners.delete(id)
        void handler.handle(sender, [{ kind: 'stop', id }])
      }
    },
  }
}
const overDesktop = () => createTRPCClient<SampleRouter>({ links: [doorLink(desktopDoor())] })
const overHttp = () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return createTRPCClient<SampleRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url, EventSource: EventStream, eventSourceOptions: { headers: {} } }),
        false: httpLink({ url, methodOverride: 'POST' }),
      }),
    ],
  })
}

describe.each([
  ['the desktop', overDesktop],
  ['the browser host', overHttp],
])('through %s', (_name, connect) => {
  it('queries and mutations answer', async () => {
    const lab = connect()
    expect(await lab.sample.secret.query()).toBe('the data')
    expect(await lab.sample.echo.query({ text: '"<ä>\u2028' })).toEqual({ text: '"<ä>\u2028' })
    expect(await lab.sample.write.mutate({ n: 1 })).toEqual({ n: 2 })
  })

  it('errors keep the code and problems of the lab', async () => {
    const error = await connect()
      .sample.refuse.query()
      .catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(TRPCClientError)
    expect(labErrorOf(error)).toEqual({
      code: 'busy',
      message: 'another process drives it',
      problems: [{ message: 'wait', file: 'lab.yaml', line: 3, column: null }],
    })
    const wrong = await connect()
      .sample.echo.query({ text: 1 } as never)
      .catch((cause: unknown) => cause)
    expect(labErrorOf(wrong)).toMatchObject({ code: 'usage', problems: [{ message: expect.stringContaining('text') }] })
    expect(isConnectionError(error)).toBe(false)
  })

  it('subscriptions tell tracked events from the wished one on, and their end', async () => {
    const seen: unknown[] = []
    await new Promise<void>((resolve, reject) => {
      connect().sample.count.subscribe(
        { to: 4, lastEventId: '2' },
        { onData: (event) => seen.push(event), onComplete: resolve, onError: reject },
      )
    })
    expect(seen).toEqual([
      { id: '3', data: { n: 3 } },
      { id: '4', data: { n: 4 } },
    ])
  })

  it('an error of a subscription arrives as the error of a call', async () => {
    const error = await new Promise((resolve) => {
      connect().sample.count.subscribe({ to: 'x' } as never, { onError: resolve, onData: () => undefined })
    })
    expect(labErrorOf(error)).toMatchObject({ code: 'usage' })
  })

  it('a subscription that is left tells nothing more', async () => {
    const seen: unknown[] = []
    const subscription = connect().sample.forever.subscribe(undefined, { onData: (event) => seen.push(event) })
    await expect.poll(() => seen).toEqual(['first'])
    subscription.unsubscribe()
  })
})

it('a host that is gone is told as one', async () => {
  const lab = createTRPCClient<SampleRouter>({
    links: [httpLink({ url: 'http://127.0.0.1:9', methodOverride: 'POST' })],
  })
  const error = await lab.sample.secret.query().catch((cause: unknown) => cause)
  expect([labErrorOf(error).code, isConnectionError(error)]).toEqual(['unreachable', true])
})

describe('the token', () => {
  const page = (hash: string, kept: Record<string, string> = {}) => {
    const replaced: string[] = []
    const fake = {
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_state: unknown, _title: string, url: string) => replaced.push(url) },
      sessionStorage: {
        getItem: (key: string) => kept[key] ?? null,
        setItem: (key: string, value: string) => (kept[key] = value),
      },
    }
    return { fake: fake as unknown as Window, replaced, kept }
  }
  const token = 'A'.repeat(43)

  it('leaves the address, and is there again after a reload', () => {
    const first = page(`#token=${token}`)
    expect([takeToken(first.fake), first.replaced]).toEqual([token, ['/']])
    expect(takeToken(page('', first.kept).fake)).toBe(token)
  })

  it('is nothing of another form', () => {
    for (const hash of ['', '#', '#token=', '#token=short', `#token=${token}!`, `#other=${token}`])
      expect(takeToken(page(hash).fake)).toBeNull()
  })
})

it('a text with an element in it is no markup', () => {
  expect(plainTextOnly('.a > .b { color: red }')).toBe('.a > .b { color: red }')
  for (const text of ['<img src=x onerror=alert(1)>', '</style><script>', '<'])
    expect(() => plainTextOnly(text)).toThrow(TypeError)
})
