import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../src-core/ports/clock.ts'

/** The machine's clock. Durations come from the monotonic one, which no change of the time of day moves. */
export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    if (signal?.aborted === true) throw signal.reason
    const controller = new AbortController()
    const onAbort = () => controller.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await delay(Math.max(0, ms), undefined, { signal: controller.signal })
    } catch (error) {
      throw controller.signal.aborted ? signal?.reason : error
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  },
}
