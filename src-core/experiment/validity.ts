import type { Metric } from '../domain/objective.ts'
import { isRatio, type Pair } from './pairs.ts'

/** More missing pairs than this share make a comparison invalid (statistics.md section 1). */
export const tolerableMissingShare = 0.05

export type PairCounts = {
  /** Cases that either side was asked. */
  readonly asked: number
  /** Share of pairs that are missing: not run, answered by a fallback model, or (for ratios) failed. */
  readonly missingShare: number
}

/**
 * Counts pairs case by case: with repetitions a case is missing to the degree that its worse side is.
 * `known` says whether both sides hold the metric's value for a case.
 */
export const countPairs = (pair: Pair, known: (caseNumber: number) => boolean): PairCounts => {
  const { baseline, candidate } = pair
  let [asked, missing] = [0, 0]
  for (let c = 0; c < baseline.usable.length; c++) {
    const a = baseline.usable[c] ?? Number.NaN
    const b = candidate.usable[c] ?? Number.NaN
    if (Number.isNaN(a) && Number.isNaN(b)) continue
    asked++
    missing += known(c) ? 1 - Math.min(a, b) : 1
  }
  return { asked, missingShare: asked === 0 ? 0 : missing / asked }
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

const servedReason = ({ kind, baseline, candidate }: Pair): string | null => {
  const changed = [baseline, candidate].find((side) => side.served.length > 1)
  if (changed !== undefined) {
    return `the server changed the model behind ${changed.model} during the run (${changed.served.join(', ')})`
  }
  if (kind === 'variants' && baseline.served.length === 1 && candidate.served.length === 1) {
    const [before, after] = [baseline.served[0], candidate.served[0]]
    if (before !== after) return `the two sides were answered by different models (${before} and ${after})`
  }
  return null
}

/** Why a comparison must not be believed, or null. */
export const invalidReason = (
  pair: Pair,
  metric: Metric,
  facts: { readonly counts: PairCounts; readonly judges: ReadonlySet<string> },
): string | null => {
  const { counts, judges } = facts
  if (counts.missingShare > tolerableMissingShare + 1e-12) {
    const cause = isRatio(metric)
      ? 'failed, were not run, or were answered by a fallback model'
      : 'were not run, or were answered by a fallback model'
    return `${percent(counts.missingShare)} of its pairs are missing (they ${cause}); at most ${percent(tolerableMissingShare)} may be`
  }
  const judged = metric === 'quality' || metric === 'passRate'
  const judge = [pair.baseline.model, pair.candidate.model].find((model) => judges.has(model))
  if (judged && pair.kind === 'models' && judge !== undefined) {
    return `${judge} judged the answers and is one of the two models compared`
  }
  return servedReason(pair)
}
