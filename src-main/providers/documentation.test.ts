import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { defaultTimeouts } from '../../src-core/domain/model.ts'
import { packageRoot } from '../package-root.ts'
import { labFromObject } from '../services/lab-loader.ts'
import { bodyPlaceholders } from './body-template.ts'
import { createProviders, providerEntries } from './registry.ts'
import { simulatedOptions } from './simulated/simulated-provider.ts'

/** docs/providers.md is held against the code: a provider, an option or a default that changes must change there too. */
const text = readFileSync(join(packageRoot(), 'docs', 'providers.md'), 'utf8')
const sectionOf = (title: string): string => {
  const [, after] = text.split(`\n## ${title}\n`)
  if (after === undefined) throw new Error(`docs/providers.md has no section "${title}"`)
  return after.split('\n## ')[0] ?? ''
}
const snippets = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const documented = (section: string): string[] =>
  [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap((row) =>
    [...(row[1] ?? '').matchAll(/`(\w+)`/g)].map((name) => name[1] ?? ''),
  )

/** The registry's schema of the simulated world takes anything; its own is parsed inside. */
const schemaOf = (entry: (typeof providerEntries)[number]) =>
  entry.id === 'simulated' ? simulatedOptions : entry.optionsSchema

describe.each(providerEntries.map((entry) => [entry.id, entry] as const))('%s', (id, entry) => {
  test('stands in the table with its key and address', () => {
    const row = text.split('\n').find((line) => line.startsWith(`| [\`${id}\`](#${id})`)) ?? ''
    const [, , , local, key, address] = row.split('|').map((cell) => cell.trim())
    expect(local).toBe(entry.local ? 'yes' : 'no')
    if (entry.defaultApiKeyEnv !== null) expect(key).toBe(`\`${entry.defaultApiKeyEnv}\``)
    if (entry.defaultBaseUrl !== null) expect(address).toBe(`\`${entry.defaultBaseUrl}\``)
  })

  test('has a section with a snippet and exactly its options', () => {
    const section = sectionOf(id)
    expect(section).toContain('```yaml')
    const { properties } = z.toJSONSchema(schemaOf(entry), { io: 'input', unrepresentable: 'any' })
    expect(documented(section).toSorted()).toEqual(Object.keys(properties ?? {}).toSorted())
  })

  test('names the parameters that it cannot send', () => {
    for (const parameter of entry.cannotSend) expect(sectionOf(id)).toContain(`\`${parameter}\``)
  })
})

test.each(snippets)('snippet %# is a models section that loads, options included', async (snippet) => {
  const { models } = parse(snippet) as { models: object[] }
  const lab = {
    name: 'docs',
    prompts: [{ name: 'p', text: '{input}' }],
    cases: [{ id: 'a', input: 'x', expected: 'y' }],
    models,
    evaluators: [{ type: 'equals' }],
    baseline: 'p',
  }
  const { snapshot, warnings } = await labFromObject(lab, packageRoot())
  expect(warnings).toEqual([])
  const providers = createProviders({
    secrets: () => 'a key',
    startIsolatedProcess: () => {
      throw new Error('nothing is started by a check')
    },
    modelsFolder: packageRoot(),
  })
  for (const model of snapshot.models) {
    providers.check(model)
    if (model.provider === 'simulated') simulatedOptions.parse(model.options)
  }
  await providers.dispose()
})

test('the placeholders of http bodies and the timeouts are the real ones', () => {
  for (const name of bodyPlaceholders) expect(sectionOf('http')).toContain(`\`{${name}}\``)
  const [, told] = /`timeouts` \| `\{ (.*?) \}`/.exec(text) ?? []
  expect(told).toBe(
    Object.entries(defaultTimeouts)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
  )
})
