import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { Provider } from '../../src-core/ports/provider.ts'
import { requireKey } from './credentials.ts'
import type { ProviderDependencies } from './dependencies.ts'
import { anthropicEntry } from './entries/anthropic-entry.ts'
import { httpEntry } from './entries/http-entry.ts'
import { llamacppEntry } from './entries/llamacpp-entry.ts'
import { ollamaEntry } from './entries/ollama-entry.ts'
import { openaiEntry } from './entries/openai-entry.ts'
import { simulatedEntry } from './entries/simulated-entry.ts'
import type { ProviderEntry } from './entry.ts'

export const providerEntries: readonly ProviderEntry[] = [
  llamacppEntry,
  ollamaEntry,
  openaiEntry,
  anthropicEntry,
  httpEntry,
  simulatedEntry,
]

export const findProviderEntry = (id: string): ProviderEntry | null =>
  providerEntries.find((entry) => entry.id === id) ?? null

export type ProviderRegistry = {
  readonly entries: readonly ProviderEntry[]
  /** Loads the provider on first use; the same instance ever after. LabError 'not-found' for an unknown id. */
  get(id: string): Promise<Provider>
  /**
   * What can be known to be wrong before any call: unknown provider, wrong options, key not set.
   * Throws LabError 'not-found', 'lab-file' or 'missing-key' (naming the environment variable).
   */
  check(model: ModelReference): void
  dispose(): Promise<void>
}

export const createProviders = (dependencies: ProviderDependencies): ProviderRegistry => {
  const loaded = new Map<string, Promise<Provider>>()

  const entryOf = (id: string): ProviderEntry => {
    const entry = findProviderEntry(id)
    if (entry !== null) return entry
    const known = providerEntries.map((each) => each.id).join(', ')
    throw new LabError('not-found', `There is no provider "${id}". Known providers: ${known}.`)
  }

  return {
    entries: providerEntries,
    get: async (id) => {
      const known = loaded.get(id)
      if (known !== undefined) return known
      const loading = entryOf(id).load(dependencies)
      loaded.set(id, loading)
      // A provider that could not be loaded (a missing native library, say) may be asked for again.
      loading.catch(() => loaded.delete(id))
      return loading
    },
    check: (model) => {
      const entry = entryOf(model.provider)
      checkOptions(entry, model)
      requireKey(entry, model, dependencies.secrets)
    },
    dispose: async () => {
      const providers = await Promise.allSettled(loaded.values())
      loaded.clear()
      await Promise.all(providers.map((each) => (each.status === 'fulfilled' ? each.value.dispose() : undefined)))
    },
  }
}

const checkOptions = (entry: ProviderEntry, model: ModelReference): void => {
  const parsed = entry.optionsSchema.safeParse(model.options)
  if (parsed.success) return
  const problems = parsed.error.issues.map((issue) => {
    const place = issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`
    return `Model "${model.id}", provider ${entry.id}${place}: ${issue.message}`
  })
  throw new LabError('lab-file', problems.join('\n'), {
    problems: problems.map((message) => ({ message, file: null, line: null, column: null })),
  })
}
