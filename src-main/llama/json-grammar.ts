import type { JsonValue } from '../../src-core/domain/json.ts'
import { GenerationFailure } from './generation-failure.ts'
import { gbnfLiteral } from './label-grammar.ts'

type Schema = { readonly [key: string]: JsonValue }

// White space as llama.cpp's own json-schema-to-grammar allows it: enough for a pretty-printed answer, and bounded, so
// that a small model cannot fall into an endless run of blanks.
const base: Readonly<Record<string, string>> = {
  ws: '| " " | "\\n" [ \\t]{0,20}',
  char: '[^"\\\\\\x7F\\x00-\\x1F] | [\\\\] (["\\\\bfnrt/] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  object: '"{" ws (string ws ":" ws value (ws "," ws string ws ":" ws value)*)? ws "}"',
  array: '"[" ws (value (ws "," ws value)*)? ws "]"',
  value: 'object | array | string | number | boolean | null',
}

/**
 * GBNF for a JSON schema; `null` for any JSON object. Structure, types, enumerations, lengths and counts are enforced;
 * what a grammar cannot say (pattern, format, minimum, ...) is left to the evaluator. Where a schema allows properties
 * that it does not name, the grammar keeps to the named ones: stricter, never wrong.
 * Throws GenerationFailure 'bad-request' for `allOf`, a reference that leads nowhere, or something that is no schema.
 */
export const jsonGrammar = (schema: JsonValue | null): string => {
  const rules = new Map<string, string>(Object.entries(base))
  if (schema === null) return write('object', rules)
  const writer = createWriter(schema, rules)
  return write(writer.ruleOf(schema), rules)
}

const write = (root: string, rules: ReadonlyMap<string, string>): string =>
  [['root', root] as const, ...rules].map(([name, body]) => `${name} ::= ${body}\n`).join('')

const createWriter = (document: JsonValue, rules: Map<string, string>) => {
  const references = new Map<string, string>()

  const named = (hint: string, body: string): string => {
    const name = `r${rules.size}-${hint}`
    rules.set(name, body)
    return name
  }

  const ruleOf = (schema: JsonValue): string => {
    if (schema === true) return 'value'
    if (!isSchema(schema)) throw unusable('it has a part that is no schema')
    if (schema.allOf !== undefined) throw unusable('`allOf` cannot be turned into a grammar')
    if (typeof schema.$ref === 'string') return reference(schema.$ref)
    if (schema.const !== undefined) return gbnfLiteral(JSON.stringify(schema.const))
    if (Array.isArray(schema.enum)) return alternatives(schema.enum.map((each) => gbnfLiteral(JSON.stringify(each))))
    const choices = schema.anyOf ?? schema.oneOf
    if (Array.isArray(choices)) return alternatives(choices.map(ruleOf))
    if (Array.isArray(schema.type)) return alternatives(schema.type.map((type) => ruleOf({ ...schema, type })))
    return typed(schema)
  }

  const typed = (schema: Schema): string => {
    const type =
      schema.type ?? (schema.properties !== undefined ? 'object' : schema.items !== undefined ? 'array' : null)
    if (type === null) return 'value'
    if (type === 'object') return object(schema)
    if (type === 'array') return array(schema)
    if (type === 'string') return text(schema)
    if (type === 'integer' || type === 'number' || type === 'boolean' || type === 'null') return type
    throw unusable(`the type ${JSON.stringify(type)} is unknown`)
  }

  const text = (schema: Schema): string => {
    if (schema.minLength === undefined && schema.maxLength === undefined) return 'string'
    return named('text', `"\\"" char${times(count(schema.minLength) ?? 0, count(schema.maxLength))} "\\""`)
  }

  const object = (schema: Schema): string => {
    const properties = Object.entries(isSchema(schema.properties) ? schema.properties : {})
    if (properties.length === 0) {
      if (!isSchema(schema.additionalProperties)) return 'object'
      const pair = named('pair', `string ws ":" ws ${ruleOf(schema.additionalProperties)}`)
      return named('map', `"{" ws (${pair} (ws "," ws ${pair})*)? ws "}"`)
    }
    const required = new Set(Array.isArray(schema.required) ? schema.required : [])
    // Built from the last property to the first: `first` continues an object that is still empty, `rest` one that is not.
    let first = '""'
    let rest = '""'
    for (const [name, value] of properties.reverse()) {
      const pair = named('pair', `${gbnfLiteral(JSON.stringify(name))} ws ":" ws ${ruleOf(value)}`)
      const start = `${pair} ${rest}`
      first = named('first', required.has(name) ? start : `${start} | ${first}`)
      rest = named('rest', required.has(name) ? `ws "," ws ${pair} ${rest}` : `(ws "," ws ${pair})? ${rest}`)
    }
    return named('object', `"{" ws ${first} ws "}"`)
  }

  const array = (schema: Schema): string => {
    const fixed = Array.isArray(schema.prefixItems) ? schema.prefixItems.map(ruleOf) : []
    if (fixed.length > 0) return named('tuple', `"[" ws ${fixed.join(' ws "," ws ')} ws "]"`)
    const item = schema.items === undefined ? 'value' : ruleOf(schema.items)
    const least = count(schema.minItems) ?? 0
    const most = count(schema.maxItems)
    if (most === 0) return named('array', '"[" ws "]"')
    const more = times(Math.max(0, least - 1), most === null ? null : most - 1)
    const filled = `${item} (ws "," ws ${item})${more}`
    return named('array', least > 0 ? `"[" ws ${filled} ws "]"` : `"[" ws (${filled})? ws "]"`)
  }

  const reference = (pointer: string): string => {
    const known = references.get(pointer)
    if (known !== undefined) return known
    const name = `ref${references.size}`
    // Known before it is built, so that a schema may refer to itself.
    references.set(pointer, name)
    rules.set(name, ruleOf(resolvePointer(document, pointer)))
    return name
  }

  const alternatives = (bodies: readonly string[]): string => {
    if (bodies.length === 0) throw unusable('it allows nothing')
    return named('any', bodies.join(' | '))
  }

  return { ruleOf }
}

const resolvePointer = (document: JsonValue, pointer: string): JsonValue => {
  if (!pointer.startsWith('#')) throw unusable(`the reference ${JSON.stringify(pointer)} leads out of it`)
  let found: JsonValue | undefined = document
  for (const step of pointer.slice(1).split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    found = isSchema(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }
  if (found === undefined) throw unusable(`the reference ${JSON.stringify(pointer)} leads nowhere`)
  return found
}

const times = (least: number, most: number | null): string =>
  most === null ? (least === 0 ? '*' : `{${least},}`) : `{${least},${Math.max(least, most)}}`

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null

const isSchema = (value: JsonValue | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const unusable = (why: string): GenerationFailure =>
  new GenerationFailure('bad-request', `The response format is not a JSON schema this model can follow: ${why}.`)

/** True once a JSON object or array is complete: only the end of the answer can follow. */
export const isCompleteJson = (text: string): boolean => {
  const end = text.trimEnd()
  if (!end.endsWith('}') && !end.endsWith(']')) return false
  try {
    JSON.parse(end)
    return true
  } catch {
    return false
  }
}
