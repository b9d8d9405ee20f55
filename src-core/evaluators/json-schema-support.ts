import type { JsonValue } from '../domain/json.ts'
import type { ParameterProblem } from './definition.ts'

type Path = readonly (string | number)[]
type Members = Readonly<Record<string, JsonValue>>

const single = [
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'items',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]
const lists = ['prefixItems', 'allOf', 'anyOf', 'oneOf']
const maps = ['$defs', 'definitions', 'properties', 'patternProperties', 'dependentSchemas']

/** Keywords that would be passed over silently, or mean something else in another draft. */
const refused: Readonly<Record<string, string>> = {
  $dynamicRef: 'is not supported; use $ref',
  $dynamicAnchor: 'is not supported; use $anchor',
  $recursiveRef: 'is of draft 2019-09; use $ref',
  $recursiveAnchor: 'is of draft 2019-09; use $anchor',
  $vocabulary: 'is not supported',
  additionalItems: 'is of an older draft; use items beside prefixItems',
  dependencies: 'is of an older draft; use dependentRequired or dependentSchemas',
}

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']

const isMembers = (value: JsonValue | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const subschemas = (schema: Members): (readonly [Path, JsonValue])[] => [
  ...single.flatMap((key) => (schema[key] === undefined ? [] : [[[key], schema[key]] as const])),
  ...lists.flatMap((key) => {
    const list = schema[key]
    return Array.isArray(list) ? list.map((item: JsonValue, index) => [[key, index], item] as const) : []
  }),
  ...maps.flatMap((key) => {
    const map = schema[key]
    return isMembers(map) ? Object.entries(map).map(([name, item]) => [[key, name], item] as const) : []
  }),
]

/** Every subschema with its path, the schema itself first. */
function* walkSchema(schema: JsonValue, path: Path = []): Generator<readonly [Path, Members]> {
  if (!isMembers(schema)) return
  yield [path, schema]
  for (const [step, member] of subschemas(schema)) yield* walkSchema(member, [...path, ...step])
}

const compiles = (pattern: string): boolean => {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false // the caller says so
  }
}

const problemsOf = (
  schema: Members,
  known: ReadonlySet<string>,
): { readonly key: string; readonly message: string }[] => {
  const problems = Object.keys(schema).flatMap((key) =>
    refused[key] === undefined ? [] : [{ key, message: `${key} ${refused[key]}` }],
  )
  const add = (key: string, message: string) => problems.push({ key, message })
  const { $schema, $ref, type, items, pattern, patternProperties } = schema
  if (typeof $schema === 'string' && !$schema.includes('2020-12'))
    add('$schema', `only draft 2020-12 is supported, not ${$schema}`)
  if (Array.isArray(items)) add('items', 'a list of items is of an older draft; use prefixItems')
  if (typeof $ref === 'string' && !$ref.startsWith('#') && !known.has($ref.split('#')[0] ?? ''))
    add('$ref', `"${$ref}" stands in another file; only references within the schema are supported`)
  for (const name of Array.isArray(type) ? (type as readonly JsonValue[]) : type === undefined ? [] : [type])
    if (!types.includes(String(name)))
      add('type', `there is no type ${JSON.stringify(name)}; there are ${types.join(', ')}`)
  for (const source of typeof pattern === 'string' ? [pattern] : [])
    if (!compiles(source)) add('pattern', `"${source}" is no regular expression`)
  for (const source of isMembers(patternProperties) ? Object.keys(patternProperties) : [])
    if (!compiles(source)) add('patternProperties', `"${source}" is no regular expression`)
  return problems
}

/** Places of a schema that could not be held to: named before a run instead of ignored in it. */
export const schemaProblems = (schema: JsonValue): readonly ParameterProblem[] => {
  const all = [...walkSchema(schema)]
  const known = new Set(all.flatMap(([, members]) => (typeof members.$id === 'string' ? [members.$id] : [])))
  return all.flatMap(([path, members]) =>
    problemsOf(members, known).map(({ key, message }) => ({ path: [...path, key], message })),
  )
}

/** The regular expressions of a schema. */
export const patternsOf = (schema: JsonValue): ReadonlySet<string> => {
  const patterns = new Set<string>()
  for (const [, { pattern, patternProperties }] of walkSchema(schema)) {
    if (typeof pattern === 'string') patterns.add(pattern)
    if (isMembers(patternProperties)) for (const name of Object.keys(patternProperties)) patterns.add(name)
  }
  return patterns
}

/** Every text of a value that a pattern may be held against: strings and member names. */
export const textsOf = (value: JsonValue): ReadonlySet<string> => {
  const texts = new Set<string>()
  const walk = (node: JsonValue): void => {
    if (typeof node === 'string') texts.add(node)
    if (typeof node !== 'object' || node === null) return
    for (const [name, member] of Object.entries(node as Members)) {
      if (!Array.isArray(node)) texts.add(name)
      walk(member)
    }
  }
  walk(value)
  return texts
}
