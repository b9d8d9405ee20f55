/** A bucket that refills steadily: `capacity` may go at once, `perMs` over time. Pure but for its own level. */
export type TokenBucket = {
  /** Milliseconds until `amount` may be taken; 0: now. More than the capacity waits for a full bucket, not for ever. */
  waitMs(nowMs: number, amount: number): number
  take(nowMs: number, amount: number): void
  perMs(): number
  setRate(nowMs: number, perMs: number, capacity: number): void
}

export const createTokenBucket = (perMs: number, capacity: number): TokenBucket => {
  let rate = perMs
  let size = capacity
  let level = capacity
  let at: number | null = null
  const refill = (nowMs: number): void => {
    if (at !== null) level = Math.min(size, level + Math.max(0, nowMs - at) * rate)
    at = nowMs
  }
  return {
    waitMs(nowMs, amount) {
      refill(nowMs)
      const wanted = Math.min(amount, size)
      // A millionth of a token is a rounding error, not a reason to wake once more.
      return level >= wanted - 1e-6 ? 0 : (wanted - level) / rate
    },
    take(nowMs, amount) {
      refill(nowMs)
      level -= amount
    },
    perMs: () => rate,
    setRate(nowMs, nextPerMs, nextCapacity) {
      refill(nowMs)
      rate = nextPerMs
      size = nextCapacity
      level = Math.min(level, size)
    },
  }
}
