import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../domain/json.ts'
import type { RegexVerdict } from './evaluator.ts'
import { schemaValidator } from './json-schema.ts'
import { schemaProblems } from './json-schema-support.ts'
import { evaluatorEntrySchema } from './schema.ts'
import { onlyScore } from './test/cell.ts'

describe('json', () => {
  it.each([
    ['{"a":1}', {}, 1],
    [' [1, 2]\r\n', {}, 1],
    ['"text"', {}, 1],
    ['', {}, 0],
    ['{"a":1', {}, 0],
    ["{'a':1}", {}, 0],
    ['NaN', {}, 0],
    ['```json\n{"a":1}\n```', {}, 0],
    ['```json\n{"a":1}\n```', { allowCodeFence: true }, 1],
    ['```\r\n{"a":1}\r\n```\r\n', { allowCodeFence: true }, 1],
    ['Here: {"a":1}', { allowCodeFence: true }, 0],
    [`${'['.repeat(64)}${']'.repeat(64)}`, {}, 1],
    [`${'['.repeat(66)}${']'.repeat(66)}`, {}, 0],
    [`${'['.repeat(500_000)}${']'.repeat(500_000)}`, {}, 0],
    [`"${'x'.repeat(1_000_000)}"`, {}, 1],
  ])('%.40s with %j scores %d', async (output, options, score) => {
    expect((await onlyScore({ type: 'json', ...options }, output, [])).score).toBe(score)
  })
})

const folder = new URL('./testdata/json-schema-test-suite/', import.meta.url)
type SuiteGroup = {
  readonly description: string
  readonly schema: boolean | Readonly<Record<string, JsonValue>>
  readonly tests: readonly { readonly description: string; readonly data: JsonValue; readonly valid: boolean }[]
}

describe('json-schema holds to the JSON Schema Test Suite', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

  it('has the suite', () => {
    expect(files.length).toBe(18)
  })

  it.each(files)('%s', (file) => {
    const groups = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as SuiteGroup[]
    const wrong = groups.flatMap(({ description, schema, tests }) => {
      // No schema of the suite may be called unsupported.
      expect(schemaProblems(schema)).toEqual([])
      const validate = schemaValidator(schema)
      return tests
        .filter(({ data, valid }) => (validate(data) === null) !== valid)
        .map((test) => `${description}: ${test.description}`)
    })
    expect(wrong).toEqual([])
  })
})

const inProcess = async (pattern: string, flags: string, text: string): Promise<RegexVerdict> => {
  if (pattern === '(a+)+$') return { kind: 'timed-out' }
  const found = new RegExp(pattern, flags).exec(text)
  return found === null ? { kind: 'no-match' } : { kind: 'match', text: found[0], groups: found.slice(1) }
}
const services = { matchRegex: inProcess }

/** As text, because an object of ours with a member `then` could be taken for a promise. */
const conditional = JSON.parse(
  '{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}',
) as JsonValue

describe('json-schema', () => {
  const judge = (schema: JsonValue, output: string, more: object = {}) =>
    onlyScore({ type: 'json-schema', schema, ...more }, output, [], { services })

  it.each<[JsonValue, string, 0 | 1]>([
    [{ $defs: { n: { type: 'integer' } }, properties: { a: { $ref: '#/$defs/n' } } }, '{"a":1.5}', 0],
    [{ $defs: { n: { $anchor: 'n', type: 'integer' } }, properties: { a: { $ref: '#n' } } }, '{"a":1}', 1],
    [conditional, '{"a":1}', 0],
    [conditional, '{"c":1}', 1],
    [{ contains: { type: 'number' }, maxContains: 1 }, '[1, 2]', 0],
    [{ contains: { type: 'number' }, minContains: 2 }, '[1, 2]', 1],
    [{ dependentRequired: { a: ['b'] } }, '{"a":1}', 0],
    [{ dependentSchemas: { a: { required: ['b'] } } }, '{"a":1}', 0],
    [{ propertyNames: { maxLength: 1 } }, '{"ab":1}', 0],
    [{ allOf: [{ properties: { a: true } }], unevaluatedProperties: false }, '{"a":1}', 1],
    [{ allOf: [{ properties: { a: true } }], unevaluatedProperties: false }, '{"b":1}', 0],
    [{ prefixItems: [true], unevaluatedItems: false }, '[1, 2]', 0],
    [{ not: { type: 'null' } }, 'null', 0],
    [{ multipleOf: 0.01 }, '0.07', 1],
    [{ minProperties: 1, maxProperties: 1 }, '{}', 0],
    [{ patternProperties: { '^x': { type: 'number' } } }, '{"x1":"a"}', 0],
    [{ pattern: '^\\d{4}$' }, '"2026"', 1],
    [{ format: 'date' }, '"2026-13-01"', 0],
    [{ type: 'object', required: ['__proto__'] }, '{}', 0],
    [false, '1', 0],
  ])('%j on %s: %d', async (schema, output, wanted) => {
    expect(await judge(schema, output)).toMatchObject({ score: wanted, failed: false })
  })

  it('names the place in the output', async () => {
    const { reason } = await judge({ properties: { a: { type: 'string' } } }, '{"a":1}')
    expect(reason).toContain('#/a')
    expect(reason).toContain('string')
  })

  it('fails, and does not hang, on a pattern that backtracks for ever', async () => {
    const verdict = await judge({ properties: { a: { pattern: '(a+)+$' } } }, `{"a":"${'a'.repeat(40)}!"}`)
    expect(verdict).toMatchObject({ score: 0, failed: true })
    expect(verdict.reason).toContain('timed-out')
  })

  it('is quick on long texts of a format', async () => {
    const start = performance.now()
    for (const format of ['email', 'uri', 'hostname', 'ipv6', 'date-time', 'uri-template', 'idn-email', 'regex', 'iri'])
      for (const unit of ['a@', 'a.', '1:', '%41', '{a}'])
        await judge(
          { properties: { a: { format } } },
          JSON.stringify({ a: unit.repeat(50_000), b: unit.repeat(50_000) }),
        )
    expect(performance.now() - start).toBeLessThan(3000)
    expect(
      (await judge({ properties: { a: { format: 'email' } } }, `{"a":"ada@example.org","b":"${'x'.repeat(9000)}"}`))
        .score,
    ).toBe(1)
  })

  it('fails on a schema that refers to itself without end', async () => {
    expect(await judge({ $ref: '#' }, '1')).toMatchObject({ score: 0, failed: true })
  })

  it.each<[JsonValue, string]>([
    [{ $dynamicRef: '#x' }, 'schema.$dynamicRef: $dynamicRef is not supported; use $ref'],
    [{ properties: { a: { $vocabulary: {} } } }, 'schema.properties.a.$vocabulary: $vocabulary is not supported'],
    [{ items: [{ type: 'string' }] }, 'schema.items: a list of items is of an older draft; use prefixItems'],
    [
      { dependencies: {} },
      'schema.dependencies: dependencies is of an older draft; use dependentRequired or dependentSchemas',
    ],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      'schema.$schema: only draft 2020-12 is supported, not http://json-schema.org/draft-07/schema#',
    ],
    [
      { anyOf: [{ $ref: 'other.json#/a' }] },
      'schema.anyOf.0.$ref: "other.json#/a" stands in another file; only references within the schema are supported',
    ],
    [
      { type: 'strng' },
      'schema.type: there is no type "strng"; there are string, number, integer, boolean, object, array, null',
    ],
    [{ pattern: '(' }, 'schema.pattern: "(" is no regular expression'],
  ])('refuses %j before a run', (schema, problem) => {
    const parsed = evaluatorEntrySchema.safeParse({ type: 'json-schema', schema })
    expect(parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([problem])
  })

  it('does not take a property of a refused name for the keyword', () => {
    expect(schemaProblems({ properties: { dependencies: { type: 'array' }, $vocabulary: true } })).toEqual([])
  })
})

describe('json-fields', () => {
  const fields = (more: object = {}) => ({ type: 'json-fields', ...more })
  it.each<[object, string, JsonValue, number | 'failed']>([
    [{}, '{"a":1,"b":"x"}', { a: 1, b: 'x' }, 1],
    [{}, '{"b":"x","a":1}', '{"a":1,"b":"x"}', 1],
    [{}, '{"a":1,"b":"y"}', { a: 1, b: 'x' }, 0.5],
    [{}, '{"a":1}', { a: 1, b: 'x' }, 2 / 3],
    [{}, '{"a":1,"b":"x","c":0}', { a: 1, b: 'x' }, 0.8],
    [{}, '{"a":"1"}', { a: 1 }, 0],
    [{}, '{"a":" x "}', { a: 'x' }, 1],
    [{ ignoreCase: true }, '{"a":"X"}', { a: 'x' }, 1],
    [{}, '{"a":[1,2]}', { a: [2, 1] }, 0],
    [{ ignoreOrder: true }, '{"a":[1,2]}', { a: [2, 1] }, 1],
    [{ ignoreOrder: true }, '{"a":[1,1]}', { a: [1, 2] }, 0.5],
    [{ only: ['a', '$.c.d'] }, '{"a":1,"b":9,"c":{"d":2}}', { a: 1, b: 8, c: { d: 2 } }, 1],
    [{}, '{}', {}, 1],
    [{}, '[]', {}, 0],
    [{}, 'no JSON', { a: 1 }, 0],
    [{}, '', { a: 1 }, 0],
    [{}, '```json\n{"a":1}\n```', { a: 1 }, 0],
    [{ allowCodeFence: true }, '```json\n{"a":1}\n```', { a: 1 }, 1],
    [{}, '{"a":1}', 'no JSON', 'failed'],
    [{}, '{"__proto__":{"a":1}}', { a: 1 }, 0],
  ])('%j: %s against %j is %s', async (options, output, expected, wanted) => {
    const score = await onlyScore(fields(options), output, [expected])
    if (wanted === 'failed') expect(score).toMatchObject({ score: 0, failed: true })
    else {
      expect(score.score).toBeCloseTo(wanted, 12)
      expect(score.failed).toBe(false)
    }
  })
})
