import { z } from 'zod'
import { bodyTemplate } from '../body-template.ts'
import type { ProviderEntry } from '../entry.ts'
import { isJsonPath } from '../json-path.ts'

const path = z.string().refine(isJsonPath, { error: 'expected a path such as choices[0].message.content' })

export const httpOptions = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
  /** `{key}` stands for the key of `apiKeyEnv`; where no header has it, it is sent as a bearer token. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Any JSON, or its text, with the placeholders {prompt}, {messages}, {system}, {model} and the parameters' names. */
  body: z.json().transform((value, context) => {
    const template = bodyTemplate(value)
    if ('template' in template) return template.template
    context.addIssue({ code: 'custom', message: template.problem })
    return z.NEVER
  }),
  /** Where the answer's text is in the reply; absent: the reply's text itself is the answer. */
  outputPath: path.optional(),
  inputTokensPath: path.optional(),
  outputTokensPath: path.optional(),
  cachedTokensPath: path.optional(),
  modelPath: path.optional(),
  finishReasonPath: path.optional(),
})
export type HttpOptions = z.infer<typeof httpOptions>

export const httpEntry: ProviderEntry = {
  id: 'http',
  label: 'An HTTP endpoint of your own',
  local: false,
  defaultBaseUrl: null,
  defaultApiKeyEnv: null,
  optionsSchema: httpOptions,
  cannotSend: [],
  load: async (dependencies) => (await import('../http.ts')).createHttpProvider(dependencies),
}
