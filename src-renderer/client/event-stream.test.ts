import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createEventParser, type ServerEvent } from './event-parser.ts'
import { EventStream, type StreamTrouble } from './event-stream.ts'

const parse = (pieces: readonly string[]): ServerEvent[] => {
  const events: ServerEvent[] = []
  const parser = createEventParser((event) => events.push(event))
  for (const piece of pieces) parser.feed(piece)
  return events
}

describe('the parser', () => {
  it.each([
    ['data: a\n\n', [{ type: 'message', data: 'a', lastEventId: '' }]],
    ['data:a\ndata: b\ndata:  c\n\n', [{ type: 'message', data: 'a\nb\n c', lastEventId: '' }]],
    [
      'event: x\ndata: 1\nid: 7\n\ndata: 2\n\n',
      [
        { type: 'x', data: '1', lastEventId: '7' },
        { type: 'message', data: '2', lastEventId: '7' },
      ],
    ],
    [': a comment\nretry: 10\nother: x\ndata: a\n\n', [{ type: 'message', data: 'a', lastEventId: '' }]],
    ['event: return\ndata: \n\n\n', [{ type: 'return', data: '', lastEventId: '' }]],
    ['event: lonely\n\nid: 3\n\ndata\n\n', [{ type: 'message', data: '', lastEventId: '3' }]],
    [
      'id: 3\ndata: a\n\nid\ndata: b\n\n',
      [
        { type: 'message', data: 'a', lastEventId: '3' },
        { type: 'message', data: 'b', lastEventId: '' },
      ],
    ],
    ['id: a\0b\ndata: x\n\n', [{ type: 'message', data: 'x', lastEventId: '' }]],
    ['data: unfinished', []],
  ])('reads %j as the standard says', (text, events) => {
    expect(parse([text])).toEqual(events)
  })

  it('reads the same whatever ends its lines and wherever it is cut', () => {
    const text = 'event: x\ndata: ä1\ndata: 2\nid: 9\n\n: c\n\ndata: {"a":[1]}\n\n\n'
    const whole = parse([text])
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 12 }),
        (end, cuts) => {
          const written = text.replaceAll('\n', end)
          const places = [0, ...[...cuts].sort((a, b) => a - b), written.length]
          const pieces = places.slice(1).map((to, index) => written.slice(places[index], to))
          // A lone return at the very end waits for what follows it.
          expect(parse([...pieces, 'x'])).toEqual(whole)
        },
      ),
      { numRuns: 500, seed: 11 },
    )
  })
})

describe('the stream', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })
  const serve = async (
    answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void,
  ): Promise<string> => {
    let nth = 0
    const server = createServer((request, response) => answer(request, response, ++nth))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const listen = (url: string) => {
    const stream = new EventStream(url, { headers: { authorization: 'Bearer t' } })
    closing.push(() => stream.close())
    const data: string[] = []
    const troubles: StreamTrouble[] = []
    stream.addEventListener('message', (event) => data.push((event as MessageEvent<string>).data))
    stream.addEventListener('error', (event) => troubles.push(event as StreamTrouble))
    return { stream, data, troubles }
  }
  const streamHead = { 'content-type': 'text/event-stream' }

  it('sends its headers, and after a break the id of the last event', async () => {
    const asked: (string | undefined)[][] = []
    const url = await serve((request, response, nth) => {
      asked.push([request.headers.authorization, request.headers['last-event-id'] as string | undefined])
      response.writeHead(200, streamHead)
      response.write(`id: ${nth}\ndata: ${nth}\n\n`, () => nth < 3 && response.destroy())
    })
    const { stream, data, troubles } = listen(url)
    await expect.poll(() => data, { timeout: 5_000 }).toEqual(['1', '2', '3'])
    expect(asked).toEqual([
      ['Bearer t', undefined],
      ['Bearer t', '1'],
      ['Bearer t', '2'],
    ])
    expect([troubles.length, stream.readyState]).toEqual([2, stream.OPEN])
  })

  it('ends for good where it is refused', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked++
      response.writeHead(401).end()
    })
    const { stream, troubles } = listen(url)
    await expect.poll(() => troubles.map(({ status }) => status)).toEqual([401])
    expect(stream.readyState).toBe(stream.CLOSED)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(asked).toBe(1)
  })

  it('tries again where the host fails, and takes no other type for a stream', async () => {
    const url = await serve((_request, response, nth) => {
      if (nth === 1) response.writeHead(503).end()
      else if (nth === 2) response.writeHead(200, { 'content-type': 'text/html' }).end('data: x\n\n')
      else response.writeHead(200, streamHead).write('data: y\n\n')
    })
    const { data, troubles } = listen(url)
    await expect.poll(() => data, { timeout: 5_000 }).toEqual(['y'])
    expect(troubles.map(({ status }) => status)).toEqual([503, 200])
  })

  it('tells nothing after it was closed', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, streamHead)
      const timer = setInterval(() => response.write('data: x\n\n'), 5)
      response.on('close', () => clearInterval(timer))
    })
    const { stream, data, troubles } = listen(url)
    await expect.poll(() => data.length).toBeGreaterThan(1)
    stream.close()
    const { length } = data
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([data.length, troubles.length]).toEqual([length, 0])
  })
})
