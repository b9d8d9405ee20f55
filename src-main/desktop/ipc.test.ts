import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DoorPush } from '../api/door.ts'
import { createSampleRouter } from '../server/test/sample-router.ts'
import { createDoorHandler, type Sender } from './ipc.ts'

const open = () => {
  const { router, calls } = createSampleRouter()
  const pushed: DoorPush[] = []
  const sender: Sender = { window: 1, isMainFrame: true, url: 'app://lab/', push: (push) => pushed.push(push) }
  return { door: createDoorHandler(router), calls, pushed, sender }
}
const secret = { kind: 'call', type: 'query', path: 'sample.secret', input: null }

describe('a call', () => {
  it('answers with the bytes of the browser host', async () => {
    const { door, sender } = open()
    expect(await door.handle(sender, [secret])).toBe('{"result":{"data":"the data"}}')
    const echo = { ...secret, path: 'sample.echo', input: '{"text":"ä"}' }
    expect(await door.handle(sender, [echo])).toBe('{"result":{"data":{"text":"ä"}}}')
  })

  it('tells the code and problems of a LabError, and nothing of a defect', async () => {
    const { door, sender } = open()
    const refused = await door.handle(sender, [{ ...secret, path: 'sample.refuse' }])
    expect(JSON.parse(refused as string).error.data.lab).toMatchObject({ code: 'busy', problems: [{ line: 3 }] })
    expect(await door.handle(sender, [{ ...secret, path: 'sample.defect' }])).not.toContain('secret detail')
  })

  it('is no mutation by another name, and no procedure that is not there', async () => {
    const { door, sender, calls } = open()
    for (const [type, path] of [
      ['query', 'sample.write'],
      ['mutation', 'sample.secret'],
      ['query', 'sample.count'],
      ['query', 'constructor'],
      ['query', 'sample.hasOwnProperty'],
    ]) {
      expect(
        JSON.parse((await door.handle(sender, [{ kind: 'call', type, path, input: null }])) as string),
      ).toHaveProperty('error')
    }
    expect(calls).toEqual([])
  })
})

describe('a subscription', () => {
  it('tells events with their ids, and its end', async () => {
    const { door, sender, pushed } = open()
    await door.handle(sender, [{ kind: 'subscribe', id: 7, path: 'sample.count', input: '{"to":3,"lastEventId":"1"}' }])
    await expect.poll(() => pushed.at(-1)?.event.kind).toBe('end')
    expect(pushed).toEqual([
      { id: 7, event: { kind: 'started' } },
      { id: 7, event: { kind: 'data', data: '{"n":2}', eventId: '2' } },
      { id: 7, event: { kind: 'data', data: '{"n":3}', eventId: '3' } },
      { id: 7, event: { kind: 'end' } },
    ])
  })

  it('ends when it is stopped and when its window goes, and tells nothing after', async () => {
    for (const end of ['stop', 'forget'] as const) {
      const { door, sender, pushed, calls } = open()
      await door.handle(sender, [{ kind: 'subscribe', id: 1, path: 'sample.forever', input: null }])
      await expect.poll(() => pushed.length).toBe(2)
      if (end === 'stop') await door.handle(sender, [{ kind: 'stop', id: 1 }])
      else door.forget(1)
      await expect.poll(() => calls).toContain('forever ended')
      await expect.poll(() => door.open()).toBe(0)
      expect(pushed).toHaveLength(2)
    }
  })

  it('of one window is not stopped by another, and 64 are the most', async () => {
    const { door, sender, calls } = open()
    const ask = (id: number, window = 1) =>
      door.handle({ ...sender, window }, [{ kind: 'subscribe', id, path: 'sample.forever', input: null }])
    for (let id = 1; id <= 64; id++) await ask(id)
    await expect(ask(65)).rejects.toThrow('refused')
    await expect(ask(1)).rejects.toThrow('refused')
    await door.handle({ ...sender, window: 2 }, [{ kind: 'stop', id: 1 }])
    expect(calls).not.toContain('forever ended')
    door.forget(1)
    await expect.poll(() => door.open()).toBe(0)
  })
})

describe('a sender', () => {
  it.each([
    ['a frame inside the page', { isMainFrame: false }],
    ['no page', { url: '' }],
    ['another scheme', { url: 'https://lab/' }],
    ['a longer host', { url: 'app://lab.example/' }],
    ['a user name', { url: 'app://lab@example/' }],
    ['a port', { url: 'app://lab:1/' }],
    ['a file', { url: 'file:///lab/index.html' }],
    ['a blank page', { url: 'about:blank' }],
  ])('that is %s is refused', async (_name, other) => {
    const { door, sender, calls } = open()
    await expect(door.handle({ ...sender, ...other }, [secret])).rejects.toThrow('refused')
    expect(calls).toEqual([])
  })
})

it('10,000 fuzzed messages: no crash, and no call that the schema did not let through', async () => {
  const { door, sender, calls } = open()
  const almost = fc.record(
    {
      kind: fc.constantFrom('call', 'subscribe', 'stop', 'Call', '__proto__', null),
      type: fc.oneof(fc.constantFrom('query', 'mutation', 'subscription'), fc.anything()),
      path: fc.oneof(
        fc.constantFrom(
          'sample.secret',
          'sample.echo',
          'sample.secret ',
          '../sample.secret',
          'sample..secret',
          '__proto__.x',
        ),
        fc.string(),
      ),
      input: fc.oneof(
        fc.constantFrom(null, '{}', '{"text":"x"}', '{"__proto__":{"text":"x"}}', '{'),
        fc.string(),
        fc.anything(),
      ),
      id: fc.oneof(fc.integer(), fc.double(), fc.string()),
      extra: fc.anything(),
    },
    { requiredKeys: [] },
  )
  // Whole messages of the right form, with one member now and then of another.
  const text = fc.oneof(fc.constantFrom(null, '{}', '{"text":"x"}', '{'), fc.anything())
  const path = fc.oneof(fc.constantFrom('sample.secret', 'sample.echo', 'nothing.here'), fc.string())
  const formed = fc.oneof(
    fc.record({
      kind: fc.constant('call'),
      type: fc.constantFrom('query', 'mutation', 'subscription'),
      path,
      input: text,
    }),
    fc.record({ kind: fc.constant('stop'), id: fc.oneof(fc.integer(), fc.anything()) }),
  )
  const words = fc.oneof(
    fc.tuple(formed),
    fc.tuple(almost),
    fc.array(fc.anything(), { maxLength: 3 }),
    fc.tuple(almost, fc.anything()),
  )
  let answers = 0
  await fc.assert(
    fc.asyncProperty(words, async (message) => {
      const before = calls.length
      const answered = await door.handle(sender, message).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('refused')
          return false
        },
      )
      if (answered) answers++
      else expect(calls.length).toBe(before)
    }),
    { numRuns: 10_000, seed: 20_261_123 },
  )
  expect(answers).toBeGreaterThan(0)
  expect(Object.prototype).not.toHaveProperty('text')
  door.forget(1)
}, 60_000)
