import type { JsonValue } from '../domain/json.ts'

/** One cell of a table is wrong; the row's line is added where it is known. */
export class Rejected extends Error {}

const isBlank = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

export const text = (value: JsonValue | undefined, column: string): string => {
  if (isBlank(value)) throw new Rejected(`\`${column}\` is empty`)
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Rejected(`\`${column}\` must be a text or a number`)
}

export const optionalText = (value: JsonValue | undefined, column: string): string | null =>
  isBlank(value) ? null : text(value, column)

const numberIn = (value: JsonValue | undefined, column: string, wanted: string): number => {
  const found = typeof value === 'number' ? value : typeof value === 'string' ? Number(value.trim()) : Number.NaN
  if (!Number.isFinite(found)) throw new Rejected(`\`${column}\` must be ${wanted}, not ${JSON.stringify(value)}`)
  return found
}

export const amount = (value: JsonValue | undefined, column: string): number | null => {
  if (isBlank(value)) return null
  const found = numberIn(value, column, 'a number')
  if (found < 0) throw new Rejected(`\`${column}\` must not be negative, but is ${found}`)
  return found
}

const flags: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  pass: true,
  passed: true,
  '1': true,
  false: false,
  no: false,
  fail: false,
  failed: false,
  '0': false,
}

export const flag = (value: JsonValue | undefined, column: string): boolean | null => {
  if (isBlank(value)) return null
  const found = flags[String(value).trim().toLowerCase()]
  if (found === undefined) throw new Rejected(`\`${column}\` must be true or false, not ${JSON.stringify(value)}`)
  return found
}

export const scoreOf = (value: JsonValue | undefined): number => {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isBlank(value)) throw new Rejected('`score` is empty; a call that failed has score 0')
  const named = typeof value === 'string' ? flags[value.trim().toLowerCase()] : undefined
  const found = named === undefined ? numberIn(value, 'score', 'a number from 0 to 1') : Number(named)
  if (found < 0 || found > 1) {
    throw new Rejected(`\`score\` must lie between 0 and 1, but is ${found}; divide by the largest possible score`)
  }
  return found
}

/** A rating of a person or a judge: 0 to 1, or a word for it. */
export const ratingOf = (value: JsonValue | undefined, column: string): number => {
  if (isBlank(value)) throw new Rejected(`\`${column}\` is empty`)
  const named = flags[String(value).trim().toLowerCase()]
  const found = named === undefined ? numberIn(value, column, 'a number from 0 to 1') : Number(named)
  if (found < 0 || found > 1) {
    throw new Rejected(`\`${column}\` must lie between 0 and 1, but is ${found}; divide by the largest possible rating`)
  }
  return found
}

export const repetitionOf = (value: JsonValue | undefined): number | null => {
  if (isBlank(value)) return null
  const found = numberIn(value, 'repetition', 'a whole number from 1 on')
  if (!Number.isInteger(found) || found < 1) {
    throw new Rejected(`\`repetition\` must be a whole number from 1 on, but is ${found}`)
  }
  return found
}

export const weightOf = (value: JsonValue | undefined): number => {
  if (isBlank(value)) return 1
  const found = numberIn(value, 'weight', 'a positive number')
  if (found <= 0) throw new Rejected(`\`weight\` must be positive, but is ${found}`)
  return found
}
