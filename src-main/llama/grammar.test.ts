import { describe, expect, test } from 'vitest'
import { GenerationFailure } from './generation-failure.ts'
import { isCompleteJson, jsonGrammar } from './json-grammar.ts'
import { labelGrammar, onlyLabel } from './label-grammar.ts'

describe('labels', () => {
  test('are literals, each once', () => {
    expect(labelGrammar(['spam', 'ham', 'spam', 'say "hi"\\\n'])).toBe(
      'root ::= "spam" | "ham" | "say \\"hi\\"\\\\\\n"\n',
    )
  })

  test('the only one left is known as soon as it is', () => {
    expect(onlyLabel(['positive', 'negative'], 'p')).toBe('positive')
    expect(onlyLabel(['spam', 'spam-like'], 'spam')).toBeNull()
    expect(onlyLabel(['spam', 'spam-like'], 'spam-')).toBe('spam-like')
    expect(onlyLabel(['a', 'a'], '')).toBe('a')
    expect(onlyLabel(['a'], 'x')).toBeNull()
  })
})

describe('JSON schemas', () => {
  const rule = (grammar: string, name: string) => grammar.split('\n').find((line) => line.startsWith(`${name} ::= `))

  test('an object without required properties may be empty; required ones come in order', () => {
    const grammar = jsonGrammar({
      type: 'object',
      properties: { a: { type: 'integer' }, b: { enum: ['x', 1] } },
      required: ['a'],
    })
    expect(grammar).toContain('"\\"a\\"" ws ":" ws integer')
    expect(grammar).toContain('"\\"x\\"" | "1"')
    expect(rule(grammar, 'root')).toMatch(/root ::= r\d+-object/)
  })

  test('every rule that is used is defined', () => {
    const grammar = jsonGrammar({
      $defs: {
        node: {
          type: 'object',
          properties: {
            next: { $ref: '#/$defs/node' },
            tags: { type: 'array', items: { type: 'string', maxLength: 5 }, minItems: 1, maxItems: 3 },
          },
        },
      },
      anyOf: [{ $ref: '#/$defs/node' }, { type: ['string', 'null'] }],
    })
    const defined = new Set([...grammar.matchAll(/^([\w-]+) ::= /gm)].map((match) => match[1]))
    const bodies = grammar.replaceAll(/^[\w-]+ ::= /gm, '').replaceAll(/"(\\.|[^"\\])*"|\[(\\.|[^\]\\])*\]/g, '')
    const used = [...bodies.matchAll(/[a-z][\w-]*/g)].map((match) => match[0])
    expect(used.filter((name) => !defined.has(name))).toEqual([])
  })

  test('what cannot be followed is refused in a sentence', () => {
    for (const schema of [
      { allOf: [] },
      { $ref: '#/nowhere' },
      { $ref: 'other.json' },
      { type: 'banana' },
      3,
      { enum: [] },
    ]) {
      expect(() => jsonGrammar(schema)).toThrow(GenerationFailure)
    }
  })

  test('a closed object is complete, a number is not known to be', () => {
    expect(isCompleteJson('{"a": {"b": 1}}')).toBe(true)
    expect(isCompleteJson('{"a": {"b": 1}')).toBe(false)
    expect(isCompleteJson('{"a": "}')).toBe(false)
    expect(isCompleteJson('12')).toBe(false)
  })
})
