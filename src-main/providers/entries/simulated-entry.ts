import { z } from 'zod'
import type { ProviderEntry } from '../entry.ts'

export const simulatedEntry: ProviderEntry = {
  id: 'simulated',
  label: 'The simulated world (no model; always labelled as simulated)',
  local: false,
  defaultBaseUrl: null,
  defaultApiKeyEnv: null,
  optionsSchema: z.record(z.string(), z.json()),
  cannotSend: [],
  load: async () => (await import('../simulated/simulated-provider.ts')).createSimulatedProvider(),
}
