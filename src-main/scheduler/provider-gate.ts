import type { ProviderFailure } from '../../src-core/ports/provider.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

/** Limits a person declared for a provider's account. */
export type DeclaredLimits = { readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | null }

/**
 * What stands between all runs of a host and one provider account: how many requests may be out at once, how fast they may
 * follow, and whether the server is there at all. All times are milliseconds of one monotonic clock.
 */
export type ProviderGate = {
  /** Milliseconds to wait before one more request of so many tokens; 0: now; Infinity: until an answer arrives. */
  waitMs(nowMs: number, tokens: number): number
  sent(nowMs: number, tokens: number): void
  succeeded(nowMs: number, sentMs: number): void
  failed(nowMs: number, sentMs: number, failure: ProviderFailure): void
  /** Ended without a word about the server (cancelled). */
  withdrawn(): void
  /** How often in a row a lone probe of a broken server failed. */
  failedProbes(): number
  state(): { readonly limit: number; readonly requestsPerSecond: number | null; readonly open: boolean }
}

/** Server errors in a row before the circuit opens. */
const breakerThreshold = 20
const breakerFirstMs = 1000
const breakerMaxMs = 30_000
/** Outcomes over which a share of refusals is taken, and the share that means a rate limit rather than bad luck. */
const recentOutcomes = 20
const congestedShare = 0.3
/** Successes of this past say what the server lets through. */
const rateWindowMs = 1000
const slowDown = 0.9
/** Growth of a learned rate per second without refusals: back to full speed in minutes, few probes wasted. */
const speedUpPerSecond = 0.01

const countsAsOutage = (failure: ProviderFailure): boolean =>
  failure.code === 'network' || failure.code === 'server' || failure.code === 'timeout' || failure.code === 'crashed'
/** 503 and 529 are how servers say "overloaded". */
const countsAsOverload = (failure: ProviderFailure): boolean =>
  failure.code === 'rate-limited' || failure.httpStatus === 503 || failure.httpStatus === 529

/**
 * Concurrency follows AIMD (Chiu and Jain 1989): one more for each full round of successes, half after an overload, at
 * most once per round trip. A share of 429s that bad luck does not explain means a rate limit: the rate of the successes
 * seen becomes the pace, and Retry-After then holds back every request of the account, not only the one refused.
 */
export const createProviderGate = (limits: DeclaredLimits): ProviderGate => {
  let active = 0
  let limit = Number.POSITIVE_INFINITY
  let lastDecreaseMs = Number.NEGATIVE_INFINITY
  let blockedUntilMs = Number.NEGATIVE_INFINITY
  let pace: TokenBucket | null = null
  let lastSpeedUpMs = 0
  let firstSentMs: number | null = null
  const successes: number[] = []
  const refusals: boolean[] = []
  let outages = 0
  let openUntilMs = Number.NEGATIVE_INFINITY
  let probes = 0
  let probing = false
  const perMinute = (n: number | null): TokenBucket | null =>
    n === null ? null : createTokenBucket(n / 60_000, Math.max(1, n / 60))
  const requests = perMinute(limits.requestsPerMinute)
  const tokenBucket = perMinute(limits.tokensPerMinute)

  const note = (refused: boolean): void => {
    refusals.push(refused)
    if (refusals.length > recentOutcomes) refusals.shift()
  }
  const congested = (): boolean =>
    refusals.length >= 5 && refusals.filter(Boolean).length / refusals.length >= congestedShare
  const isOpen = (): boolean => outages >= breakerThreshold

  const learnPace = (nowMs: number): void => {
    const since = Math.max(nowMs - rateWindowMs, firstSentMs ?? nowMs)
    const seen = successes.filter((at) => at > since).length
    if (seen === 0) return
    const observed = seen / Math.max(rateWindowMs / 4, nowMs - since)
    const perMs = (pace === null ? observed : Math.min(observed, pace.perMs())) * slowDown
    if (pace === null) pace = createTokenBucket(perMs, 1)
    else pace.setRate(nowMs, perMs, 1)
    lastSpeedUpMs = nowMs
  }

  return {
    waitMs(nowMs, tokens) {
      if (isOpen()) {
        if (probing) return Number.POSITIVE_INFINITY
        if (nowMs < openUntilMs) return openUntilMs - nowMs
      }
      if (nowMs < blockedUntilMs) return blockedUntilMs - nowMs
      if (active >= Math.max(1, Math.floor(limit))) return Number.POSITIVE_INFINITY
      return Math.max(
        pace?.waitMs(nowMs, 1) ?? 0,
        requests?.waitMs(nowMs, 1) ?? 0,
        tokenBucket?.waitMs(nowMs, tokens) ?? 0,
      )
    },
    sent(nowMs, tokens) {
      active++
      firstSentMs ??= nowMs
      if (isOpen()) probing = true
      pace?.take(nowMs, 1)
      requests?.take(nowMs, 1)
      tokenBucket?.take(nowMs, tokens)
    },
    succeeded(nowMs, sentMs) {
      active--
      outages = 0
      probes = 0
      probing = false
      note(false)
      successes.push(nowMs)
      while (successes.length > 0 && (successes[0] as number) < nowMs - rateWindowMs) successes.shift()
      if (sentMs > lastDecreaseMs && Number.isFinite(limit)) limit += 1 / limit
      if (pace !== null && nowMs - lastSpeedUpMs >= 1000) {
        pace.setRate(nowMs, pace.perMs() * (1 + speedUpPerSecond), 1)
        lastSpeedUpMs = nowMs
      }
    },
    failed(nowMs, sentMs, failure) {
      const atOnce = active
      active--
      probing = false
      if (countsAsOverload(failure)) {
        note(true)
        const wholeAccount = congested()
        const newTrouble = sentMs > lastDecreaseMs
        if (newTrouble) {
          limit = Math.max(1, Math.min(limit, atOnce) / 2)
          lastDecreaseMs = nowMs
        }
        // The first pace as soon as the share of refusals says "rate limit", a slower one once per new trouble.
        if (pace === null ? wholeAccount : newTrouble) learnPace(nowMs)
        if (wholeAccount && failure.retryAfterMs !== null)
          blockedUntilMs = Math.max(blockedUntilMs, nowMs + failure.retryAfterMs)
      }
      if (!countsAsOutage(failure)) {
        // The server answered, whatever it said.
        outages = 0
        probes = 0
        return
      }
      const wasOpen = isOpen()
      outages++
      if (wasOpen && sentMs >= openUntilMs) probes++
      if (isOpen() && (!wasOpen || sentMs >= openUntilMs))
        openUntilMs = nowMs + Math.min(breakerMaxMs, breakerFirstMs * 2 ** probes)
    },
    withdrawn() {
      active--
      probing = false
    },
    failedProbes: () => probes,
    state: () => ({ limit, requestsPerSecond: pace === null ? null : pace.perMs() * 1000, open: isOpen() }),
  }
}
