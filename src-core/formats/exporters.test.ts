import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import { contentHash } from '../domain/ids.ts'
import type { Message, PromptTemplate, PromptVariant } from '../domain/prompt.ts'
import { renderMessages } from '../template/render.ts'
import { findVariables } from '../template/variables.ts'
import { exporters, findExporter } from './exporters.ts'
import { toNunjucks } from './nunjucks.ts'

const variant = (template: PromptTemplate): PromptVariant => ({
  name: 'plain',
  version: 3,
  hash: contentHash('ab'.repeat(32)),
  template,
  variables: findVariables(template),
  description: 'Tries nothing: # just a "prompt"',
  tags: ['a'],
  active: true,
  isDefault: false,
  parents: [],
  createdBy: 'lab-file',
})
const context = { labVersion: '1.2.3' }
const write = (id: string, template: PromptTemplate): string => {
  const exporter = findExporter(id)
  if (exporter === null) throw new Error(`no exporter ${id}`)
  return exporter.export(variant(template), context)
}
const text = (content: string): PromptTemplate => ({ kind: 'text', text: content })

/** What Nunjucks does with the little we write: expressions that are a name or a quoted brace; all else is text. */
const renderNunjucks = (template: string, values: Readonly<Record<string, string>>): string => {
  let out = ''
  let i = 0
  while (i < template.length) {
    if (template.startsWith('{%', i) || template.startsWith('{#', i))
      throw new Error(`a tag opens at ${i}: ${template}`)
    if (!template.startsWith('{{', i)) {
      out += template[i]
      i += 1
      continue
    }
    const end = template.indexOf('}}', i)
    const expression = template.slice(i + 2, end).trim()
    if (expression === "'{'") out += '{'
    else {
      if (!Object.hasOwn(values, expression)) throw new Error(`unknown expression ${expression}`)
      out += values[expression]
    }
    i = end + 2
  }
  return out
}

test('ids are unique, and every exporter says what it writes', () => {
  expect(new Set(exporters.map((exporter) => exporter.id)).size).toBe(exporters.length)
  expect(exporters.map((exporter) => exporter.id)).toEqual(['txt', 'md', 'json', 'promptfoo'])
  expect(findExporter('pdf')).toBeNull()
})

test('txt keeps a text byte for byte', () => {
  const content = '\uFEFF {a}\r\n{{b}}\t\n\n'
  expect(write('txt', text(content))).toBe(content)
})

test('md holds the prompt in a fence that its own fences cannot close', () => {
  const content = 'Use ```` and ```js\n{code}\n```'
  const out = write('md', text(content))
  expect(out).toContain(`\`\`\`\`\`text\n${content}\n\`\`\`\`\``)
  expect(out).toContain('- Variables: `{code}`')
})

test('json holds everything, unknown as null', () => {
  const messages: Message[] = [{ role: 'system', content: 'Be {tone}.' }]
  const out = JSON.parse(write('json', { kind: 'messages', messages }))
  expect(out).toMatchObject({
    schema: 'prompt/1',
    labVersion: '1.2.3',
    name: 'plain',
    version: 3,
    text: null,
    messages,
    variables: ['tone'],
    model: null,
    provenance: null,
  })
})

describe('promptfoo', () => {
  const chat = (yaml: string): Message[] => JSON.parse(parse(yaml).prompts[0].raw)

  test('roles stay, variables get double braces, literal double braces become text', () => {
    const out = write('promptfoo', {
      kind: 'messages',
      messages: [
        { role: 'system', content: 'JSON like {"a":{"b":1}} and {{x}}.' },
        { role: 'user', content: '{input}' },
      ],
    })
    expect(chat(out)).toEqual([
      { role: 'system', content: 'JSON like {"a":{"b":1}} and {x}.' },
      { role: 'user', content: '{{ input }}' },
    ])
    expect(parse(out).description).toBe('Tries nothing: # just a "prompt"')
  })

  test('a one-line prompt that looks like a path still has a line break, so that it is not read as one', () => {
    expect(parse(write('promptfoo', text('Is {a} in data/x.json?'))).prompts[0].raw).toContain('\n')
  })

  test('words of the template language are renamed and told', () => {
    const out = write('promptfoo', text('{in} {not} {input}'))
    expect(chat(out)[0]?.content).toBe('{{ in_ }} {{ not_ }} {{ input }}')
    expect(out).toContain('# The variable in is called in_ here')
  })

  test('model and its settings become a provider', () => {
    const parameters = { temperature: 0, topP: null, seed: 1, maxTokens: 16, stop: [], responseFormat: null }
    const out = findExporter('promptfoo')?.export(variant(text('{a}')), {
      ...context,
      model: { provider: 'openai', model: 'gpt-4o-mini', parameters },
    })
    expect(parse(out ?? '').providers).toEqual([
      { id: 'openai:chat:gpt-4o-mini', config: { temperature: 0, seed: 1, max_tokens: 16 } },
    ])
  })

  test('whatever the braces, Nunjucks renders what we render', () => {
    const fuzzed = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '{{',
          '}}',
          '%',
          '#',
          'a',
          '{a}',
          '{{a}}',
          '{b1}',
          ' ',
          '"',
          '\n',
          '{%',
          '%}',
          '{#',
          "'",
          '\\',
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fuzzed, fuzzed, (content, value) => {
        const names = findVariables(text(content))
        const values = Object.fromEntries(names.map((name) => [name, value]))
        const ours = renderMessages(text(content), values)
        if ('missing' in ours) throw new Error('missing')
        expect(renderNunjucks(toNunjucks(content), values)).toBe(ours.messages[0]?.content)
        expect(chat(write('promptfoo', text(content)))[0]?.content).toBe(toNunjucks(content))
      }),
      { seed: 77, numRuns: 1500 },
    )
  })
})
