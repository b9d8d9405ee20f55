export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Milliseconds until the answer is there, and the answer. */
export const timed = async <T>(work: () => Promise<T>): Promise<readonly [number, T]> => {
  const started = performance.now()
  const value = await work()
  return [performance.now() - started, value]
}

/**
 * The longest stretch, in milliseconds of its own processor time, in which this thread ran without looking at its events.
 * Processor time, because a clock would also count what other programs of a busy machine take.
 */
export const longestPause = async (work: () => Promise<unknown>): Promise<number> => {
  let longest = 0
  let last = process.threadCpuUsage()
  const look = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.threadCpuUsage()
  }, 1)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return longest
}

export const ms = (bound: number) => ({ bound, unit: 'ms' })

/** About the length of a text message. */
export const textOf = (n: number): string =>
  `Message ${n}: you have won a prize of ${n % 997} pounds, call now or reply to claim it before the end of the day, terms apply.`
