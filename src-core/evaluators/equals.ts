import { z } from 'zod'
import { defineEvaluator, scored } from './definition.ts'
import { bestOf, expectedShape, sameAnswer } from './expected.ts'
import { textOf } from './json-text.ts'
import { excerpt, firstFilledLine, normalise, plain, remembered } from './text.ts'

export const equals = defineEvaluator({
  type: 'equals',
  label: 'Equals',
  summary: 'The text is an expected answer.',
  version: 1,
  needs: ['expected'],
  example: { type: 'equals', ignoreCase: true, trim: true, ignorePunctuation: true },
  params: z.object({
    ...expectedShape,
    ignoreCase: z.boolean().default(false),
    trim: z.boolean().default(false).describe('White space at both ends does not count'),
    ignorePunctuation: z.boolean().default(false).describe('Punctuation outside numbers does not count'),
    firstLine: z.boolean().default(false).describe('Only the first line that is not blank counts'),
  }),
  prepare: (params) => {
    // Expected answers are short: only the output's first line is cut, so that a multi-line answer is never truncated.
    const wanted = { ...params, firstLine: false }
    const wantedForm = remembered((text) => normalise(text, wanted))
    return bestOf((expected, subject) => {
      const text = params.firstLine ? firstFilledLine(plain(subject.text)) : subject.text
      return sameAnswer(expected, text, subject.value, { came: (came) => normalise(came, wanted), wanted: wantedForm })
        ? scored(1, `equals ${excerpt(textOf(expected))}`)
        : scored(0, `expected ${excerpt(textOf(expected))}, got ${excerpt(subject.text)}`)
    })
  },
})
