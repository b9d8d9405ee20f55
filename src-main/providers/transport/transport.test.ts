import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardedLookup, namesLoopback, refusal } from './addresses.ts'
import { parseEndpoint } from './endpoint.ts'
import { createEventReader } from './events.ts'
import { retryAfterMs } from './failures.ts'
import { createLineReader } from './lines.ts'
import { redact } from './redact.ts'

const split = (bytes: Buffer, offsets: readonly number[]): Buffer[] => {
  const cuts = [0, ...offsets.toSorted((a, b) => a - b), bytes.length]
  return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to))
}

describe('lines and events', () => {
  it('property: any pieces give the lines of the whole', () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', '日', '🎉', '\n', '\r', '\r\n', ' '), { maxLength: 40 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 8 }), (body, cuts) => {
        const bytes = Buffer.from(body)
        const lines: string[] = []
        const reader = createLineReader((line) => lines.push(line))
        for (const piece of split(
          bytes,
          cuts.map((cut) => Math.min(cut, bytes.length)),
        ))
          reader.read(piece)
        reader.end()
        const whole = body.split(/\r\n|\n|\r/)
        if (whole.at(-1) === '') whole.pop()
        expect(lines).toEqual(whole)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })

  it('reads events as the standard says', () => {
    const events: [string, string | null][] = []
    const reader = createEventReader((data, event) => events.push([data, event]))
    reader.read(
      Buffer.from(
        '\ufeffdata: a\ndata:b\nid: 1\n: comment\n\nevent: x\ndata\n\nevent: lost\n\ndata:  c\r\n\r\ndata: unfinished',
      ),
    )
    reader.end()
    expect(events).toEqual([
      ['a\nb', null],
      ['', 'x'],
      [' c', null],
    ])
  })
})

describe('addresses', () => {
  it('knows this machine by its names only', () => {
    for (const host of ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::ffff:127.0.0.1'])
      expect([host, namesLoopback(host)]).toEqual([host, true])
    for (const host of ['localhost.example.com', '10.0.0.1', 'example.com', '128.0.0.1'])
      expect([host, namesLoopback(host)]).toEqual([host, false])
  })

  it('refuses what no model server has, allows a neighbour', () => {
    for (const address of [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      'fe80::1',
      'fd00:ec2::254',
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '255.255.255.255',
      '64:ff9b::a00:1',
      '127.0.0.1',
      '::1',
      '::ffff:7f00:1',
    ])
      expect([address, refusal(address, false) === null]).toEqual([address, false])
    for (const address of ['192.168.1.5', '10.1.2.3', '8.8.8.8', '2606:4700::1111', 'fd12::1'])
      expect([address, refusal(address, false)]).toEqual([address, null])
    expect(refusal('127.0.0.1', true)).toBeNull()
  })

  it('checks after the look-up: a name that leads to this machine is refused unless it is this machine by name', async () => {
    const look = (declared: boolean) =>
      new Promise<unknown>((resolve) =>
        guardedLookup(declared)('localhost', { all: true }, (error, addresses) => resolve(error ?? addresses)),
      )
    expect(await look(false)).toMatchObject({ code: 'FORBIDDEN_ADDRESS' })
    expect(await look(true)).toMatchObject([{ address: expect.stringMatching(/127\.|::1/) as string }])
  })

  it('reads base URLs strictly', () => {
    expect(parseEndpoint('http://localhost:8080/v1/')).toEqual({
      origin: 'http://localhost:8080',
      host: 'localhost:8080',
      prefix: '/v1',
      loopback: true,
    })
    for (const url of ['localhost:8080', 'ftp://a/b', 'file:///etc/passwd', 'javascript:alert(1)', '', 'http://u:p@a/'])
      expect(() => parseEndpoint(url)).toThrow()
  })
})

describe('messages', () => {
  it('property: no form of the key survives, nothing is longer than a line', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_-]{12,60}$/), fc.string(), fc.string(), (key, before, after) => {
        for (const form of [
          key,
          Buffer.from(key).toString('base64'),
          Buffer.from(key).toString('hex'),
          encodeURIComponent(key),
        ]) {
          const clean = redact(`${before} ${form} ${after}`, key)
          expect(clean).not.toContain(form)
          expect(clean.length).toBeLessThanOrEqual(301)
        }
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  it('reads Retry-After and never a negative wait', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const wait = retryAfterMs({ 'retry-after': value }, 0)
        expect(wait === null || wait >= 0).toBe(true)
      }),
      { seed: 7, numRuns: 1000 },
    )
    expect(retryAfterMs({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, Date.UTC(2015, 9, 21, 7, 27, 30))).toBe(
      30_000,
    )
  })
})
