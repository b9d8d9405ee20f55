import { z } from 'zod'
import type { ProviderEntry } from '../entry.ts'

export const anthropicOptions = z.strictObject({
  /** The protocol demands a limit; this one is sent for a model without `maxTokens`. */
  defaultMaxTokens: z.int().positive().default(4096),
  /** Members added to the request as they are (`thinking`, `top_k`, ...). */
  body: z.record(z.string(), z.json()).default({}),
})
export type AnthropicOptions = z.infer<typeof anthropicOptions>

export const anthropicEntry: ProviderEntry = {
  id: 'anthropic',
  label: 'Anthropic or a compatible server',
  local: false,
  defaultBaseUrl: 'https://api.anthropic.com',
  defaultApiKeyEnv: 'ANTHROPIC_API_KEY',
  optionsSchema: anthropicOptions,
  cannotSend: ['seed'],
  load: async (dependencies) => (await import('../anthropic.ts')).createAnthropicProvider(dependencies),
}
