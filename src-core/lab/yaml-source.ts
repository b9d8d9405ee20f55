import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

import type { Problem } from '../domain/errors.ts'
import type { Locate, Path, Position } from './source.ts'

/** A lab file is written by hand; anything larger is a mistake or an attack. In UTF-16 code units. */
export const maxLabFileLength = 1_048_576

export type YamlSource = {
  /** Undefined where the text could not be read at all. */
  readonly value: unknown
  readonly locate: Locate
  readonly problems: readonly Problem[]
}

type Options = { readonly file: string | null; readonly maxLength?: number }

const step = (node: unknown, key: string | number): { readonly key: unknown; readonly value: unknown } | null => {
  if (isMap(node)) {
    const pair = node.items.find((item) => (isScalar(item.key) ? String(item.key.value) === String(key) : false))
    return pair === undefined ? null : { key: pair.key, value: pair.value }
  }
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key]
    return item === undefined ? null : { key: item, value: item }
  }
  return null
}

const startOf = (node: unknown): number | null => (node as Node | null)?.range?.[0] ?? null

/** More unclosed brackets than any file means, and fewer than cost the parser its stack and seconds of time. */
const maxOpenBrackets = 1000

/** A count over the bare characters: also brackets inside texts, which close again there in all but strange prompts. */
const opensTooMany = (text: string): boolean => {
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '[' || char === '{') open += 1
    else if ((char === ']' || char === '}') && open > 0) open -= 1
    if (open > maxOpenBrackets) return true
  }
  return /(?:- ){200}/.test(text)
}

const containsItself = (value: unknown, around: readonly object[]): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (around.includes(value)) return true
  const inner = [...around, value]
  return Object.values(value).some((member) => containsItself(member, inner))
}

/**
 * Reads YAML 1.2 (JSON is a subset) with positions. Safe for untrusted text: no tags but the core ones, aliases are
 * counted so that they cannot multiply, and the length is capped.
 */
export const parseYaml = (text: string, options: Options): YamlSource => {
  const { file, maxLength = maxLabFileLength } = options
  const top: Position = { line: 1, column: 1 }
  const failed = (message: string, position: Position = top): YamlSource => ({
    value: undefined,
    locate: () => top,
    problems: [{ message, file, ...position }],
  })
  if (text.length > maxLength) {
    return failed(
      `The file has ${text.length} characters; at most ${maxLength} are read. Put cases into a file of their own (cases: { file: cases.jsonl }).`,
    )
  }
  if (opensTooMany(text)) return failed('The file is nested too deeply to be read.')
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  let value: unknown
  let document: ReturnType<typeof parseDocument>
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      version: '1.2',
      logLevel: 'silent',
    })
  } catch (error) {
    // The parser recurses: some hundred kilobytes of opening brackets exhaust the stack.
    if (error instanceof RangeError) return failed('The file is nested too deeply to be read.')
    throw error
  }
  const problems: Problem[] = document.errors.map((error) => ({
    message: explain(error.code, error.message),
    file,
    ...at(error.pos[0]),
  }))
  for (const warning of document.warnings) {
    problems.push({
      message: `${warning.message}. Tags (!name) are not read; write the plain value.`,
      file,
      ...at(warning.pos[0]),
    })
  }
  if (problems.length > 0) return { value: undefined, locate: () => top, problems }
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    if (error instanceof ReferenceError) {
      return failed(
        /excessive/i.test(error.message)
          ? 'Aliases (*name) multiply this file beyond reason; write the values out.'
          : `${error.message}.`,
      )
    }
    if (error instanceof RangeError) return failed('The file is nested too deeply to be read.')
    throw error
  }
  if (containsItself(value, []))
    return failed('An alias (*name) stands inside what it names; a value cannot contain itself.')
  const locate: Locate = (path: Path, part = 'value') => {
    let node: unknown = document.contents
    let offset = startOf(node)
    for (const [depth, key] of path.entries()) {
      const next = step(node, key)
      if (next === null) break
      const wanted = depth === path.length - 1 && part === 'key' ? next.key : next.value
      offset = startOf(wanted) ?? startOf(next.key) ?? offset
      node = next.value
    }
    return offset === null ? top : at(offset)
  }
  return { value, locate, problems }
}

/** The parser's words, with what to do about the ones people meet. */
const explain = (code: string, message: string): string => {
  const first = message.split('\n')[0] ?? message
  switch (code) {
    case 'TAB_AS_INDENT':
      return `${first}. Indent with spaces.`
    case 'DUPLICATE_KEY':
      return 'This key stands twice in the same place; keep one.'
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return `${first}. A text that contains ": " or " #" needs quotes.`
    default:
      return first.endsWith('.') ? first : `${first}.`
  }
}
