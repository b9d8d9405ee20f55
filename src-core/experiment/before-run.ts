import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { ExperimentSnapshot } from '../domain/experiment.ts'
import { nonInferioritySampleSize, pairedMinimumEffect, pairedSampleSize } from '../stats/power.ts'
import { plannedPower, unitsToReach } from './planning.ts'

/** What a run of these cases could show, said before it. In units of the primary metric. */
export type Prospects = {
  /** Null where none can be named: no spread is assumed, or not even the largest difference there is would be seen. */
  readonly minimumDetectableDifference: number | null
  /** These cases are too few to show any difference. */
  readonly tooFew: boolean
  readonly casesFor: { readonly mde: number | null; readonly margin: number | null }
  /** Standard deviation of a case's paired difference that the figures rest on; null where none can be assumed. */
  readonly assumedSd: number | null
  /** The figures are those of a fixed design; a sequential plan needs more cases for the same. */
  readonly figuresOf: 'fixed'
}

const gradedTypes: readonly string[] = [
  'json-fields',
  'levenshtein',
  'token-f1',
  'rouge-l',
  'bleu',
  'similarity',
  'rubric',
  'pairwise',
  'human',
]

const isGraded = ({ type, params }: EvaluatorSpec): boolean =>
  gradedTypes.includes(type) || (type === 'set' && params.mode === 'f1')

/**
 * Before a run nobody knows the spread of the differences, so an ordinary one is assumed and named: 0.5 for pass/fail
 * scores (a quarter of the cases change sides between two variants), 0.25 for graded ones (design: statistics, 4.10).
 * Metrics other than quality and pass rate have no natural scale, so nothing can be said of them.
 */
const spreadOf = ({ analysis, evaluators }: ExperimentSnapshot): number | null => {
  if (analysis.primary === 'passRate') return 0.5
  if (analysis.primary !== 'quality') return null
  return evaluators.length > 0 && evaluators.every(isGraded) ? 0.25 : 0.5
}

/** Comparisons in the larger family, over which the error rate is shared. */
const comparisons = ({ variants, models, analysis }: ExperimentSnapshot): number => {
  const v = variants.length
  const m = models.filter((model) => model.experiment).length
  const pairs = (n: number) => (analysis.family === 'baseline' ? n - 1 : (n * (n - 1)) / 2)
  return Math.max(1, pairs(v) * m, pairs(m) * v)
}

export const prospects = (snapshot: ExperimentSnapshot): Prospects => {
  const sd = spreadOf(snapshot)
  const { analysis, cases } = snapshot
  if (sd === null || snapshot.variants.length * snapshot.models.filter((model) => model.experiment).length < 2) {
    const none = { mde: null, margin: null }
    return { minimumDetectableDifference: null, tooFew: false, casesFor: none, assumedSd: null, figuresOf: 'fixed' }
  }
  const alpha = analysis.alpha / comparisons(snapshot)
  // Cases of one cluster are not independent: the cluster is the unit, as in the analysis after the run.
  const units =
    analysis.cluster === null ? cases.length : new Set(cases.map((one) => one.cluster ?? `case ${one.id}`)).size
  const casesPerUnit = units === 0 ? 1 : cases.length / units
  const effect = pairedMinimumEffect(units, { alpha, power: plannedPower })
  const forMde = pairedSampleSize(analysis.mde / sd, { alpha, power: plannedPower })
  // Both one-sided tests must succeed at a true difference of zero, hence half the allowed miss for each.
  const forMargin = nonInferioritySampleSize(sd, analysis.margin, {
    alpha,
    power: 1 - (1 - plannedPower) / 2,
    sides: 1,
  })
  // A score and a share differ by at most 1, and an exact test of so few units may never reach alpha.
  const difference = typeof effect === 'number' ? effect * sd : null
  const tooFew = units > 0 && (difference === null || difference > 1 || units < unitsToReach(alpha))
  return {
    minimumDetectableDifference: tooFew ? null : difference,
    tooFew,
    casesFor: {
      mde: typeof forMde === 'number' ? Math.ceil(Math.max(forMde, unitsToReach(alpha)) * casesPerUnit) : null,
      margin: Math.ceil(forMargin * casesPerUnit),
    },
    assumedSd: sd,
    figuresOf: 'fixed',
  }
}
