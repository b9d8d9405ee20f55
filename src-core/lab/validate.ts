import type { z } from 'zod'

import { type Path, pathText } from './source.ts'
import { suggestion } from './suggest.ts'

/** A shape that is wrong: where, in words that say what was expected. `part`: point at the key or at the value. */
export type ShapeProblem = { readonly path: Path; readonly message: string; readonly part: 'key' | 'value' }

export type Validated<T> = { readonly value: T } | { readonly problems: readonly ShapeProblem[] }

type Issue = z.core.$ZodIssue

const show = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (value !== null && typeof value === 'object') return 'a group of keys'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys (key: value)',
  record: 'a group of keys (key: value)',
  null: 'null',
}
const kindOf = (expected: string): string => kinds[expected] ?? expected

const bounds: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  set: ' entries',
  file: ' bytes',
}

const sized = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, value: unknown): string => {
  const unit = bounds[issue.origin] ?? ''
  const has = typeof value === 'number' ? `, not ${value}` : ''
  if (issue.code === 'too_small') {
    if (unit !== '' && issue.minimum === 1) return 'must not be empty.'
    return `must be ${issue.inclusive === false ? 'greater than' : 'at least'} ${issue.minimum}${unit}${has}.`
  }
  return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}${has}.`
}

const isKind = (issue: Issue): boolean =>
  issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')

/** What one branch of a union wanted, for "expected a text or a list". */
const wanted = (issue: Issue): string => {
  if (issue.code === 'invalid_type') return kindOf(issue.expected)
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ')
  return issue.message
}

const member = (input: unknown, path: Path): unknown => {
  let value = input
  for (const step of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Readonly<Record<string, unknown>>)[String(step)]
  }
  return value
}

const steps = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'number' ? step : String(step)))

/**
 * zod's issues in words. A union is told by the one branch whose kind fits (a list of cases with a bad case is told by
 * that case); where none or several do, by what the branches want.
 */
const translate = (issue: Issue, prefix: Path, input: unknown): ShapeProblem[] => {
  const path: Path = [...prefix, ...steps(issue.path)]
  const value = member(input, steps(issue.path))
  const name = pathText(path)
  const one = (message: string, part: 'key' | 'value' = 'value'): ShapeProblem[] => [
    { path, message: `${name} ${message}`, part },
  ]
  const missing = (what: string): ShapeProblem[] => [
    { path: path.slice(0, -1), message: `${name} is missing: expected ${what}.`, part: 'value' },
  ]
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? missing(kindOf(issue.expected))
        : one(`must be ${kindOf(issue.expected)}, not ${show(value)}.`)
    case 'invalid_value': {
      const known = issue.values.map(String)
      if (value === undefined) return missing(known.join(' or '))
      const hint = typeof value === 'string' ? suggestion(value, known) : ` Known: ${known.join(', ')}.`
      return one(`cannot be ${show(value)}.${hint}`)
    }
    case 'unrecognized_keys': {
      // The message carries the known keys (see `validate`): zod's final issue no longer has the schema.
      const known = issue.message === '' ? [] : issue.message.split('\n')
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `${pathText([...path, key])} is not known here.${secretHint(key) ?? suggestion(key, known)}`,
        part: 'key',
      }))
    }
    case 'invalid_key':
      return [
        {
          path,
          message: `${name} is not known here.${suggestion(String(path.at(-1) ?? ''), knownKeys(issue.issues))}`,
          part: 'key',
        },
      ]
    case 'too_small':
    case 'too_big':
      return one(sized(issue, value))
    case 'invalid_format':
      return one(
        issue.format === 'url'
          ? `must be an address like http://127.0.0.1:8080/v1, not ${show(value)}.`
          : `${customText(issue, 'has the wrong form')}, not ${show(value)}.`,
      )
    case 'invalid_union': {
      if (issue.errors.length === 0) return [{ path, message: sentence(name, issue.message), part: 'value' }]
      const fitting = issue.errors.filter((branch) => !branch.some(isKind))
      const [only] = fitting
      if (fitting.length === 1 && only !== undefined) return only.flatMap((inner) => translate(inner, path, value))
      const wants = [
        ...new Set(
          (fitting.length > 0 ? fitting : issue.errors).flatMap((branch) => branch.filter(isKind).map(wanted)),
        ),
      ]
      return value === undefined
        ? missing(wants.join(' or '))
        : one(`must be ${wants.join(' or ') || 'something else'}, not ${show(value)}.`)
    }
    case 'custom':
      return [{ path, message: sentence(name, issue.message), part: 'value' }]
    default:
      return one(`is wrong: ${issue.message}.`)
  }
}

const knownKeys = (issues: readonly Issue[]): readonly string[] =>
  issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []))

const customText = (issue: Issue, otherwise: string): string =>
  issue.message.startsWith('Invalid') ? otherwise : issue.message

/** A check's message is a predicate ("is missing: ...") or a sentence of its own ("two evaluators are ..."). */
const sentence = (name: string, message: string): string => {
  const end = /[.!?]$/.test(message) ? '' : '.'
  return /^(is|has|must|cannot|stands|carries|belongs|needs|does|adds?) /.test(message)
    ? `${name} ${message}${end}`
    : `${name}: ${message}${end}`
}

const secretHint = (key: string): string | null =>
  /^(api[-_]?key|key|token|secret|password)$/i.test(key)
    ? ' Keys never stand in the lab file: put it into an environment variable and name that with apiKeyEnv.'
    : null

type Definition = {
  readonly shape?: object
  readonly keyType?: { readonly _zod?: { readonly values?: ReadonlySet<unknown> } }
}

/** Of an object its keys, of a record with named keys those. */
const shapeKeys = (schema: unknown): readonly string[] => {
  const def = (schema as { readonly _zod?: { readonly def?: Definition } } | undefined)?._zod?.def
  return def?.shape === undefined ? [...(def?.keyType?._zod?.values ?? [])].map(String) : Object.keys(def.shape)
}

/** Parses with every problem at once, each in words. */
export const validate = <S extends z.ZodType>(schema: S, input: unknown): Validated<z.output<S>> => {
  const result = schema.safeParse(input, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? shapeKeys(issue.inst).join('\n') : undefined),
  })
  return result.success
    ? { value: result.data }
    : { problems: result.error.issues.flatMap((issue) => translate(issue, [], input)) }
}
