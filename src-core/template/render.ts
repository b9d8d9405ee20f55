import type { JsonValue } from '../domain/json.ts'
import type { Message, PromptTemplate } from '../domain/prompt.ts'
import { findVariables, splitText } from './variables.ts'

export type Rendered = { readonly messages: readonly Message[] } | { readonly missing: readonly string[] }

type Inputs = Readonly<Record<string, JsonValue>>

/** Text as it is; anything else as compact JSON, members in their own order. */
const valueText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value))

const has = (inputs: Inputs, name: string): boolean => Object.hasOwn(inputs, name) && inputs[name] !== undefined

const renderText = (text: string, inputs: Inputs): string =>
  splitText(text)
    .map((piece) => {
      if (piece.kind === 'text') return piece.text
      return piece.kind === 'literal' ? `{${piece.name}}` : valueText(inputs[piece.name] ?? null)
    })
    .join('')

/**
 * The messages to send: a text template becomes one user message. One pass: braces inside a value stay text. Everything
 * but the placeholders is kept byte for byte. Where inputs lack variables, their names and nothing else; never throws.
 */
export const renderMessages = (template: PromptTemplate, inputs: Inputs): Rendered => {
  const missing = findVariables(template).filter((name) => !has(inputs, name))
  if (missing.length > 0) return { missing }
  if (template.kind === 'text') return { messages: [{ role: 'user', content: renderText(template.text, inputs) }] }
  return { messages: template.messages.map(({ role, content }) => ({ role, content: renderText(content, inputs) })) }
}
