/** What is known of a context sequence when a request looks for one. */
export type SequenceState = {
  readonly index: number
  readonly busy: boolean
  /** Tokens whose state lies in the KV cache. */
  readonly tokens: readonly number[]
  /** Affinity of the last request; null where it had none or the sequence is new. */
  readonly affinity: string | null
  /** Running number of the last use; 0: never used. */
  readonly usedAt: number
}

/** Length of the common beginning. */
export const commonPrefix = (a: readonly number[], b: readonly number[]): number => {
  const end = Math.min(a.length, b.length)
  let i = 0
  while (i < end && a[i] === b[i]) i++
  return i
}

/**
 * The idle sequence to use: one that holds this variant's beginning; else, for a request without affinity, one that
 * holds at least half of the prompt; else a fresh one; else the least recently used, copies before originals (the
 * beginning of a variant that lies in two sequences is not lost with one). A short common beginning alone decides
 * nothing: all chats of a model begin with the same words, and one variant must not throw out another for them.
 */
export const chooseSequence = (
  sequences: readonly SequenceState[],
  prompt: readonly number[],
  affinity: string | null,
): SequenceState | null => {
  const idle = sequences.filter((sequence) => !sequence.busy)
  // Neighbours can be decoded in one pass.
  const besideBusy = ({ index }: SequenceState) =>
    sequences.some((other) => other.busy && Math.abs(other.index - index) === 1)
  const longest = (among: readonly SequenceState[], least: number): SequenceState | null => {
    let best: SequenceState | null = null
    let bestLength = least - 1
    for (const sequence of among) {
      const length = commonPrefix(sequence.tokens, prompt)
      const closer = length === bestLength && best !== null && !besideBusy(best) && besideBusy(sequence)
      if (length > bestLength || closer) [best, bestLength] = [sequence, length]
    }
    return best
  }
  const own =
    affinity === null
      ? longest(idle, Math.max(1, prompt.length / 2))
      : longest(
          idle.filter((sequence) => sequence.affinity === affinity),
          1,
        )
  if (own !== null) return own
  const fresh = idle.find((sequence) => sequence.usedAt === 0)
  if (fresh !== undefined) return fresh
  const copies = (sequence: SequenceState) =>
    sequences.filter((other) => other.affinity !== null && other.affinity === sequence.affinity).length
  return [...idle].sort((a, b) => Number(copies(b) > 1) - Number(copies(a) > 1) || a.usedAt - b.usedAt)[0] ?? null
}
