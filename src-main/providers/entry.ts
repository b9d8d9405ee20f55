import type { z } from 'zod'
import type { SamplingParameters } from '../../src-core/domain/model.ts'
import type { Provider } from '../../src-core/ports/provider.ts'
import type { ProviderDependencies } from './dependencies.ts'

/**
 * One kind of model server. An entry is light: it imports no client, so that listing providers, or checking a lab file,
 * loads no SDK; `load` does.
 */
export type ProviderEntry = {
  readonly id: string
  readonly label: string
  /** Runs on this machine by nature: concurrency 1 and $0 unless declared otherwise. */
  readonly local: boolean
  /** Used where a model declares no `baseUrl`; null where there is none to assume. */
  readonly defaultBaseUrl: string | null
  /** Holds the key for `defaultBaseUrl`, and for no other place: elsewhere a model names its own `apiKeyEnv`. */
  readonly defaultApiKeyEnv: string | null
  /** The model's `options`; strict, so that a misspelt option is found. Forms and flags are drawn from it. */
  readonly optionsSchema: z.ZodType<Readonly<Record<string, unknown>>>
  /** Parameters that this provider's protocol cannot carry; they are not sent. */
  readonly cannotSend: readonly (keyof SamplingParameters)[]
  load(dependencies: ProviderDependencies): Promise<Provider>
}
