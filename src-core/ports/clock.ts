/** Time is a port: core never reads a clock of its own. */
export type Clock = {
  /** ISO 8601, UTC, for records. */
  now(): string
  /** Milliseconds on a monotonic clock, for durations; the origin has no meaning. */
  monotonicMs(): number
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Of the DOM's AbortSignal just what core needs, so that core compiles without DOM types. */
export type AbortSignal = {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
