import { type Random, shuffled } from '../ports/random.ts'
import type { LocatedCase } from './cases.ts'
import { suggestion } from './suggest.ts'

type Selection = {
  readonly limit: number | null
  readonly sample: number | null
  /** From the command line: exactly these, whatever sample and limit of the file say. */
  readonly ids: readonly string[] | null
  readonly random: Random
}

export type Selected = {
  readonly cases: readonly LocatedCase[]
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** Draws without replacement, in the order of the file. A larger sample contains the smaller one of the same seed. */
const drawn = (cases: readonly LocatedCase[], count: number, random: Random): LocatedCase[] => {
  const order = shuffled(random, 'case-sample', [...cases.keys()]).slice(0, count)
  return order.toSorted((a, b) => a - b).flatMap((index) => cases[index] ?? [])
}

/** First `sample`, then `limit`; or the cases named by id. */
export const selectCases = (cases: readonly LocatedCase[], selection: Selection): Selected => {
  const { limit, sample, ids, random } = selection
  if (ids !== null) {
    const known = cases.map((located) => located.testCase.id)
    const have = new Set(known)
    const problems = ids
      .filter((id) => !have.has(id))
      .map((id) => `There is no case "${id}".${known.length <= 20 ? suggestion(id, known) : ''}`)
    const wanted = new Set(ids)
    return { cases: cases.filter((located) => wanted.has(located.testCase.id)), problems, warnings: [] }
  }
  const warnings =
    sample !== null && sample > cases.length
      ? [`sample asks for ${sample} cases; there are ${cases.length}, all are used.`]
      : []
  const chosen = sample === null || sample >= cases.length ? cases : drawn(cases, sample, random)
  return { cases: limit === null ? chosen : chosen.slice(0, limit), problems: [], warnings }
}
