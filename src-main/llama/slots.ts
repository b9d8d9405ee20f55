import type { Decoder, DecoderSequence } from './decoder.ts'
import { chooseSequence, commonPrefix } from './sequence-pool.ts'

/** A context sequence and what the batcher knows of it. */
export type Slot = {
  readonly index: number
  readonly sequence: DecoderSequence
  busy: boolean
  affinity: string | null
  /** Running number of its last use; 0: never. */
  usedAt: number
  /** Length of the last prompt: what lies behind it in the cache is an answer. */
  promptTokens: number
}

export type SlotUser = {
  readonly prompt: readonly number[]
  readonly request: { readonly affinity: string | null; readonly deterministic: boolean }
}

export const slotsOf = (decoder: Decoder): Slot[] =>
  decoder.sequences.map((sequence, index) => ({
    index,
    sequence,
    busy: false,
    affinity: null,
    usedAt: 0,
    promptTokens: 0,
  }))

/** The idle slot for a request; only the first gives bit-equal answers. Null: none is free. */
export const slotFor = (slots: readonly Slot[], { prompt, request }: SlotUser): Slot | null => {
  if (request.deterministic) return slots[0]?.busy === false ? slots[0] : null
  const states = slots.map((slot) => ({ ...slot, tokens: slot.busy ? [] : slot.sequence.tokens() }))
  const chosen = chooseSequence(states, prompt, request.affinity)
  return chosen === null ? null : (slots[chosen.index] ?? null)
}

/**
 * llama.cpp's kernels take tokens in groups of four and the rest one by one, with other roundings. A part that starts at
 * a multiple of four is grouped as the whole prompt would be, so that (without flash attention) reuse changes no bit of
 * the result. For the same reason tokens of an earlier answer, which came one by one, are not reused.
 */
const kernelGroup = 4

/** How many tokens at the beginning of a prompt need no evaluation; its last one always does: it gives the first answer token. */
export const reusable = (slot: Slot, { prompt, request }: SlotUser): number => {
  if (request.deterministic) return 0
  const common = Math.min(commonPrefix(slot.sequence.tokens(), prompt), slot.promptTokens, prompt.length - 1)
  return common - (common % kernelGroup)
}

/**
 * Runs of neighbouring slots, in their order. llama.cpp decodes only neighbours in one pass and splits a batch at every
 * gap, so that a batch with gaps would be slower than no batch. And a batch in another order makes it sort the results
 * when the first of them is read, which several samplers do at once: one answer then gets another's token (measured with
 * node-llama-cpp 3.21.1: a fifth of the tokens wrong).
 */
export const neighbours = <T extends { readonly slot: Slot }>(users: readonly T[]): T[][] => {
  const groups: T[][] = []
  for (const user of [...users].sort((a, b) => a.slot.index - b.slot.index)) {
    const group = groups.at(-1)
    if (group !== undefined && group.at(-1)?.slot.index === user.slot.index - 1) group.push(user)
    else groups.push([user])
  }
  return groups
}
