import type { Metric } from '../domain/objective.ts'
import type { Combination } from '../domain/report.ts'
import type { ReportInput } from './outcome.ts'
import type { Side } from './side.ts'
import type { Study } from './study.ts'

/** Variant comparisons of one metric (all models together) are one Holm family, model comparisons another. */
export type FamilyKind = 'variants' | 'models'

export type Pair = { readonly kind: FamilyKind; readonly baseline: Side; readonly candidate: Side }

const pairUp = (names: readonly string[], everyPair: boolean): [string, string][] =>
  names.flatMap((first, i) =>
    everyPair || i === 0 ? names.slice(i + 1).map((second): [string, string] => [first, second]) : [],
  )

/** Were both ever asked the same case? A pair without one stays in its family, as invalid: the family is not chosen by the data. */
export const haveCommonCase = ({ baseline: a, candidate: b }: Pair): boolean =>
  a.usable.some((share, c) => !Number.isNaN(share) && !Number.isNaN(b.usable[c] ?? Number.NaN))

/**
 * A table of several data sets under the names of models (or variants) has a kind of which no pair shares a case: that is
 * no comparison anybody planned, so it is left out, unless nothing at all could then be compared.
 */
const withoutDataSets = (pairs: readonly Pair[]): Pair[] => {
  const shared = new Set(pairs.filter(haveCommonCase).map(({ kind }) => kind))
  return pairs.filter(({ kind }) => shared.size === 0 || shared.has(kind))
}

/** The pairs of the registered family, variants before models. The baseline variant is never the candidate. */
export const pairsOf = (study: Study, input: Pick<ReportInput, 'plan' | 'baseline'>): Pair[] => {
  const everyPair = input.plan.family === 'all-pairs'
  const hasBaseline = study.variants.includes(input.baseline)
  const variants = hasBaseline
    ? [input.baseline, ...study.variants.filter((variant) => variant !== input.baseline)]
    : study.variants
  const sides = new Map(study.sides.map((side) => [`${side.variant}\u0000${side.model}`, side]))
  const pair = (kind: FamilyKind, from: Combination, to: Combination): Pair[] => {
    const baseline = sides.get(`${from.variant}\u0000${from.model}`)
    const candidate = sides.get(`${to.variant}\u0000${to.model}`)
    if (baseline === undefined || candidate === undefined) return []
    return [{ kind, baseline, candidate }]
  }
  // Without the baseline variant there is nothing to compare variants against, unless every pair is asked for.
  const variantPairs = hasBaseline || everyPair ? pairUp(variants, everyPair) : []
  return withoutDataSets([
    ...study.models.flatMap((model) =>
      variantPairs.flatMap(([a, b]) => pair('variants', { variant: a, model }, { variant: b, model })),
    ),
    ...study.variants.flatMap((variant) =>
      pairUp(study.models, everyPair).flatMap(([a, b]) => pair('models', { variant, model: a }, { variant, model: b })),
    ),
  ])
}

/** Comparisons the plan holds per family, whether or not their answers are there yet; null for a table made elsewhere. */
export const plannedPairs = ({
  snapshot,
  plan,
}: Pick<ReportInput, 'snapshot' | 'plan'>): Readonly<Record<FamilyKind, number>> | null => {
  if (snapshot === null) return null
  const variants = snapshot.variants.length
  const models = snapshot.models.filter((model) => model.experiment).length
  const among = (n: number): number => (plan.family === 'all-pairs' ? (n * (n - 1)) / 2 : Math.max(0, n - 1))
  return { variants: among(variants) * models, models: among(models) * variants }
}

/** Cost, latency and tokens are compared as ratios; quality and pass rate as differences. */
export const isRatio = (metric: Metric): boolean => metric !== 'quality' && metric !== 'passRate'

/** What a cost comparison is made of; null where neither dollars nor tokens can be compared. */
export type CostUnit = 'usd' | 'tokens'

const known = (side: Side, unit: CostUnit): boolean => {
  const values = side.means[unit]
  let any = false
  for (let c = 0; c < values.length; c++) {
    if ((side.cells[c] ?? 0) === 0) continue
    const positive = (values[c] ?? Number.NaN) > 0
    if (!positive && side.failedCase[c] === 1) continue
    if (!positive) return false
    any = true
  }
  return any
}

/**
 * A case's value as one side of a ratio: a failed case without a bill or a time has none (its 0 would be a bargain), NaN;
 * any other value stands as it is.
 */
export const ratioValue = (side: Side, values: Float64Array, c: number): number => {
  const value = values[c] ?? Number.NaN
  return side.failedCase[c] === 1 && !(value > 0) ? Number.NaN : value
}

/** `costMetric: auto`: dollars where both are positive, tokens where both sides are the same model, else null. */
export const costUnitOf = (pair: Pair, wanted: 'auto' | CostUnit): CostUnit | null => {
  const both = (unit: CostUnit): boolean => known(pair.baseline, unit) && known(pair.candidate, unit)
  if (wanted !== 'auto') return both(wanted) ? wanted : null
  if (both('usd')) return 'usd'
  return pair.baseline.model === pair.candidate.model && both('tokens') ? 'tokens' : null
}

/** The case means a metric is made of; null where the study does not hold it. */
export const valuesOf = (side: Side, metric: Metric, unit: CostUnit | null): Float64Array | null => {
  switch (metric) {
    case 'quality':
      return side.means.quality
    case 'passRate':
      return side.passKnown ? side.means.passRate : null
    case 'cost':
      return unit === null ? null : side.means[unit]
    case 'latency':
      return side.means.latencyMs
    case 'inputTokens':
      return side.means.inputTokens
    case 'outputTokens':
      return side.means.outputTokens
    case 'promptTokens':
      // The tokens of the template alone are no part of an outcome.
      return null
  }
}
