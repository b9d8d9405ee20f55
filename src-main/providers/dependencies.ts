import type { StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'

/** What a provider may need of its host; each takes only what it uses. */
export type ProviderDependencies = {
  /** The value of an API key by the name of its environment variable (keychain or environment), or undefined. */
  readonly secrets: (name: string) => string | undefined
  readonly startIsolatedProcess: StartIsolatedProcess
  /** Where models of the catalogue are kept. */
  readonly modelsFolder: string
}
