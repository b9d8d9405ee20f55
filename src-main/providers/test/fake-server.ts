import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type Received = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
/** What the server does with one request. */
export type Behaviour = (response: ServerResponse, received: Received) => void | Promise<void>

export type FakeServer = {
  readonly url: string
  readonly received: Received[]
  behave(behaviour: Behaviour): void
  /** Requests whose answer has neither ended nor lost its connection. */
  openAnswers(): number
  close(): Promise<void>
}

/** A real HTTP server on 127.0.0.1 whose behaviour a test decides. */
export const startFakeServer = async (behaviour: Behaviour): Promise<FakeServer> => {
  let now = behaviour
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const open = new Set<ServerResponse>()
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      received.push(one)
      open.add(response)
      response.on('close', () => open.delete(response))
      // The client may hang up at any moment; that is what many tests are about.
      response.on('error', () => undefined)
      void now(response, one)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave: (next) => {
      now = next
    },
    openAnswers: () => open.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

export const answerWith =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body)
  }

/** Sends a body in pieces cut at byte offsets, each in a packet of its own. */
export const inPieces =
  (contentType: string, body: Buffer, offsets: readonly number[]): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': contentType })
    response.socket?.setNoDelay(true)
    let from = 0
    for (const to of [...offsets.toSorted((a, b) => a - b), body.length]) {
      if (to > from) response.write(body.subarray(from, to))
      from = Math.max(from, to)
      await turn()
    }
    response.end()
  }

/** Sends the first bytes of a body, then cuts the connection, or ends the body as if it were whole. */
export const cutAt =
  (contentType: string, body: Buffer, offset: number, how: 'destroy' | 'end'): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': contentType })
    response.write(body.subarray(0, offset))
    await pause(2)
    if (how === 'destroy') response.socket?.destroy()
    else response.end()
  }

export const reset: Behaviour = (response) => {
  response.socket?.resetAndDestroy()
}

export const silent: Behaviour = () => undefined

/** The head, and then nothing. */
export const silentAfter =
  (contentType: string, body: Buffer): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': contentType })
    response.write(body)
  }

/** One byte every few milliseconds, for ever. */
export const drip =
  (contentType: string, byte: string): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': contentType })
    const timer = setInterval(() => response.write(byte), 10)
    response.on('close', () => clearInterval(timer))
  }

/** As many bytes as it can, up to 50 MB. */
export const huge =
  (contentType: string, start: string): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': contentType })
    response.write(start)
    const block = Buffer.alloc(1024 * 1024, 'x')
    for (let sent = 0; sent < 50 && !response.destroyed; sent++) {
      if (!response.write(block))
        await Promise.race([new Promise((resolve) => response.once('drain', resolve)), pause(1000)])
    }
    response.end()
  }
