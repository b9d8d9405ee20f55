import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { JsonValue } from '../domain/json.ts'
import type { PromptTemplate } from '../domain/prompt.ts'
import { renderMessages } from './render.ts'
import { findLiterals, findVariables, isVariableName, splitText } from './variables.ts'

const text = (content: string): PromptTemplate => ({ kind: 'text', text: content })
const rendered = (content: string, inputs: Record<string, JsonValue>): string => {
  const result = renderMessages(text(content), inputs)
  if ('missing' in result) throw new Error(`missing ${result.missing.join(', ')}`)
  return result.messages.map((message) => message.content).join('\n')
}

describe('reading a template', () => {
  test.each([
    ['Say {a} and {b} and {a}', ['a', 'b']],
    ['{größe} {_x} {x1}', ['größe', '_x', 'x1']],
    ['{ a } {a-b} {a.b} {1a} {} {a b} {$x}', []],
    ['{"a":{"b":1}}', []],
    ['{"a":{b}}', ['b']],
    ['{{name}}', []],
    ['{{name} {name}}', ['name']],
    ['{{{name}}}', []],
  ])('%s has the variables %j', (content, names) => {
    expect(findVariables(text(content))).toEqual(names)
  })

  test('variables of all messages, in order of first use', () => {
    const template: PromptTemplate = {
      kind: 'messages',
      messages: [
        { role: 'system', content: '{b} {{c}}' },
        { role: 'user', content: '{a} {b}' },
      ],
    }
    expect(findVariables(template)).toEqual(['b', 'a'])
    expect(findLiterals(template)).toEqual(['c'])
  })
})

describe('rendering', () => {
  test.each<[string, Record<string, JsonValue>, string]>([
    ['{a}', { a: 'x' }, 'x'],
    ['{{a}}', { a: 'x' }, '{a}'],
    ['{{{a}}}', { a: 'x' }, '{{a}}'],
    ['{{a}', { a: 'x' }, '{x'],
    ['{a}}', { a: 'x' }, 'x}'],
    ['{"q": "{a}", "o": {"b": 1}}', { a: 'x' }, '{"q": "x", "o": {"b": 1}}'],
    ['{a}{b}', { a: '{b}', b: '{a}' }, '{b}{a}'],
    ['{a}', { a: '$& $1 $$' }, '$& $1 $$'],
    ['{a}', { a: { z: [1, null, true], b: 'é' } }, '{"z":[1,null,true],"b":"é"}'],
    ['{a}|{b}|{c}', { a: 0, b: false, c: null }, '0|false|null'],
    ['  tabs\tand\r\nends  \n', {}, '  tabs\tand\r\nends  \n'],
    ['\uFEFF{a}\u0000', { a: '\uD800' }, '\uFEFF\uD800\u0000'],
  ])('%j with %j gives %j', (content, inputs, expected) => {
    expect(rendered(content, inputs)).toBe(expected)
  })

  test('a variable the inputs lack is named, each once; nothing is inherited from Object', () => {
    expect(renderMessages(text('{a} {constructor} {toString} {a}'), { b: 'x' })).toEqual({
      missing: ['a', 'constructor', 'toString'],
    })
    expect(rendered('{constructor}', { constructor: 'own' })).toBe('own')
  })

  test('messages keep their roles and order', () => {
    const template: PromptTemplate = {
      kind: 'messages',
      messages: [
        { role: 'system', content: 'S {a}' },
        { role: 'user', content: 'U' },
        { role: 'assistant', content: 'A {a}' },
      ],
    }
    expect(renderMessages(template, { a: '1' })).toEqual({
      messages: [
        { role: 'system', content: 'S 1' },
        { role: 'user', content: 'U' },
        { role: 'assistant', content: 'A 1' },
      ],
    })
  })
})

describe('properties', () => {
  const fuzzed = fc
    .array(fc.constantFrom('{', '}', '{{', '}}', 'a', 'b', 'a1', '_', '-', ' ', '"', '\n', '$', 'é', '😀', '\\'), {
      maxLength: 40,
    })
    .map((parts) => parts.join(''))
  const run = { seed: 20_260, numRuns: 2000 }

  test('the pieces, written back, are the text', () => {
    fc.assert(
      fc.property(fuzzed, (content) => {
        const source = splitText(content)
          .map((piece) =>
            piece.kind === 'text' ? piece.text : piece.kind === 'literal' ? `{{${piece.name}}}` : `{${piece.name}}`,
          )
          .join('')
        expect(source).toBe(content)
      }),
      run,
    )
  })

  test('it is one pass: marks put in for the variables come out once for each use, whatever they contain', () => {
    fc.assert(
      fc.property(fuzzed, fuzzed, (content, value) => {
        const names = findVariables(text(content))
        const inputs = Object.fromEntries(names.map((name) => [name, value]))
        // An independent reading: a hand-written scanner instead of the regular expression.
        expect(rendered(content, inputs)).toBe(scan(content, value))
      }),
      run,
    )
  })

  test('a text without braces is its own rendering', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (content) => {
        const plain = content.replaceAll(/[{}]/g, '')
        expect(rendered(plain, {})).toBe(plain)
      }),
      run,
    )
  })
})

const scan = (content: string, value: string): string => {
  let out = ''
  let i = 0
  while (i < content.length) {
    const close = content.indexOf('}', i)
    const double = content.startsWith('{{', i) && content.startsWith('}}', close)
    if (double && close > i && isVariableName(content.slice(i + 2, close))) {
      out += content.slice(i + 1, close + 1)
      i = close + 2
    } else if (content[i] === '{' && close > i && isVariableName(content.slice(i + 1, close))) {
      out += value
      i = close + 1
    } else {
      out += content[i]
      i += 1
    }
  }
  return out
}
