import { llamaOptions } from '../../llama/llama-options.ts'
import type { ProviderEntry } from '../entry.ts'

export const llamacppEntry: ProviderEntry = {
  id: 'llamacpp',
  label: 'A GGUF model in a process of its own (llama.cpp)',
  local: true,
  defaultBaseUrl: null,
  defaultApiKeyEnv: null,
  optionsSchema: llamaOptions,
  cannotSend: [],
  load: async (dependencies) => (await import('../../llama/llama-provider.ts')).createLlamaProvider(dependencies),
}
