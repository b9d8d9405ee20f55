import { z } from 'zod'
import { defineEvaluator, type EvaluatorDefinition, failed, scored } from './definition.ts'
import { expectedShape, nothingExpected } from './expected.ts'
import { textOf } from './json-text.ts'
import { excerpt, normalise } from './text.ts'

const params = z.object({ ...expectedShape, ignoreCase: z.boolean().default(false) })

type Search = {
  readonly type: string
  readonly label: string
  readonly summary: string
  readonly find: (text: string, wanted: string) => boolean
  readonly all: boolean
  readonly verb: string
}

const searching = ({ type, label, summary, find, all, verb }: Search): EvaluatorDefinition =>
  defineEvaluator({
    type,
    label,
    summary,
    version: 1,
    needs: ['expected'],
    example: {
      type,
      ignoreCase: true,
      ...(type === 'starts-with' ? {} : { value: all ? ['refund', '14 days'] : 'refund' }),
    },
    params,
    prepare: (options) => (subject) => {
      if (subject.expected.length === 0) return nothingExpected
      const wanted = subject.expected.map((value) => normalise(textOf(value), options))
      // Empty text is part of every text: such a check would always pass.
      if (wanted.includes('')) return failed('the expected text is empty')
      const text = normalise(subject.text, options)
      const missing = wanted.filter((part) => !find(text, part))
      const list = (parts: readonly string[]) => parts.map((part) => excerpt(part, 40)).join(all ? ', ' : ' or ')
      return missing.length === 0 || (!all && missing.length < wanted.length)
        ? scored(1, `${verb} ${list(all ? wanted : wanted.filter((part) => !missing.includes(part)))}`)
        : scored(0, `does not ${verb.replace(/s\b/, '')} ${list(missing)}`)
    },
  })

const includes = (text: string, wanted: string) => text.includes(wanted)

export const contains = searching({
  type: 'contains',
  label: 'Contains',
  summary: 'The text contains an expected answer.',
  find: includes,
  all: false,
  verb: 'contains',
})

export const containsAny = searching({
  type: 'contains-any',
  label: 'Contains any',
  summary: 'The text contains at least one of the expected answers.',
  find: includes,
  all: false,
  verb: 'contains',
})

export const containsAll = searching({
  type: 'contains-all',
  label: 'Contains all',
  summary: 'The text contains every one of the expected answers.',
  find: includes,
  all: true,
  verb: 'contains',
})

export const startsWith = searching({
  type: 'starts-with',
  label: 'Starts with',
  summary: 'The text, white space at its beginning aside, starts with an expected answer.',
  find: (text, wanted) => text.trimStart().startsWith(wanted) || text.startsWith(wanted),
  all: false,
  verb: 'starts with',
})
