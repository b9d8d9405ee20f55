import type { ModelReference } from '../../src-core/domain/model.ts'
import type { CallOptions, Provider } from '../../src-core/ports/provider.ts'

/** Null where the provider does not tell. */
export type ModelSpeed = {
  /** Loading and warming up, the process's start included. */
  readonly loadMs: number
  /** Of a short prompt. */
  readonly firstTokenMs: number | null
  readonly promptTokensPerSecond: number | null
  readonly tokensPerSecond: number | null
}

const filler = 'The prompt laboratory compares variants of a prompt on the same cases. '
const shortPrompt = 'Write a long story about a lighthouse.'
/** Seconds that writing may take; reading takes one more pass of known length. */
const writingMs = 2_500

/**
 * How fast a model is on this machine, in about five seconds after it is loaded: the time to the first token of a short
 * prompt, the rate of reading a longer one (sized so that it takes about two seconds), and the rate of writing.
 * Rejects with ProviderFailure.
 */
export const probeModel = async (
  provider: Provider,
  model: ModelReference,
  options: CallOptions,
): Promise<ModelSpeed> => {
  await provider.release?.(model)
  const startedAt = performance.now()
  await provider.prepare?.(model, options)
  const loadMs = performance.now() - startedAt
  const ask = (content: string, maxTokens: number) =>
    provider.complete(
      {
        model: { ...model, parameters: { ...model.parameters, temperature: 0, maxTokens } },
        messages: [{ role: 'user', content }],
        repetition: 1,
        affinity: null,
        simulation: null,
      },
      options,
    )
  const first = await ask(shortPrompt, 8)
  const perToken =
    first.outputTokens === null || first.outputTokens < 2
      ? null
      : (first.latencyMs - (first.firstTokenMs ?? 0)) / first.outputTokens
  const tokens = perToken === null ? 32 : Math.max(8, Math.min(256, Math.floor(writingMs / Math.max(1, perToken))))
  const written = await ask(shortPrompt, tokens)
  const perPromptToken =
    first.firstTokenMs === null || first.inputTokens === null
      ? null
      : first.firstTokenMs / Math.max(1, first.inputTokens)
  const sentences =
    perPromptToken === null ? 20 : Math.max(4, Math.min(60, Math.floor(2_000 / Math.max(0.1, perPromptToken) / 13)))
  const read = await ask(filler.repeat(sentences), 1)
  return {
    loadMs,
    firstTokenMs: first.firstTokenMs,
    promptTokensPerSecond: rate(evaluated(read), read.firstTokenMs ?? read.latencyMs),
    tokensPerSecond: rate(
      written.outputTokens === null ? null : written.outputTokens - 1,
      written.latencyMs - (written.firstTokenMs ?? 0),
    ),
  }
}

const evaluated = ({
  inputTokens,
  cachedInputTokens,
}: {
  inputTokens: number | null
  cachedInputTokens: number | null
}): number | null => (inputTokens === null ? null : inputTokens - (cachedInputTokens ?? 0))

const rate = (tokens: number | null, ms: number): number | null =>
  tokens === null || tokens <= 0 || ms <= 0 ? null : (tokens * 1000) / ms
