import type { GrammarChoice } from './protocol.ts'

/** How the next token is drawn. */
export type Sampling = {
  readonly temperature: number
  readonly topP: number | null
  readonly seed: number
  readonly grammar: GrammarChoice | null
  /** Equal calls must give bit-equal answers: nothing that changes the order of additions may differ. */
  readonly deterministic: boolean
}

/** One step of a generation: a token, or null where the model ended its answer. */
export type TokenStream = {
  next(): Promise<number | null>
  close(): Promise<void>
}

/** One context sequence: a row of the KV cache. */
export type DecoderSequence = {
  /** Tokens whose state is in the cache, in order. */
  tokens(): readonly number[]
  /** Drops all but the first `length` tokens; gives how many had to be evaluated anew for it (0 for most models). */
  keep(length: number): Promise<number>
  evaluate(tokens: readonly number[], sampling: Pick<Sampling, 'deterministic'>): Promise<void>
  /** Evaluates the tokens at the first `next`, then one token at each. */
  generate(tokens: readonly number[], sampling: Sampling): TokenStream
}

/** What the batcher needs of the native library. `next` of several streams called at once, in order, is one batch. */
export type Decoder = {
  readonly sequences: readonly DecoderSequence[]
  /** Tokens that a sequence can hold: the prompt and all of the answer but its last token. */
  readonly room: number
  /** Decoding so many sequences at once is faster than one after another; null: never. */
  readonly batchFrom: number | null
}

/** Where decoders come from. */
export type Contexts = {
  /** The longest prompt that this model and machine can take, in tokens. May shrink when memory proves short. */
  largestRoom(): number
  /** Replaces the decoder by one with so much room, or as much as memory allows; called only while nothing runs. */
  withRoom(room: number): Promise<Decoder>
}
