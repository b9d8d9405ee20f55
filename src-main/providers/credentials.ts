import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { ProviderDependencies } from './dependencies.ts'
import type { ProviderEntry } from './entry.ts'

/** The variable that must hold a key for this model; null where none is needed. */
export const keyVariable = (
  entry: Pick<ProviderEntry, 'defaultBaseUrl' | 'defaultApiKeyEnv'>,
  model: Pick<ModelReference, 'baseUrl' | 'apiKeyEnv'>,
): string | null => {
  if (model.apiKeyEnv !== null) return model.apiKeyEnv
  const atDefault = model.baseUrl === null || sameOrigin(model.baseUrl, entry.defaultBaseUrl)
  return atDefault ? entry.defaultApiKeyEnv : null
}

const sameOrigin = (a: string, b: string | null): boolean =>
  b !== null && URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin

/** The key for this model or null where none is needed. Throws LabError 'missing-key' naming the variable. */
export const requireKey = (
  entry: Pick<ProviderEntry, 'label' | 'defaultBaseUrl' | 'defaultApiKeyEnv'>,
  model: Pick<ModelReference, 'id' | 'baseUrl' | 'apiKeyEnv'>,
  secrets: ProviderDependencies['secrets'],
): string | null => {
  const variable = keyVariable(entry, model)
  if (variable === null) return null
  const key = secrets(variable)?.trim()
  if (key !== undefined && key !== '') return key
  throw new LabError(
    'missing-key',
    `Model "${model.id}" needs an API key for ${entry.label}: set the environment variable ${variable}, or put it in a file and pass --env-file.`,
  )
}
