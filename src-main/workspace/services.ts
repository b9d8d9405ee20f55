import { LabError } from '../../src-core/domain/errors.ts'
import { defaultTimeouts, type ModelReference } from '../../src-core/domain/model.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import type { Lab } from '../lab.ts'
import { keyVariable } from '../providers/credentials.ts'
import type { LabStore } from '../store/open-store.ts'
import type { ServicesService } from './app-host.ts'
import type { KeyBackend, KeyStatus } from './host-types.ts'
import type { PriceBook } from './price-book.ts'

/** Where a door keeps keys. Values go in; only the host's providers get them out. */
export type KeyVault = {
  readonly backend: KeyBackend
  get(variable: string): string | undefined
  /** Throws LabError 'unsupported' where this door takes keys from the environment only. */
  set(variable: string, value: string): Promise<void>
  delete(variable: string): Promise<void>
}

/** The browser host and the command line: the environment of the process, and nothing else. */
export const environmentKeys = (environment: Readonly<Record<string, string | undefined>> = process.env): KeyVault => {
  const refuse = async (): Promise<never> => {
    throw new LabError(
      'unsupported',
      'In the browser keys come from environment variables only: set the variable and start Prompt Lab again. The desktop app keeps keys in the keychain.',
    )
  }
  return {
    backend: { kind: 'environment', label: 'Environment variables of this process', canSet: false },
    get: (variable) => environment[variable],
    set: refuse,
    delete: refuse,
  }
}

type Dependencies = { readonly lab: Lab; readonly store: LabStore; readonly keys: KeyVault; readonly prices: PriceBook }

const testMs = 10_000

export const createServices = ({ lab, store, keys, prices }: Dependencies): ServicesService => {
  const isSet = (variable: string): KeyStatus['from'] => {
    const own = keys.get(variable)
    if (own !== undefined && own.trim() !== '' && keys.backend.kind !== 'environment') return keys.backend.kind
    const environment = process.env[variable] ?? own
    return environment !== undefined && environment.trim() !== '' ? 'environment' : null
  }
  const statusOf = (
    variable: string,
    entry: { readonly id: string; readonly label: string; readonly defaultBaseUrl: string | null },
    baseUrl: string | null,
  ): KeyStatus => {
    const from = isSet(variable)
    const url = baseUrl ?? entry.defaultBaseUrl
    return {
      variable,
      provider: entry.id,
      label: entry.label,
      origin: url !== null && URL.canParse(url) ? new URL(url).origin : null,
      set: from !== null,
      from,
    }
  }

  return {
    list: async () =>
      lab.providers.entries.map((entry) => ({
        id: entry.id,
        label: entry.label,
        local: entry.local,
        baseUrl: entry.defaultBaseUrl,
        keyVariable: entry.defaultApiKeyEnv,
        keySet: entry.defaultApiKeyEnv === null ? null : isSet(entry.defaultApiKeyEnv) !== null,
      })),
    keys: async (project) => {
      const models = project === null ? [] : await store.workspace.read('modelsOf', project, {}, null)
      const found = new Map<string, KeyStatus>()
      for (const entry of lab.providers.entries) {
        if (entry.defaultApiKeyEnv !== null)
          found.set(entry.defaultApiKeyEnv, statusOf(entry.defaultApiKeyEnv, entry, null))
      }
      for (const model of models) {
        const entry = lab.providers.entries.find(({ id }) => id === model.provider)
        const variable = entry === undefined ? null : keyVariable(entry, model)
        if (entry !== undefined && variable !== null && !found.has(variable))
          found.set(variable, statusOf(variable, entry, model.baseUrl))
      }
      return { backend: keys.backend, keys: [...found.values()] }
    },
    setKey: (variable, value) => keys.set(variable, value),
    deleteKey: (variable) => keys.delete(variable),

    test: async ({ provider: id, baseUrl, apiKeyEnv }) => {
      const model: ModelReference = {
        id: 'test',
        provider: id,
        model: 'test',
        parameters: { temperature: null, topP: null, seed: null, maxTokens: null, stop: [], responseFormat: null },
        baseUrl,
        apiKeyEnv,
        headers: {},
        price: null,
        fallback: [],
        experiment: false,
        concurrency: null,
        deterministic: false,
        exclusive: false,
        timeouts: defaultTimeouts,
        options: {},
      }
      const started = performance.now()
      try {
        const provider = await lab.providers.get(id)
        const signal = AbortSignal.timeout(testMs)
        if (id !== 'llamacpp' && id !== 'simulated') lab.providers.check(model)
        const here = baseUrl === null && provider.available !== undefined
        const models = here ? ((await provider.available?.({ signal })) ?? []) : []
        if (!here && id !== 'simulated') await provider.identify(model, { signal })
        const message = here
          ? `It answers and has ${models.length} ${models.length === 1 ? 'model' : 'models'}.`
          : 'It answers.'
        return { ok: true, message, latencyMs: performance.now() - started, models }
      } catch (error) {
        // A connection that does not work is what the test is for; anything else is a defect and goes up.
        if (!(error instanceof ProviderFailure || error instanceof LabError)) throw error
        return { ok: false, message: error.message, latencyMs: null, models: [] }
      }
    },
    prices: async (find, page) => prices.list(find, page),
    setPrice: (row) => prices.set(row),
    deletePrice: (row) => prices.remove(row),
  }
}
