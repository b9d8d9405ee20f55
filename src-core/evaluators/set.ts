import { z } from 'zod'
import type { JsonValue } from '../domain/json.ts'
import { defineEvaluator, passedIf, scored } from './definition.ts'
import { expectedShape, nothingExpected } from './expected.ts'
import { parseJson, textOf } from './json-text.ts'
import { excerpt, foldCase, plain } from './text.ts'

/** Items of a list as people and models write it: separated, bulleted, numbered, quoted, or a JSON array. */
const itemsOf = (text: string, separator: string | undefined, ignoreCase: boolean): Set<string> => {
  const json =
    text.trimStart().startsWith('[') || text.trimStart().startsWith('```') ? parseJson(text, { codeFence: true }) : null
  const parts: readonly string[] =
    json?.ok && Array.isArray(json.value)
      ? (json.value as readonly JsonValue[]).map(textOf)
      : plain(text).split(separator ?? /[,;\n]/)
  const items = parts.map((part) => {
    const bare = plain(part)
      .trim()
      .replace(/^(?:[-*•]\s+|\d{1,3}[.)]\s+)/, '')
      .replace(/^["'“”‘’`[\](){}]+|["'“”‘’`[\](){}.]+$/g, '')
      .replace(/\s+/g, ' ')
      .trim()
    return ignoreCase ? foldCase(bare) : bare
  })
  return new Set(items.filter((item) => item !== ''))
}

export const set = defineEvaluator({
  type: 'set',
  label: 'Set',
  summary: 'The text lists the wanted items, in any order; with f1 a part of them scores a part.',
  version: 1,
  needs: ['expected'],
  example: { type: 'set', separator: ',', f1: true },
  params: z.object({
    ...expectedShape,
    separator: z.string().min(1).optional().describe('Between items; comma, semicolon or line break unless given'),
    f1: z.boolean().default(false).describe('Score by F1 instead of equality'),
    ignoreCase: z.boolean().default(true),
  }),
  threshold: ({ f1 }) => (f1 ? 0.5 : 1),
  prepare:
    ({ separator, f1, ignoreCase }) =>
    ({ text, expected }) => {
      if (expected.length === 0) return nothingExpected
      const wanted = new Set<string>()
      for (const value of expected) {
        for (const item of itemsOf(textOf(value), separator, ignoreCase)) wanted.add(item)
      }
      const came = itemsOf(text, separator, ignoreCase)
      const missing = [...wanted].filter((item) => !came.has(item))
      const extra = [...came].filter((item) => !wanted.has(item))
      const difference = `missing: ${excerpt(missing.join(', ') || 'nothing')}, extra: ${excerpt(extra.join(', ') || 'nothing')}`
      if (!f1) return passedIf(missing.length + extra.length === 0, `all ${wanted.size} items`, difference)
      return scored(f1Score(wanted.size - missing.length, came.size, wanted.size), difference)
    },
})

/** Harmonic mean of precision and recall; two empty sides agree fully. */
export const f1Score = (common: number, came: number, wanted: number): number =>
  came + wanted === 0 ? 1 : (2 * common) / (came + wanted)
