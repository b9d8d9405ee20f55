import type { Llama, LlamaContext, LlamaContextSequence, LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp'
import type { Decoder, DecoderSequence, Sampling } from './decoder.ts'
import { GenerationFailure } from './generation-failure.ts'
import { jsonGrammar } from './json-grammar.ts'
import { labelGrammar } from './label-grammar.ts'
import type { GrammarChoice } from './protocol.ts'
import type { ThreadGovernor } from './thread-governor.ts'

type Library = typeof import('node-llama-cpp')

/** Grammars are compiled once: a task asks for the same one a thousand times. */
export const createGrammars = (library: Library, llama: Llama, model: LlamaModel) => {
  const compiled = new Map<string, Promise<LlamaGrammar>>()
  return async (choice: GrammarChoice) => {
    const text = choice.kind === 'labels' ? labelGrammar(choice.labels) : jsonGrammar(choice.schema)
    let grammar = compiled.get(text)
    if (grammar === undefined) {
      grammar = llama.createGrammar({ grammar: text })
      compiled.set(text, grammar)
    }
    try {
      return new library.LlamaGrammarEvaluationState({ model, grammar: await grammar })
    } catch (cause) {
      throw new GenerationFailure(
        'bad-request',
        'The response format or the labels cannot be made into a grammar.',
        cause,
      )
    }
  }
}

type Tools = {
  readonly grammars: ReturnType<typeof createGrammars>
  readonly governor: ThreadGovernor
  /** Its sums are split by threads, so that their number must not change where bits count; other kernels' are not. */
  readonly flashAttention: boolean
}

const nativeSequence = (
  sequence: LlamaContextSequence,
  { grammars, governor, flashAttention }: Tools,
): DecoderSequence => ({
  tokens: () => sequence.contextTokens,
  keep: async (length) => {
    const before = sequence.tokenMeter.usedInputTokens
    if (length < sequence.nextTokenIndex) {
      await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }])
    }
    return sequence.tokenMeter.usedInputTokens - before
  },
  evaluate: (tokens, { deterministic }) =>
    governor.during(deterministic && flashAttention, () =>
      sequence.evaluateWithoutGeneratingNewTokens([...tokens] as Token[]),
    ),
  generate: (tokens, sampling) => {
    let stream: AsyncGenerator<Token, void> | null = null
    const open = async () => {
      const grammar = sampling.grammar === null ? undefined : await grammars(sampling.grammar)
      return sequence.evaluate([...tokens] as Token[], {
        ...samplingOptions(sampling),
        ...(grammar === undefined ? {} : { grammarEvaluationState: grammar }),
      })
    }
    return {
      next: async () => {
        stream ??= await open()
        const running = stream
        const { value, done } = await governor.during(sampling.deterministic && flashAttention, () => running.next())
        return done === true ? null : (value as number)
      },
      close: async () => {
        await stream?.return()
      },
    }
  },
})

const samplingOptions = ({ temperature, topP, seed }: Sampling) => ({
  temperature,
  ...(topP === null ? {} : { topP }),
  seed,
})

export const nativeDecoder = async (context: LlamaContext, tools: Tools): Promise<Decoder> => {
  const sequences = Array.from({ length: context.totalSequences }, () => context.getSequence())
  return {
    sequences: sequences.map((sequence) => nativeSequence(sequence, tools)),
    room: context.contextSize - 1,
    batchFrom: await measureBatching(sequences, tools.governor),
  }
}

/** Enough time to tell a gain from noise on a small model; a large one is bound by memory, where batching always pays. */
const calibrationMs = 1500

/**
 * From how many sequences on one shared pass beats as many single passes. It depends on the machine's matrix kernels: on
 * a CPU a pass of two tokens can cost three times a pass of one. Also warms the caches up, before anything is timed.
 */
const measureBatching = async (
  sequences: readonly LlamaContextSequence[],
  governor: ThreadGovernor,
): Promise<number | null> => {
  const startedAt = performance.now()
  const pass = async (size: number): Promise<number> => {
    const began = performance.now()
    await governor.during(false, () =>
      Promise.all(sequences.slice(0, size).map((each) => each.evaluateWithoutGeneratingNewTokens([1 as Token]))),
    )
    return performance.now() - began
  }
  try {
    await pass(1)
    const single = Math.min(await pass(1), await pass(1), await pass(1))
    for (const size of [2, 3, 4, 6, 8]) {
      if (size > sequences.length) return null
      if (performance.now() - startedAt > calibrationMs) return size
      if (Math.min(await pass(size), await pass(size)) < single * size * 0.95) return size
    }
    return null
  } finally {
    await Promise.all(sequences.map((each) => each.clearHistory()))
  }
}
