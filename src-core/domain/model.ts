import type { JsonValue } from './json.ts'

/** US dollars per million tokens. `cachedInputPerMillion` null: cached tokens cost as much as others. */
export type TokenPrice = {
  readonly inputPerMillion: number
  readonly outputPerMillion: number
  readonly cachedInputPerMillion: number | null
}

/** What is sent with every call; null means "the provider's default", and is not sent. */
export type SamplingParameters = {
  readonly temperature: number | null
  readonly topP: number | null
  readonly seed: number | null
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  /** A JSON schema, or 'json' for any JSON object; null for free text. */
  readonly responseFormat: JsonValue | null
}

/** Milliseconds; each ends the attempt that exceeds it. */
export type Timeouts = {
  readonly connectMs: number
  readonly firstTokenMs: number
  readonly idleMs: number
  readonly totalMs: number
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, firstTokenMs: 60_000, idleMs: 30_000, totalMs: 600_000 }

export type ModelReference = {
  /** Unique within a lab. */
  readonly id: string
  /** A provider of the registry: ollama, openai, anthropic, llamacpp, http, simulated. */
  readonly provider: string
  /** The provider's name for it; for llamacpp a path, a catalogue id or `ollama:NAME`. */
  readonly model: string
  readonly parameters: SamplingParameters
  readonly baseUrl: string | null
  /** Name of the environment variable that holds the key; the key itself is never stored. */
  readonly apiKeyEnv: string | null
  readonly headers: Readonly<Record<string, string>>
  /** Declared price; null means "look it up in the price table". */
  readonly price: TokenPrice | null
  /** Ids of models to ask, in order, when this one fails. */
  readonly fallback: readonly string[]
  /** False: only for roles, judges and fallbacks, not a column of the experiment. */
  readonly experiment: boolean
  /** At most so many calls at once to this model; null means the provider's default. */
  readonly concurrency: number | null
  /** llamacpp: one sequence without reuse, so that equal calls give bit-equal answers. */
  readonly deterministic: boolean
  /** One call at a time, for latency that is not shared. */
  readonly exclusive: boolean
  readonly timeouts: Timeouts
  /** Options that only this provider knows, parsed by its own schema (http: url, body, outputPath; ...). */
  readonly options: Readonly<Record<string, JsonValue>>
}

const localProviders: readonly string[] = ['ollama', 'llamacpp']
/** *Local* in the sense of the contract: concurrency 1 and $0 unless declared otherwise. */
export const isLocal = (model: Pick<ModelReference, 'provider'>): boolean => localProviders.includes(model.provider)
