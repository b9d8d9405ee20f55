import type { JsonValue } from '../../../src-core/domain/json.ts'
import type { FindReplace } from '../../workspace/app-host.ts'
import type { CaseColumn } from '../../workspace/types.ts'
import { converted } from './cell-values.ts'
import type { CellValues } from './changes.ts'

/** The text itself is searched, never a pattern: a replacement holds no special signs. */
const replacedText = (
  text: string,
  { find, replace, matchCase, wholeCell }: FindReplace,
): { readonly text: string; readonly count: number } => {
  const fold = (value: string) => (matchCase ? value : value.toLowerCase())
  const wanted = fold(find)
  if (wholeCell) return fold(text) === wanted ? { text: replace, count: 1 } : { text, count: 0 }
  const folded = fold(text)
  // Where lower case has another length (İ), places in it are not places in the text.
  if (folded.length !== text.length) {
    const parts = text.split(find)
    return { text: parts.join(replace), count: parts.length - 1 }
  }
  let result = ''
  let from = 0
  let count = 0
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, from)) {
    result += text.slice(from, at) + replace
    from = at + wanted.length
    count += 1
  }
  return { text: result + text.slice(from), count }
}

const replacedValue = (
  value: JsonValue,
  column: CaseColumn,
  what: FindReplace,
): { readonly value: JsonValue; readonly count: number } => {
  if (typeof value === 'string') {
    const { text, count } = replacedText(value, what)
    return { value: text, count }
  }
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => replacedValue(item, column, what))
    return { value: items.map((item) => item.value), count: items.reduce((sum, item) => sum + item.count, 0) }
  }
  if (typeof value !== 'number' && typeof value !== 'boolean') return { value, count: 0 }
  const { text, count } = replacedText(JSON.stringify(value), what)
  return count === 0 ? { value, count } : { value: converted(text, column.type) ?? text, count }
}

/** New values of the cells of a case that hold the text. Ids stay; so do evaluators, which are no text of a person's. */
export const replacedIn = (
  cells: CellValues,
  what: FindReplace,
  columns: readonly CaseColumn[],
): { readonly values: Readonly<Record<string, JsonValue>>; readonly replacements: number } => {
  const values: Record<string, JsonValue> = {}
  let replacements = 0
  for (const column of columns) {
    if (column.key === 'id' || column.key === 'evaluators' || column.key === 'split') continue
    if (what.column !== null && what.column !== column.key) continue
    const now = cells[column.key]
    if (now === undefined) continue
    const { value, count } = replacedValue(now, column, what)
    if (count === 0) continue
    values[column.key] = value
    replacements += count
  }
  return { values, replacements }
}
