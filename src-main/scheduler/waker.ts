export type Waker = { wake(): void; cancel(): void }

/**
 * Runs `pump` once per turn of the event loop, however often it is woken in it, and again when the wait it names is over.
 * A wait of Infinity sets no timer: some answer will wake it.
 */
export const createWaker = (pump: () => number): Waker => {
  let soon = false
  let cancelled = false
  let timer: NodeJS.Timeout | null = null
  const run = (): void => {
    soon = false
    if (cancelled) return
    if (timer !== null) clearTimeout(timer)
    timer = null
    const wait = pump()
    if (Number.isFinite(wait) && timer === null && !cancelled) timer = setTimeout(wake, Math.max(1, Math.ceil(wait)))
  }
  const wake = (): void => {
    if (soon || cancelled) return
    soon = true
    queueMicrotask(run)
  }
  return {
    wake,
    cancel() {
      cancelled = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
