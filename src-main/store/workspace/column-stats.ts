import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { ColumnStats } from '../../workspace/types.ts'
import type { CellValues } from './changes.ts'

const bins = 10
const shownTop = 12
/** More distinct values than that are counted no further: the commonest are found among the first so many. */
const keptValues = 50_000

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value))

const numbersOf = (values: readonly number[]): ColumnStats['numbers'] => {
  if (values.length === 0) return null
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let sum = 0
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
    sum += value
  }
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) {
    const bin = max === min ? 0 : Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { min, mean: sum / values.length, max, bins: counts }
}

export const columnStats = (column: string, rows: Iterable<CellValues>): ColumnStats => {
  let filled = 0
  let empty = 0
  let characters = 0
  let minLength = Number.POSITIVE_INFINITY
  let maxLength = 0
  const numbers: number[] = []
  const counts = new Map<string, number>()
  for (const cells of rows) {
    const value = cells[column]
    if (value === undefined || value === null || value === '') {
      empty += 1
      continue
    }
    filled += 1
    if (typeof value === 'number') numbers.push(value)
    const text = textOf(value)
    characters += text.length
    minLength = Math.min(minLength, text.length)
    maxLength = Math.max(maxLength, text.length)
    for (const one of Array.isArray(value) ? value.map(textOf) : [text]) {
      const known = counts.get(one)
      if (known !== undefined || counts.size < keptValues) counts.set(one, (known ?? 0) + 1)
    }
  }
  const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, shownTop)
  return {
    column,
    filled,
    empty,
    distinct: counts.size,
    minLength: filled === 0 ? null : minLength,
    meanLength: filled === 0 ? null : characters / filled,
    maxLength: filled === 0 ? null : maxLength,
    numbers: numbersOf(numbers),
    top: top.map(([value, count]) => ({ value: value.slice(0, 200), count })),
  }
}
