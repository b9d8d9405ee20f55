import { z } from 'zod'
import { defineEvaluator, failed, passedIf, scored } from './definition.ts'
import { expectedShape, nothingExpected } from './expected.ts'
import { textOf } from './json-text.ts'
import { escapePattern, excerpt, foldCase, plain, remembered, unspaced } from './text.ts'

const wordCharacter = '[\\p{L}\\p{M}\\p{N}]'
const spacedCharacter = new RegExp(`^(?![${unspaced}])${wordCharacter}$`, 'u')

/**
 * A label stands as a whole word: "spam" is not in "spammer", nor in "non-spam" or "not_spam". At a label's end that is
 * punctuation, or a letter of a script without spaces, no boundary is asked for.
 */
const labelPattern = (label: string): string => {
  const points = [...label]
  const before = spacedCharacter.test(points[0] ?? '') ? `(?<!${wordCharacter}|${wordCharacter}[-_])` : ''
  const after = spacedCharacter.test(points.at(-1) ?? '') ? `(?!${wordCharacter}|[-_]${wordCharacter})` : ''
  return `${before}${label.split(/\s+/).map(escapePattern).join('\\s+')}${after}`
}

/** Finds the label that stands first in a text; of labels that start at the same place the longest. */
const labelFinder = (labels: readonly string[], ignoreCase: boolean): ((text: string) => string | null) => {
  const same = (text: string) => (ignoreCase ? foldCase(plain(text)) : plain(text)).replace(/\s+/g, ' ').trim()
  const byForm = new Map(labels.map((label) => [same(label), label]))
  const forms = [...byForm.keys()].sort((a, b) => b.length - a.length)
  // All patterns are escaped literals: matching is linear, so it needs no deadline.
  const pattern = new RegExp(forms.map(labelPattern).join('|'), 'u')
  return (text) => {
    const found = pattern.exec(ignoreCase ? foldCase(plain(text)) : plain(text))
    return found === null ? null : (byForm.get(found[0].replace(/\s+/g, ' ')) ?? null)
  }
}

export const oneOf = defineEvaluator({
  type: 'one-of',
  label: 'One of',
  summary: 'The first of the labels found in the text is the expected one.',
  version: 1,
  needs: ['expected'],
  example: { type: 'one-of', labels: ['spam', 'ham'] },
  params: z.object({
    ...expectedShape,
    labels: z.array(z.string().regex(/\S/, { error: 'a label is not blank' })).min(1),
    ignoreCase: z.boolean().default(true),
  }),
  prepare: ({ labels, ignoreCase }) => {
    const find = labelFinder(labels, ignoreCase)
    const known = new Set(labels)
    const byName = new Map(labels.map((label) => [foldCase(label.trim()), label]))
    const labelOf = remembered((value) =>
      known.has(value) ? value : ignoreCase ? byName.get(foldCase(plain(value).trim())) : undefined,
    )
    return ({ text, expected }) => {
      if (expected.length === 0) return nothingExpected
      const wanted = expected.map((value) => labelOf(textOf(value)))
      const unknown = wanted.indexOf(undefined)
      if (unknown >= 0)
        return failed(`expected ${excerpt(textOf(expected[unknown] ?? ''))} is none of the labels ${labels.join(', ')}`)
      const found = find(text)
      if (found === null) return scored(0, `none of ${excerpt(labels.join(', '))} in ${excerpt(text)}`)
      return passedIf(wanted.includes(found), `said ${found}`, `said ${found}, expected ${wanted.join(' or ')}`)
    }
  },
})
