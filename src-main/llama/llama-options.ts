import { z } from 'zod'

/** What a model of provider `llamacpp` may say under `options`. */
export const llamaOptions = z.strictObject({
  labels: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('The answer is exactly one of these texts, enforced by a grammar'),
  contextLength: z
    .int()
    .min(256)
    .optional()
    .describe('Most tokens of prompt and answer together; the model’s own length when absent'),
  threads: z.int().min(1).optional().describe('Threads to compute with; the cores that are good for it when absent'),
  gpu: z.boolean().optional().describe('Use a graphics card where there is one (default true)'),
})

export type LlamaOptions = z.infer<typeof llamaOptions>
