import { z } from 'zod'
import { defineEvaluator, failed, type ParameterProblem, passedIf, scored, type Verdict } from './definition.ts'
import { bestOf, expectedShape } from './expected.ts'
import { textOf } from './json-text.ts'
import { excerpt } from './text.ts'

type FoundNumber = { readonly value: number; readonly percent: boolean }

/** Full-width, Arabic-Indic and Persian digits: the low four bits are the value. */
const digitsOfOtherScripts = /[\uFF10-\uFF19\u0660-\u0669\u06F0-\u06F9]/g

/**
 * Numbers as people write them: `1,234.5`, `-3`, `−3` (U+2212), `$5`, `-$5`, `.5`, `1.5e-3`, `45 %`, `1 234` with a
 * no-break or thin space, `1'234`, `1_234`. A sign after a letter or a digit is a hyphen (`10-5` is 10 and 5). `decimal`
 * says which mark is the decimal one; the other one separates thousands.
 */
const numbersIn = (text: string, decimal: '.' | ',' = '.'): FoundNumber[] => {
  const ascii = text.replace(digitsOfOtherScripts, (digit) => String(digit.charCodeAt(0) & 0xf))
  const [point, comma] = decimal === '.' ? ['\\.', ','] : [',', '\\.']
  const group = `[${comma}'’_\\u00a0\\u2009\\u202f]`
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])([-−+](?=[$€£¥]?${point}?\\d))?[$€£¥]?((?:\\d{1,3}(?:${group}\\d{3})+(?!\\d)|\\d+)(?:${point}\\d+)?|${point}\\d+)(?:[eE]([-+]?\\d{1,3})(?!\\d))?(\\s?%)?|` +
      `((?:\\d{1,3}(?:${group}\\d{3})+(?!\\d)|\\d+)(?:${point}\\d+)?)(\\s?%)?`,
    'gu',
  )
  const found: FoundNumber[] = []
  for (const [, sign, signed, exponent, percent, bare, barePercent] of ascii.matchAll(pattern)) {
    const digits = (signed ?? bare ?? '').replace(new RegExp(group, 'gu'), '').replace(decimal, '.')
    const value = Number(`${digits}${exponent === undefined ? '' : `e${exponent}`}`)
    if (Number.isFinite(value))
      found.push({
        value: sign === '-' || sign === '−' ? -value : value,
        percent: (percent ?? barePercent) !== undefined,
      })
  }
  return found
}

/** 45 % is read as 45 and as 0.45, because tables and models write either. */
const readings = ({ value, percent }: FoundNumber): readonly number[] => (percent ? [value, value / 100] : [value])

export const number = defineEvaluator({
  type: 'number',
  label: 'Number',
  summary: 'The last number of the text (or the first, or the only one) is the expected one, within a tolerance.',
  version: 1,
  needs: ['expected'],
  example: { type: 'number', tolerance: 0.01, pick: 'last' },
  params: z.object({
    ...expectedShape,
    tolerance: z.number().min(0).default(0).describe('Greatest allowed difference'),
    relative: z
      .union([z.boolean(), z.number().min(0)])
      .default(0)
      .describe('Greatest allowed difference as a share of the expected number; true: tolerance is such a share'),
    pick: z.enum(['last', 'first', 'only']).default('last'),
    decimal: z.enum(['.', ',']).default('.').describe('The decimal mark of outputs'),
  }),
  check: ({ tolerance, relative }): ParameterProblem[] =>
    relative === true && tolerance === 0
      ? [{ path: ['relative'], message: 'relative: true needs a tolerance above 0' }]
      : [],
  prepare: ({ tolerance, relative, pick, decimal }) => {
    const absolute = relative === true ? 0 : tolerance
    const share = relative === true ? tolerance : Number(relative)
    return bestOf((expected, { text }): Verdict => {
      const wanted =
        typeof expected === 'number' ? { value: expected, percent: false } : numbersIn(textOf(expected), decimal).at(-1)
      if (wanted === undefined) return failed(`expected ${excerpt(textOf(expected))} holds no number`)
      const numbers = numbersIn(text, decimal)
      const came = pick === 'first' ? numbers[0] : numbers.at(-1)
      if (came === undefined) return scored(0, `no number in ${excerpt(text)}`)
      if (pick === 'only' && numbers.length > 1) return scored(0, `${numbers.length} numbers where one was asked for`)
      const near = (a: number, b: number) =>
        // Room for the last bits of decimal fractions: 0.1 + 0.2 is within 0 of 0.3.
        Math.abs(a - b) <= Math.max(absolute, share * Math.abs(b)) + 1e-12 * Math.max(Math.abs(a), Math.abs(b))
      const same =
        wanted.percent === came.percent
          ? near(came.value, wanted.value)
          : readings(came).some((a) => readings(wanted).some((b) => near(a, b)))
      return passedIf(same, `${came.value} is ${wanted.value}`, `got ${came.value}, expected ${wanted.value}`)
    })
  },
})
