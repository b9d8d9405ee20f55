import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { EvaluatorEntry } from './definition.ts'
import { evaluatorDefinitions, evaluatorDocs } from './registry.ts'
import { evaluatorEntrySchema, toEvaluatorSpecs } from './schema.ts'

const page = readFileSync(new URL('../../docs/evaluators.md', import.meta.url), 'utf8')

/** Sections `## type` with their YAML examples. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).replaceAll('`', '').trim(), section] as const),
)

describe('docs/evaluators.md', () => {
  it('has one section per type, in the order of the registry, and no other', () => {
    expect([...sections.keys()]).toEqual(evaluatorDocs().map(({ type }) => type))
  })

  it.each(evaluatorDefinitions.map((definition) => [definition.type, definition] as const))(
    'describes %s as it is',
    (type, definition) => {
      const section = sections.get(type) ?? ''
      expect(section).toContain(definition.summary)
      expect(page).toContain(`| [\`${type}\`](#${type}) | ${definition.summary} |`)
      const examples = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
        ([, text]) => parse(text ?? '') as EvaluatorEntry[],
      )
      expect(examples.length).toBeGreaterThan(0)
      for (const entries of examples) {
        expect(entries.some((entry) => entry.type === type)).toBe(true)
        for (const entry of entries) expect(evaluatorEntrySchema.safeParse(entry).error?.issues ?? []).toEqual([])
      }
      const parameters = Object.keys(definition.entryShape(() => evaluatorEntrySchema)).filter(
        (name) => name !== 'value',
      )
      for (const parameter of parameters) expect(section).toContain(`\`${parameter}\``)
    },
  )

  it.each(evaluatorDefinitions.map(({ type, example }) => [type, example] as const))(
    'the example of %s becomes a spec that prepares',
    (type, example) => {
      const [spec] = toEvaluatorSpecs([evaluatorEntrySchema.parse(example)])
      expect(spec?.type).toBe(type)
      expect(() =>
        evaluatorDefinitions.find((definition) => definition.type === type)?.prepare(spec ?? expect.fail()),
      ).not.toThrow()
    },
  )
})
