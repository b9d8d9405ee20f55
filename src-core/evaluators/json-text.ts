import type { JsonValue } from '../domain/json.ts'

export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string }

/** Deeper text is refused: evaluators and reports walk values by recursion. */
const maximumDepth = 64

/**
 * JSON from untrusted text. `codeFence` allows one Markdown fence around it. Member names such as `__proto__` are
 * ordinary own members, as JSON.parse makes them.
 */
export const parseJson = (text: string, options: { readonly codeFence?: boolean } = {}): ParsedJson => {
  const body = options.codeFence ? withoutCodeFence(text) : text
  let value: JsonValue
  try {
    value = JSON.parse(body) as JsonValue
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
  return depthWithin(value, maximumDepth)
    ? { ok: true, value }
    : { ok: false, reason: `deeper than ${maximumDepth} levels` }
}

/** The inside of a text that is one fenced block and nothing else; any other text unchanged. */
const withoutCodeFence = (text: string): string => {
  const trimmed = text.trim()
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```') || trimmed.length < 7) return text
  const firstLineEnd = trimmed.indexOf('\n')
  if (firstLineEnd < 0) return text
  return trimmed.slice(firstLineEnd + 1, -3)
}

const depthWithin = (value: JsonValue, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  return Object.values(value).every((member) => depthWithin(member as JsonValue, levels - 1))
}

/** Text of a value: strings as they are, everything else as JSON. */
export const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value))
