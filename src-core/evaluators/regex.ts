import { z } from 'zod'
import { defineEvaluator, failed, type ParameterProblem, passedIf, scored } from './definition.ts'
import { expectedShape } from './expected.ts'
import { textOf } from './json-text.ts'
import { excerpt } from './text.ts'

/** Only compiles; matching untrusted text happens where it can be stopped. */
const patternProblem = (pattern: string, flags: string): string | null => {
  try {
    new RegExp(pattern, flags)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Number of a group given by number or by name; null where the pattern has none of that name. */
export const groupNumber = (pattern: string, group: number | string): number | null => {
  if (typeof group === 'number') return group
  const tokens = pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<(?![=!])([^>]*)>|(\?))?/gs)
  let count = 0
  for (const [token, name, special] of tokens) {
    if (!token.startsWith('(') || special !== undefined) continue
    count += 1
    if (name === group) return count
  }
  return null
}

export const regex = defineEvaluator({
  type: 'regex',
  label: 'Regular expression',
  summary: 'A pattern matches; with a group, what the group caught is an expected answer.',
  version: 1,
  needs: ['regex'],
  example: { type: 'regex', pattern: '^(?:Answer|A): *(\\w+)', flags: 'im', group: 1 },
  params: z.object({
    ...expectedShape,
    pattern: z.string().min(1).describe('JavaScript regular expression'),
    flags: z
      .string()
      .regex(/^[dgimsuvy]*$/, { error: 'flags are letters of dgimsuvy' })
      .default('u'),
    group: z
      .union([z.int().min(0).max(99), z.string().min(1)])
      .optional()
      .describe('Number or name of the group to compare with the expected answers'),
  }),
  check: ({ pattern, flags, group }): ParameterProblem[] => {
    const message = patternProblem(pattern, flags)
    if (message !== null) return [{ path: ['pattern'], message }]
    return group !== undefined && groupNumber(pattern, group) === null
      ? [{ path: ['group'], message: `the pattern has no group named "${group}"` }]
      : []
  },
  prepare: ({ pattern, flags, group }) => {
    const number = group === undefined ? undefined : groupNumber(pattern, group)
    return async ({ text, expected, services }) => {
      const verdict = await services.matchRegex(pattern, flags, text)
      if (verdict.kind === 'timed-out') return failed('the pattern took too long on this text (timed-out)')
      if (verdict.kind === 'invalid') return failed(`the pattern is invalid: ${verdict.message}`)
      if (verdict.kind === 'no-match') return scored(0, `/${pattern}/${flags} does not match ${excerpt(text)}`)
      if (number === undefined) return scored(1, `matched ${excerpt(verdict.text)}`)
      if (number === null) return failed(`the pattern has no group named "${group}"`)
      if (number > verdict.groups.length) return failed(`the pattern has no group ${number}`)
      const caught = number === 0 ? verdict.text : (verdict.groups[number - 1] ?? null)
      if (caught === null) return scored(0, `group ${group} caught nothing`)
      if (expected.length === 0) return scored(1, `group ${group} caught ${excerpt(caught)}`)
      const wanted = expected.map(textOf)
      return passedIf(
        wanted.some((answer) => answer.trim() === caught.trim()),
        `group ${group} caught ${excerpt(caught)}`,
        `group ${group} caught ${excerpt(caught)}, expected ${excerpt(wanted.join(' or '))}`,
      )
    }
  },
})
