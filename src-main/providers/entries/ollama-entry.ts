import { z } from 'zod'
import type { ProviderEntry } from '../entry.ts'

export const ollamaOptions = z.strictObject({
  /** How long the server keeps the model in memory after a call: Ollama's duration ("10m"), or seconds; -1 for ever. */
  keepAlive: z.union([z.string(), z.number()]).default('10m'),
  /** Context length to load the model with; the server's default otherwise. */
  contextLength: z.int().positive().optional(),
  /** Reasoning of models that can: on, off, or a level; the model's default otherwise. */
  think: z.union([z.boolean(), z.enum(['low', 'medium', 'high'])]).optional(),
  /** More of Ollama's `options` (`top_k`, `repeat_penalty`, `num_thread`, ...), sent as they are. */
  modelOptions: z.record(z.string(), z.json()).default({}),
})
export type OllamaOptions = z.infer<typeof ollamaOptions>

export const ollamaEntry: ProviderEntry = {
  id: 'ollama',
  label: 'Ollama',
  local: true,
  defaultBaseUrl: 'http://127.0.0.1:11434',
  defaultApiKeyEnv: null,
  optionsSchema: ollamaOptions,
  cannotSend: [],
  load: async (dependencies) => (await import('../ollama.ts')).createOllamaProvider(dependencies),
}
