import type { Decoder, DecoderSequence, Sampling } from '../decoder.ts'

/**
 * A decoder without a model: after a prompt it answers with `answer(prompt)` token by token. It counts what it evaluates
 * and notes which sequences were decoded together, which is what the batcher's work is about.
 */
export const scriptedDecoder = (options: {
  readonly sequences: number
  readonly room: number
  readonly batchFrom?: number | null
  readonly answer: (prompt: readonly number[]) => readonly number[]
}) => {
  const log = { evaluated: 0, batches: [] as number[][], keeps: [] as { sequence: number; length: number }[] }
  let open: number[] | null = null

  /** Calls made in the same turn of the event loop are one batch. */
  const join = async (index: number): Promise<void> => {
    if (open === null) {
      open = []
      log.batches.push(open)
    }
    const batch = open
    batch.push(index)
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (open === batch) open = null
  }

  const sequence = (index: number): DecoderSequence => {
    let tokens: number[] = []
    return {
      tokens: () => tokens,
      keep: async (length) => {
        log.keeps.push({ sequence: index, length })
        tokens = tokens.slice(0, length)
        return 0
      },
      evaluate: async (more) => {
        await join(index)
        log.evaluated += more.length
        tokens = [...tokens, ...more]
      },
      generate: (more, _sampling: Sampling) => {
        let answer: readonly number[] | null = null
        let said = 0
        return {
          next: async () => {
            await join(index)
            if (answer === null) {
              log.evaluated += more.length
              tokens = [...tokens, ...more]
              answer = options.answer(tokens)
            } else {
              tokens = [...tokens, answer[said - 1] as number]
            }
            return answer[said++] ?? null
          },
          close: async () => undefined,
        }
      },
    }
  }

  const decoder: Decoder = {
    sequences: Array.from({ length: options.sequences }, (_, index) => sequence(index)),
    room: options.room,
    batchFrom: options.batchFrom === undefined ? 2 : options.batchFrom,
  }
  return { decoder, log }
}
