import { availableParallelism } from 'node:os'
import { type Batcher, createBatcher, type GenerateOptions } from './batcher.ts'
import { createChatPrompt } from './chat-prompt.ts'
import type { Contexts, Decoder } from './decoder.ts'
import { GenerationFailure } from './generation-failure.ts'
import { createGrammars, nativeDecoder } from './native-decoder.ts'
import type { GenerationRequest, GenerationResult, LoadedModel, LoadOptions } from './protocol.ts'
import { createThreadGovernor } from './thread-governor.ts'

export type NativeModel = {
  readonly loaded: LoadedModel
  generate(request: GenerationRequest, options: GenerateOptions): Promise<GenerationResult>
}

/** KV cache that the sequences share, in bytes; a fifth of the free memory where that is less. */
const cacheBytes = 768 * 1024 ** 2
const mostSequences = 16
/** Tokens a sequence holds at first; a longer prompt makes the context larger. */
const firstContext = 2048
/** A part of a prompt, see the batcher. */
const batchSize = 256
/** Longer ones need flash attention, which takes far less memory but rounds differently with every shape of a batch. */
const longestExactContext = 8192

/** Loads a GGUF file with llama.cpp. Rejects with GenerationFailure: 'bad-request' where the file is no usable model. */
export const loadNativeModel = async (options: LoadOptions): Promise<NativeModel> => {
  const startedAt = performance.now()
  const library = await import('node-llama-cpp')
  const llama = await library.getLlama({
    gpu: options.gpu ? 'auto' : false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: library.LlamaLogLevel.error,
    // The library's own choice is at least four threads. On two cores four spinning threads are a hundred times slower.
    maxThreads: options.threads ?? availableParallelism(),
  })
  const threads = options.threads ?? Math.min(Math.max(1, llama.cpuMathCores), availableParallelism())
  const model = await llama.loadModel({ modelPath: options.path }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GenerationFailure('bad-request', `The file ${options.path} cannot be loaded as a model: ${why}`, cause)
  })
  const chat = createChatPrompt(library, model)
  const grammars = createGrammars(library, llama, model)
  const governor = createThreadGovernor({
    // With a graphics card the processor waits by design.
    full: llama.gpu === false ? threads : 1,
    now: () => performance.now(),
    cpuMs: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    },
    use: (count) => {
      llama.maxThreads = llama.gpu === false ? count : threads
    },
  })
  const longest = Math.min(options.contextLength ?? model.trainContextSize, model.trainContextSize)

  let largest = longest - 1
  let context: Awaited<ReturnType<typeof model.createContext>> | null = null

  const bytesOf = (contextSize: number): number => {
    const estimate = (sequences: number) =>
      model.fileInsights.estimateContextResourceRequirements({
        contextSize,
        sequences,
        modelGpuLayers: model.gpuLayers,
        includeGraphOverhead: false,
      })
    const [one, two] = [estimate(1), estimate(2)]
    return Math.max(1, two.cpuRam + two.gpuVram - one.cpuRam - one.gpuVram)
  }

  const open = async (room: number): Promise<Decoder> => {
    let contextSize = Math.min(firstContext, longest)
    while (contextSize < room + 1) contextSize = Math.min(contextSize * 2, longest)
    const budget = Math.min(cacheBytes, process.availableMemory() / 5)
    const sequences = Math.max(1, Math.min(mostSequences, Math.floor(budget / bytesOf(contextSize))))
    const previous = context
    context = null
    await previous?.dispose()
    const flashAttention = llama.gpu !== false || contextSize > longestExactContext
    context = await model.createContext({
      contextSize,
      sequences,
      batchSize,
      threads,
      flashAttention: flashAttention ? 'auto' : false,
      swaFullCache: true,
      // Keeps the order in which the batcher asks; see `neighbours` there.
      batching: { itemPrioritizationStrategy: 'firstInFirstOut' },
    })
    return nativeDecoder(context, { grammars, governor, flashAttention })
  }

  const contexts: Contexts = {
    largestRoom: () => largest,
    withRoom: async (room) => {
      if (current !== null && current.room >= room) return current
      const before = current?.room ?? null
      current = null
      try {
        current = await open(room)
      } catch (cause) {
        if (before === null)
          throw new GenerationFailure('bad-request', 'There is not enough memory for this model.', cause)
        largest = before
        current = await open(before)
      }
      return current
    },
  }
  let current: Decoder | null = await open(1)
  const batcher: Batcher = createBatcher({
    contexts,
    now: () => performance.now(),
    vocabulary: {
      text: (tokens, before) => model.detokenize(tokens as never, false, before as never),
      count: (text) => model.tokenize(text, false).length,
    },
  })
  return {
    loaded: {
      loadMs: performance.now() - startedAt,
      contextLength: longest,
      sequences: current.sequences.length,
      batchFrom: current.batchFrom,
      gpu: llama.gpu === false ? null : llama.gpu,
    },
    generate: async (request, generateOptions) =>
      batcher.generate(chat.tokens(request.messages), request, generateOptions),
  }
}
