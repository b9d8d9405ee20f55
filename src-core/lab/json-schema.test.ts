import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import { labJsonSchemaText } from './json-schema.ts'

const resources = join(import.meta.dirname, '..', '..', 'resources')
const stored = readFileSync(join(resources, 'lab.schema.json'), 'utf8')

test('resources/lab.schema.json is what the schema in the code says', () => {
  expect(stored === labJsonSchemaText(), 'it is stale: run `npm run schema`').toBe(true)
})

describe('an editor that reads it', () => {
  const validator = new Validator(JSON.parse(stored), '7', false)
  const samples = join(resources, 'samples')
  const labs = readdirSync(samples, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const read = (name: string): Record<string, unknown> => parse(readFileSync(join(samples, name, 'lab.yaml'), 'utf8'))

  test.each(labs.map((entry) => entry.name))('accepts the sample %s', (name) => {
    expect(validator.validate(read(name)).errors).toEqual([])
  })

  test.each<[string, Record<string, unknown>]>([
    ['an unknown key', { sed: 1 }],
    ['an unknown evaluator', { evaluators: [{ type: 'equal' }] }],
    ['an unknown parameter', { evaluators: [{ type: 'equals', ignorecase: true }] }],
    ['a provider that does not exist', { models: [{ id: 'a', provider: 'x', model: 'y' }] }],
    ['an unknown objective', { objectives: { qualty: { weight: 1 } } }],
  ])('marks %s', (_, change) => {
    expect(validator.validate({ ...read('plurals'), ...change }).valid).toBe(false)
  })

  test('says something about every key', () => {
    const silent: string[] = []
    const look = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return
      for (const [key, member] of Object.entries((schema as { properties?: object }).properties ?? {})) {
        // Members of a union of evaluators are described by their evaluator.
        const { description, $ref, allOf } = member as { description?: string; $ref?: string; allOf?: unknown }
        if (description === undefined && $ref === undefined && allOf === undefined) silent.push(`${path}.${key}`)
      }
      for (const [key, member] of Object.entries(schema)) look(member, `${path}.${key}`)
    }
    look(JSON.parse(stored), '')
    expect(silent.filter((path) => !/evaluators|definitions/.test(path))).toEqual([])
  })
})
