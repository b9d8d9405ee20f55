import { z } from 'zod'
import type { ProviderEntry } from '../entry.ts'

export const openaiOptions = z.strictObject({
  /** False for a server that cannot stream; no time to first token then. */
  stream: z.boolean().default(true),
  /** OpenAI's strict mode for a response schema; off for schemas outside its subset. */
  strictSchema: z.boolean().default(true),
  /** Members added to the request as they are, for what only this server knows (`reasoning_effort`, `top_k`, ...). */
  body: z.record(z.string(), z.json()).default({}),
})
export type OpenAiOptions = z.infer<typeof openaiOptions>

export const openaiEntry: ProviderEntry = {
  id: 'openai',
  label: 'OpenAI or a compatible server',
  local: false,
  defaultBaseUrl: 'https://api.openai.com/v1',
  defaultApiKeyEnv: 'OPENAI_API_KEY',
  optionsSchema: openaiOptions,
  cannotSend: [],
  load: async (dependencies) => (await import('../openai.ts')).createOpenAiProvider(dependencies),
}
