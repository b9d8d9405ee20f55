import { expect, test } from 'vitest'
import { healthOf, useNetwork } from './network.ts'

const entry = (n: number, change: Partial<Parameters<typeof healthOf>[0][number]> = {}) => ({
  n,
  at: `2026-11-23T12:00:${String(n % 60).padStart(2, '0')}Z`,
  host: 'api.example.com',
  purpose: 'model call',
  method: 'POST',
  loopback: false,
  sentBytes: 10,
  receivedBytes: 10,
  durationMs: 5,
  status: 200,
  outcome: 'ok' as const,
  ...change,
})

test('the newest finished request of a host tells its health', () => {
  const health = healthOf([
    entry(1, { outcome: 'failed' }),
    entry(2),
    entry(3, { outcome: 'cancelled' }),
    entry(4, { host: 'other', outcome: 'failed' }),
  ])
  expect(health.map(({ host, ok }) => [host, ok])).toEqual([
    ['api.example.com', true],
    ['other', false],
  ])
})

test('a local server that is not there is no failing provider, one that fails a call is', () => {
  const local = { host: '127.0.0.1:11434', loopback: true, outcome: 'failed' as const, status: null }
  expect(healthOf([entry(1, { ...local, purpose: 'model information' })])).toEqual([])
  expect(healthOf([entry(1, local)]).map(({ ok }) => ok)).toEqual([false])
})

test('an entry that comes twice counts once, and what leaves the machine is counted beyond what is kept', () => {
  const { add } = useNetwork.getState()
  add([entry(1), entry(2, { loopback: true })])
  add([entry(2, { loopback: true }), entry(3)])
  expect(useNetwork.getState()).toMatchObject({ beyond: 2, entries: { length: 3 } })
  add(Array.from({ length: 3_000 }, (_, n) => entry(n + 4)))
  expect(useNetwork.getState().beyond).toBe(3_002)
  expect(useNetwork.getState().entries.length).toBe(2_000)
  expect(useNetwork.getState().entries.at(-1)?.n).toBe(3_003)
})
