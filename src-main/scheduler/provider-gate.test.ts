import { describe, expect, it } from 'vitest'
import { createPhilox } from '../../src-core/ports/philox.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import { maxAttempts, retryDelayMs } from './backoff.ts'
import { createProviderGate } from './provider-gate.ts'
import { createTokenBucket } from './token-bucket.ts'

const unlimited = { requestsPerMinute: null, tokensPerMinute: null }
const limited = (retryAfterMs: number | null) =>
  new ProviderFailure('rate-limited', '429', { httpStatus: 429, retryAfterMs })
const broken = new ProviderFailure('server', '500', { httpStatus: 500 })

describe('adaptive concurrency', () => {
  it('halves once per round trip after an overload and grows by one per round of successes', () => {
    const gate = createProviderGate(unlimited)
    for (let i = 0; i < 16; i++) gate.sent(0, 1)
    gate.failed(10, 0, limited(null))
    expect(gate.state().limit).toBe(8)
    // Sent before the decrease: they tell the same story, not a new one.
    gate.failed(11, 0, limited(null))
    gate.failed(12, 0, limited(null))
    expect(gate.state().limit).toBe(8)
    for (let i = 0; i < 13; i++) gate.succeeded(13, 0)
    expect(gate.state().limit).toBe(8)
    for (let i = 0; i < 8; i++) {
      gate.sent(20, 1)
      gate.succeeded(30, 20)
    }
    expect(gate.state().limit).toBeGreaterThan(8.9)
    expect(gate.state().limit).toBeLessThanOrEqual(9)
  })

  it('never falls below one, and says so by waiting for an answer', () => {
    const gate = createProviderGate(unlimited)
    for (let round = 0; round < 10; round++) {
      gate.sent(round * 10 + 1, 1)
      gate.failed(round * 10 + 2, round * 10 + 1, limited(null))
    }
    expect(gate.state().limit).toBe(1)
    gate.sent(1000, 1)
    expect(gate.waitMs(1000, 1)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('Retry-After', () => {
  it('holds back the whole account when the share of refusals means a rate limit', () => {
    const gate = createProviderGate(unlimited)
    for (let i = 0; i < 8; i++) gate.sent(0, 1)
    for (let i = 0; i < 8; i++) gate.failed(5, 0, limited(30_000))
    expect(gate.waitMs(6, 1)).toBe(29_999)
    expect(gate.waitMs(30_005, 1)).toBe(0)
  })

  it('of one unlucky request holds back that request only', () => {
    const gate = createProviderGate(unlimited)
    for (let i = 0; i < 30; i++) {
      gate.sent(i, 1)
      gate.succeeded(i, i)
    }
    gate.sent(31, 1)
    gate.failed(32, 31, limited(30_000))
    expect(gate.waitMs(33, 1)).toBe(0)
  })
})

describe('the circuit', () => {
  it('opens after twenty server errors in a row, lets lone probes through, and closes with a success', () => {
    const gate = createProviderGate(unlimited)
    for (let i = 0; i < 20; i++) {
      gate.sent(i, 1)
      gate.failed(i, i, broken)
    }
    expect(gate.state().open).toBe(true)
    expect(gate.waitMs(20, 1)).toBeGreaterThan(900)
    gate.sent(2000, 1)
    expect(gate.waitMs(2000, 1)).toBe(Number.POSITIVE_INFINITY)
    gate.failed(2001, 2000, broken)
    expect(gate.failedProbes()).toBe(1)
    expect(gate.waitMs(2002, 1)).toBeGreaterThan(1900)
    gate.sent(5000, 1)
    gate.succeeded(5001, 5000)
    expect(gate.state().open).toBe(false)
    expect(gate.waitMs(5002, 1)).toBe(0)
    expect(gate.failedProbes()).toBe(0)
  })

  it('does not open for refusals of single requests', () => {
    const gate = createProviderGate(unlimited)
    for (let i = 0; i < 50; i++) {
      gate.sent(i, 1)
      gate.failed(i, i, new ProviderFailure('bad-request', '400', { httpStatus: 400 }))
    }
    expect(gate.state().open).toBe(false)
  })
})

describe('declared limits', () => {
  it('hold for requests and for tokens', () => {
    const gate = createProviderGate({ requestsPerMinute: 600, tokensPerMinute: 60_000 })
    let now = 0
    let sent = 0
    let tokens = 0
    while (now < 10_000) {
      const wait = gate.waitMs(now, 500)
      if (wait > 0) {
        now += wait
        continue
      }
      gate.sent(now, 500)
      gate.succeeded(now, now)
      sent++
      tokens += 500
    }
    // 60,000 tokens a minute are 20 requests of 500 tokens in ten seconds, plus what the bucket held at the start.
    expect(sent).toBeLessThanOrEqual(22)
    expect(sent).toBeGreaterThanOrEqual(19)
    expect(tokens).toBeLessThanOrEqual(11_000)
  })

  it('a request larger than the bucket goes when the bucket is full', () => {
    const bucket = createTokenBucket(1, 100)
    expect(bucket.waitMs(0, 1000)).toBe(0)
    bucket.take(0, 1000)
    expect(bucket.waitMs(0, 1000)).toBe(1000)
  })
})

describe('waiting before a retry', () => {
  const random = createPhilox(3)
  it('obeys Retry-After in full in 500 draws, whatever its length', () => {
    for (let i = 0; i < 500; i++) {
      const retryAfterMs = Math.floor(random.uniform('after', i) * 600_000)
      const delay = retryDelayMs(1 + (i % 5), retryAfterMs, { random, stream: `s${i}` })
      expect(delay).toBeGreaterThanOrEqual(retryAfterMs)
      expect(delay).toBeLessThanOrEqual(retryAfterMs + 1000)
    }
  })

  it('is fully jittered between half a second and a growing ceiling of at most a minute', () => {
    for (let attempt = 1; attempt < maxAttempts; attempt++) {
      const delays = Array.from({ length: 300 }, (_, i) => retryDelayMs(attempt, null, { random, stream: `d${i}` }))
      const ceiling = Math.min(60_000, 1000 * 2 ** (attempt - 1))
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(500)
      expect(Math.max(...delays)).toBeLessThanOrEqual(ceiling)
      expect(Math.max(...delays)).toBeGreaterThan(500 + 0.9 * (ceiling - 500))
    }
    expect(retryDelayMs(20, null, { random, stream: 'x' })).toBeLessThanOrEqual(60_000)
  })
})
