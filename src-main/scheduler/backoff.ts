import { type Random } from '../../src-core/ports/random.ts'

export const maxAttempts = 5
const baseMs = 500
const capMs = 60_000

/**
 * How long to wait before the next attempt. The server's Retry-After is obeyed in full, with up to a tenth more so that
 * many callers do not return in the same instant. Without one: full jitter, uniform in [0.5 s, min(60 s, 1 s * 2^(n-1))]
 * (AWS Architecture Blog, "Exponential Backoff and Jitter", with a floor so that no retry is immediate).
 * `attempt` is the number of the attempt that failed: 1, 2, ...
 */
export const retryDelayMs = (
  attempt: number,
  retryAfterMs: number | null,
  draw: { readonly random: Random; readonly stream: string },
): number => {
  const u = draw.random.uniform(draw.stream, attempt)
  if (retryAfterMs !== null) return retryAfterMs + u * Math.min(1000, retryAfterMs * 0.1)
  const ceiling = Math.min(capMs, 2 * baseMs * 2 ** (attempt - 1))
  return baseMs + u * (ceiling - baseMs)
}
