import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { reservedColumns } from '../../../src-core/lab/case-entry.ts'
import type { CaseColumn, CellType } from '../../workspace/types.ts'

/** Reserved columns have their own names as keys and cannot be renamed. */
export const reservedTypes: Readonly<Record<(typeof reservedColumns)[number], CellType>> = {
  id: 'text',
  expected: 'text',
  tags: 'text',
  split: 'text',
  weight: 'number',
  minimumQuality: 'number',
  cluster: 'text',
  evaluators: 'json',
}

const words = (text: string): readonly string[] =>
  text
    .split(/[,;]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

const parsed = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A text as its column's type has it; a text that does not convert stays a text, which the grid flags. */
export const fromText = (text: string, { key, type }: Pick<CaseColumn, 'key' | 'type'>): JsonValue | undefined => {
  if (text === '') return key.startsWith('v') || key === 'expected' ? '' : undefined
  if (key === 'tags') return words(text)
  if (type === 'text') return text
  return converted(text, type) ?? text
}

const numberOf = (value: JsonValue): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined
}
const booleanOf = (value: JsonValue): boolean | undefined => {
  if (typeof value === 'boolean') return value
  const text = String(value).trim().toLowerCase()
  if (text === 'true' || text === 'yes' || text === '1') return true
  return text === 'false' || text === 'no' || text === '0' ? false : undefined
}

/** The value as another type; undefined where it cannot be. */
export const converted = (value: JsonValue, type: CellType): JsonValue | undefined => {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : JSON.stringify(value)
    case 'number':
      return numberOf(value)
    case 'boolean':
      return booleanOf(value)
    case 'json':
      return typeof value === 'string' ? parsed(value) : value
  }
}

export const isOfType = (value: JsonValue, type: CellType): boolean =>
  type === 'json' || (type === 'text' ? typeof value === 'string' : typeof value === type)
