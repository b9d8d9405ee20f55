import { z } from 'zod'

import type { JsonValue } from '../domain/json.ts'
import { defaultTimeouts, type ModelReference, type TokenPrice } from '../domain/model.ts'

export const providerNames = ['ollama', 'openai', 'anthropic', 'llamacpp', 'http', 'simulated'] as const

/** Headers that carry a credential: the environment is the only place for those. */
const secretHeader = /^(authorization|proxy-authorization|cookie|(x-)?(goog-)?api-key)$/i

const priceSchema = z
  .union([
    z.literal(0),
    z.strictObject({
      inputPerMillion: z.number().min(0).describe('US dollars per million input tokens.'),
      outputPerMillion: z.number().min(0).describe('US dollars per million output tokens.'),
      cachedInputPerMillion: z
        .number()
        .min(0)
        .optional()
        .describe('US dollars per million cached input tokens; the price of input unless given.'),
    }),
  ])
  .describe(
    'What it costs: 0, or US dollars per million tokens. Unless given: the price table; 0 for ollama and llamacpp.',
  )

const milliseconds = z.number().int().positive()

const modelEntrySchema = z
  .strictObject({
    id: z.string().min(1).describe('Unique name in the lab; appears in the report.'),
    provider: z
      .enum(providerNames)
      .describe(
        'Who serves it: ollama, openai (and everything that speaks its protocol), anthropic, llamacpp (a GGUF file in this program), http (an endpoint of your own), simulated (no model at all).',
      ),
    model: z
      .string()
      .min(1)
      .describe(
        "The provider's name for it. llamacpp: a path to a GGUF file, a catalogue id (`promptlab models`) or ollama:NAME.",
      ),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of the server; the provider’s own unless given.'),
    apiKeyEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('Name of the environment variable that holds the key. The key itself never stands in this file.'),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe('Further HTTP headers. No credentials: use apiKeyEnv.'),
    temperature: z.number().min(0).max(2).optional().describe('0 is the most repeatable. Not sent unless given.'),
    topP: z.number().gt(0).max(1).optional().describe('Nucleus sampling. Not sent unless given.'),
    seed: z.int().optional().describe("Seed of the model's sampling, where the provider has one."),
    maxTokens: z.int().positive().optional().describe('The longest answer, in tokens. Keeps cost and time in bounds.'),
    stop: z
      .union([z.string().min(1), z.array(z.string().min(1))])
      .default([])
      .describe('Texts at which the answer ends.'),
    responseFormat: z
      .union([z.literal('text'), z.literal('json'), z.record(z.string(), z.json())])
      .optional()
      .describe('json for any JSON object, or a JSON schema. Free text unless given.'),
    price: priceSchema.optional(),
    fallback: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Ids of models to ask, in order, when this one fails. Recorded as what it is, and a missing pair in comparisons.',
      ),
    experiment: z
      .boolean()
      .default(true)
      .describe('false: only for roles, judges and fallbacks; not a column of the experiment.'),
    concurrency: z
      .int()
      .positive()
      .optional()
      .describe('At most so many calls at once to this model. 1 for ollama and llamacpp unless given.'),
    deterministic: z
      .boolean()
      .default(false)
      .describe('llamacpp: one sequence without reuse, so that equal calls give bit-equal answers.'),
    exclusive: z.boolean().default(false).describe('One call at a time, so that latency is not shared.'),
    timeouts: z
      .strictObject({
        connectMs: milliseconds.default(defaultTimeouts.connectMs).describe('Until the connection stands.'),
        firstTokenMs: milliseconds.default(defaultTimeouts.firstTokenMs).describe('Until the first token.'),
        idleMs: milliseconds.default(defaultTimeouts.idleMs).describe('Between two tokens.'),
        totalMs: milliseconds.default(defaultTimeouts.totalMs).describe('The whole attempt.'),
      })
      .default(defaultTimeouts)
      .describe('Milliseconds after which an attempt is given up.'),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('http: where to send the request.'),
    method: z.enum(['POST', 'PUT', 'PATCH']).optional().describe('http: POST unless given.'),
    body: z.json().optional().describe('http: template of the request body.'),
    outputPath: z
      .string()
      .min(1)
      .optional()
      .describe('http: JSON path of the answer in the response, like $.choices[0].text.'),
    options: z.record(z.string(), z.json()).default({}).describe('Options that only this provider knows.'),
  })
  .superRefine((entry, context) => {
    for (const header of Object.keys(entry.headers)) {
      if (secretHeader.test(header)) {
        context.addIssue({
          code: 'custom',
          path: ['headers', header],
          message:
            'carries a credential: keys never stand in the lab file. Put it into an environment variable and name that in apiKeyEnv',
        })
      }
    }
    for (const key of ['url', 'method', 'body', 'outputPath'] as const) {
      if (entry[key] !== undefined && entry.provider !== 'http') {
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `belongs to the provider http, not to ${entry.provider}`,
        })
      }
    }
    if (entry.provider === 'http' && entry.url === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'is missing: the provider http needs the address to send to',
      })
    }
  })
  .describe('A model and how to call it.')

export const modelSchema = z
  .union([
    z
      .string()
      .regex(/^[^/]+\/.+$/, { error: 'must be provider/model, like openai/gpt-4o-mini' })
      .describe('Short form: provider/model.'),
    modelEntrySchema,
  ])
  .describe('A model: provider/model, or all its settings.')

export type ModelEntry = z.output<typeof modelEntrySchema>

const priceOf = (price: ModelEntry['price']): TokenPrice | null => {
  if (price === undefined) return null
  if (price === 0) return { inputPerMillion: 0, outputPerMillion: 0, cachedInputPerMillion: null }
  return {
    inputPerMillion: price.inputPerMillion,
    outputPerMillion: price.outputPerMillion,
    cachedInputPerMillion: price.cachedInputPerMillion ?? null,
  }
}

const optionsOf = (entry: ModelEntry): Readonly<Record<string, JsonValue>> => {
  const { url, method, body, outputPath } = entry
  return {
    ...entry.options,
    ...(url === undefined ? {} : { url }),
    ...(method === undefined ? {} : { method }),
    ...(body === undefined ? {} : { body }),
    ...(outputPath === undefined ? {} : { outputPath }),
  }
}

export const toModelReference = (entry: ModelEntry): ModelReference => ({
  id: entry.id,
  provider: entry.provider,
  model: entry.model,
  parameters: {
    temperature: entry.temperature ?? null,
    topP: entry.topP ?? null,
    seed: entry.seed ?? null,
    maxTokens: entry.maxTokens ?? null,
    stop: typeof entry.stop === 'string' ? [entry.stop] : entry.stop,
    responseFormat: entry.responseFormat === undefined || entry.responseFormat === 'text' ? null : entry.responseFormat,
  },
  baseUrl: entry.baseUrl ?? null,
  apiKeyEnv: entry.apiKeyEnv ?? null,
  headers: entry.headers,
  price: priceOf(entry.price),
  fallback: entry.fallback,
  experiment: entry.experiment,
  concurrency: entry.concurrency ?? null,
  deterministic: entry.deterministic,
  exclusive: entry.exclusive,
  timeouts: entry.timeouts,
  options: optionsOf(entry),
})

/** `openai/gpt-4o-mini`: the part before the first slash is the provider; the id is the whole. */
export const splitShortModel = (text: string): { readonly provider: string; readonly model: string } => {
  const slash = text.indexOf('/')
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) }
}

/** The short form with every setting at its default. `provider` must be known. */
export const shortModelReference = (text: string): ModelReference => {
  const { provider, model } = splitShortModel(text)
  return toModelReference(modelEntrySchema.parse({ id: text, provider, model }))
}
