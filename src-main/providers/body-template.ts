import type { JsonValue } from '../../src-core/domain/json.ts'
import type { CompletionRequest } from '../../src-core/ports/provider.ts'

export const bodyPlaceholders = [
  'prompt',
  'messages',
  'system',
  'model',
  'temperature',
  'topP',
  'seed',
  'maxTokens',
  'stop',
  'responseFormat',
] as const
type Placeholder = (typeof bodyPlaceholders)[number]

const one = new RegExp(`^\\{(${bodyPlaceholders.join('|')})\\}$`)
const any = new RegExp(`\\{(${bodyPlaceholders.join('|')})\\}`, 'g')

/**
 * A body template as JSON. Text is read as JSON in which a placeholder may also stand bare: `{"q": {prompt}}` means
 * `{"q": "{prompt}"}`. Placeholders are replaced in the parsed value, never in text, so no value can break out of it.
 */
export const bodyTemplate = (source: JsonValue): { readonly template: JsonValue } | { readonly problem: string } => {
  if (typeof source !== 'string') return check(source)
  try {
    return check(JSON.parse(quoteBare(source)) as JsonValue)
  } catch (error) {
    return { problem: `the body is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const check = (template: JsonValue): { readonly template: JsonValue } | { readonly problem: string } => {
  const text = JSON.stringify(template)
  return text.includes('{prompt}') || text.includes('{messages}')
    ? { template }
    : { problem: 'the body sends no prompt: put {prompt} or {messages} where it belongs' }
}

/** Puts quotes around placeholders that stand outside of JSON strings. */
const quoteBare = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|\{(\w+)\}/gs, (all: string, name: string | undefined) =>
    name !== undefined && (bodyPlaceholders as readonly string[]).includes(name) ? `"${all}"` : all,
  )

/**
 * Fills a template in one pass. A string that is only a placeholder becomes the value itself (messages an array, numbers
 * numbers), and its member is left out where the value is unset; inside other text it becomes text.
 */
export const fillBody = (template: JsonValue, request: CompletionRequest): JsonValue | undefined => {
  const values = valuesOf(request)
  const fill = (value: JsonValue): JsonValue | undefined => {
    if (typeof value === 'string') {
      const whole = one.exec(value)?.[1] as Placeholder | undefined
      if (whole !== undefined) return values[whole]
      return value.replace(any, (_all, name: Placeholder) => asText(values[name]))
    }
    if (Array.isArray(value)) return value.map(fill).filter((each) => each !== undefined)
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value as Record<string, JsonValue>).map(
      ([name, member]) => [name, fill(member)] as const,
    )
    return Object.fromEntries(members.filter(([, member]) => member !== undefined)) as JsonValue
  }
  return fill(template)
}

const asText = (value: JsonValue | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

const valuesOf = ({ model, messages }: CompletionRequest): Readonly<Record<Placeholder, JsonValue | undefined>> => {
  const { temperature, topP, seed, maxTokens, stop, responseFormat } = model.parameters
  const system = messages.filter((message) => message.role === 'system')
  return {
    prompt: messages.map((message) => message.content).join('\n\n'),
    messages: messages.map(({ role, content }) => ({ role, content })),
    system: system.length === 0 ? undefined : system.map((message) => message.content).join('\n\n'),
    model: model.model,
    temperature: temperature ?? undefined,
    topP: topP ?? undefined,
    seed: seed ?? undefined,
    maxTokens: maxTokens ?? undefined,
    stop: stop.length === 0 ? undefined : stop,
    responseFormat: responseFormat ?? undefined,
  }
}
