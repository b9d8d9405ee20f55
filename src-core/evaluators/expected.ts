import { z } from 'zod'
import { canonicalJson, type JsonValue } from '../domain/json.ts'
import { failed, type Judgement, type Subject, type Verdict } from './definition.ts'
import { parseJson, textOf } from './json-text.ts'

/** Parameter of every evaluator that compares with an expected answer. */
export const expectedShape = {
  value: z.json().optional().describe("Expected answer, or a list of accepted ones, instead of the case's expected"),
}

/** The evaluator's own `value` where it has one, else the case's accepted answers. */
export const acceptedAnswers = (subject: Pick<Subject, 'spec' | 'input'>): readonly JsonValue[] => {
  const own = subject.spec.params.value
  if (own === undefined) return subject.input.testCase.expected
  return Array.isArray(own) ? (own as readonly JsonValue[]) : [own]
}

export const nothingExpected = failed('the case has no expected answer, and the evaluator no value')

/** Judges against each accepted answer; the best counts, the first of equals. A failure counts only where all fail. */
export const bestOf =
  (judge: (expected: JsonValue, subject: Subject) => Verdict): Judgement =>
  (subject) => {
    let best: Verdict | null = null
    for (const expected of subject.expected) {
      const verdict = judge(expected, subject)
      if (best === null || rank(verdict) > rank(best)) best = verdict
      if (best.kind === 'scored' && best.score === 1) break
    }
    return best ?? nothingExpected
  }

const rank = (verdict: Verdict): number => (verdict.kind === 'scored' ? verdict.score : -1)

type Forms = { readonly came: (text: string) => string; readonly wanted: (text: string) => string }

/** Equality of what was expected with what came: objects and lists as JSON, everything else as text in its normal form. */
export const sameAnswer = (expected: JsonValue, text: string, value: JsonValue, forms: Forms): boolean => {
  if (typeof expected === 'object' && expected !== null) {
    const came = typeof value === 'string' ? parseJson(text, { codeFence: true }) : { ok: true as const, value }
    return came.ok && canonicalJson(came.value) === canonicalJson(expected)
  }
  return forms.came(text) === forms.wanted(textOf(expected))
}
