import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { ExperimentSnapshot } from '../domain/experiment.ts'
import { nonInferioritySampleSize, pairedMinimumEffect, pairedSampleSize } from '../stats/power.ts'
import { plannedPower } from './planning.ts'

/** What a run of these cases could show, said before it. In units of the primary metric. */
export type Prospects = {
  readonly minimumDetectableDifference: number | null
  readonly casesFor: { readonly mde: number | null; readonly margin: number | null }
  /** Standard deviation of a case's paired difference that the figures rest on; null where none can be assumed. */
  readonly assumedSd: number | null
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
    return { minimumDetectableDifference: null, casesFor: { mde: null, margin: null }, assumedSd: null }
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
  return {
    minimumDetectableDifference: typeof effect === 'number' ? effect * sd : null,
    casesFor: {
      mde: typeof forMde === 'number' ? Math.ceil(forMde * casesPerUnit) : null,
      margin: Math.ceil(forMargin * casesPerUnit),
    },
    assumedSd: sd,
  }
}
