import { z } from 'zod'
import type { ProviderEntry } from '../entry.ts'

export const llamacppEntry: ProviderEntry = {
  id: 'llamacpp',
  label: 'A GGUF model in a process of its own (llama.cpp)',
  local: true,
  defaultBaseUrl: null,
  defaultApiKeyEnv: null,
  optionsSchema: z.record(z.string(), z.json()),
  cannotSend: [],
  load: async (dependencies) => (await import('../../llama/llama-provider.ts')).createLlamaProvider(dependencies),
}
