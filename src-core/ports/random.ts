/**
 * Randomness is counter-based: a draw is a pure function of (seed, stream, index), never of generator state, so that a
 * resumed run draws what an uninterrupted one would have drawn.
 */
export type Random = {
  /** Uniform in [0, 1) with 53 random bits. `stream` names the purpose ("block-order", "sample", ...). */
  uniform(stream: string, index: number): number
}

/** Uniform integer in [0, bound). `bound` is a positive integer below 2^53; the bias is below bound / 2^53. */
export const integerBelow = (random: Random, stream: string, index: number, bound: number): number =>
  Math.floor(random.uniform(stream, index) * bound)

/** Fisher-Yates; a copy, the argument is left alone. Draws `stream` at indices offset .. offset + n - 2. */
export const shuffled = <T>(random: Random, stream: string, items: readonly T[], offset = 0): T[] => {
  const copy = [...items]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = integerBelow(random, stream, offset + (copy.length - 1 - i), i + 1)
    const held = copy[i] as T
    copy[i] = copy[j] as T
    copy[j] = held
  }
  return copy
}
