import { type AnalysisPlan, higherIsBetter, type Metric } from '../domain/objective.ts'
import { magnitude } from '../stats/describe.ts'
import { estimateMean } from '../stats/mean-estimate.ts'
import type { Finding, Spread } from './finding.ts'
import { countsDecide } from './fixed-tests.ts'
import type { PairAnalysis, PairData } from './pair-test.ts'
import { type CostUnit, costUnitOf, haveCommonCase, isRatio, type Pair, ratioValue, valuesOf } from './pairs.ts'
import { meanOf, type Sample, sampleOf, unitsOf } from './sample.ts'
import type { Sequences } from './sequence.ts'
import type { Side } from './side.ts'
import type { Study } from './study.ts'
import { countPairs, invalidReason } from './validity.ts'

export type CompareFacts = {
  readonly study: Study
  readonly plan: AnalysisPlan
  readonly judges: ReadonlySet<string>
  readonly analysis: PairAnalysis
  /** Order of the cases, for an analysis that takes them one after another; else null. */
  readonly sequences: Sequences | null
  /** 1 - alpha / m, for m comparisons of the family. */
  readonly ciLevel: number
}

const unknownReasons: Readonly<Record<string, string>> = {
  cost: 'the cost is zero or unknown on a side, and tokens of different models do not compare',
  latency: 'the latency is zero or unknown on a side',
  passRate: 'a result does not say whether it passed',
}

const pairData = (pair: Pair, metric: Metric, facts: CompareFacts, unit: CostUnit | null): PairData | null => {
  const a = valuesOf(pair.baseline, metric, unit)
  const b = valuesOf(pair.candidate, metric, unit)
  if (a === null || b === null) return null
  const ratio = isRatio(metric)
  const at = (side: Side, values: Float64Array, c: number): number =>
    ratio ? ratioValue(side, values, c) : (values[c] ?? Number.NaN)
  const [before, after] = [pair.baseline, pair.candidate]
  const differences = sampleOf(facts.study, (c) => at(after, b, c) - at(before, a, c))
  const baseline = differences.caseNumbers.map((c) => at(before, a, c))
  const candidate = differences.caseNumbers.map((c) => at(after, b, c))
  if (ratio && !allPositive(pair, a, b)) return null
  return {
    baseline,
    candidate,
    differences,
    logRatios: ratio ? sampleOf(facts.study, (c) => Math.log(at(after, b, c) / at(before, a, c))) : null,
    stream: facts.sequences === null ? null : facts.sequences(pair, differences),
    binary: metric === 'quality' ? facts.study.binary.quality : metric === 'passRate' && facts.study.binary.passRate,
  }
}

/** A zero or unknown among answered cases makes a ratio meaningless; a failed case merely lacks one. */
const allPositive = (pair: Pair, a: Float64Array, b: Float64Array): boolean => {
  for (let c = 0; c < a.length; c++) {
    const asked = (pair.baseline.cells[c] ?? 0) > 0 && (pair.candidate.cells[c] ?? 0) > 0
    const excused = pair.baseline.failedCase[c] === 1 || pair.candidate.failedCase[c] === 1
    if (asked && !excused && !((a[c] ?? Number.NaN) > 0 && (b[c] ?? Number.NaN) > 0)) return false
  }
  return true
}

const spreadOf = (differences: Sample, scale: number): Spread | null => {
  const estimate = estimateMean(differences.values, { ...differences.grouping, scale })
  if ('kind' in estimate) return null
  const units = unitsOf(differences)
  // The sd that plain independent units would need for this standard error: weights and clusters are in it.
  return { sd: estimate.se * Math.sqrt(units), units, casesPerUnit: differences.values.length / units }
}

const invalidityOf = (pair: Pair, metric: Metric, data: PairData, facts: CompareFacts): string | null => {
  const known = new Set(data.differences.caseNumbers)
  const counts = countPairs(pair, (c) => known.has(c))
  return invalidReason(pair, metric, { counts, judges: facts.judges })
}

/** Quality not worse by the margin and cost lower: the larger of both one-sided p (statistics.md 4.7). */
const cheaperP = (pair: Pair, data: PairData, facts: CompareFacts): number | null => {
  const unit = costUnitOf(pair, facts.plan.costMetric)
  const cost = unit === null ? null : pairData(pair, 'cost', facts, unit)
  if (cost === null || cost.logRatios === null) return null
  // A saving on the cases that did not fail is no saving.
  if (invalidityOf(pair, 'cost', cost, facts) !== null) return null
  const notWorse = facts.analysis.notWorse(data, facts.plan.margin, facts.ciLevel)
  const cheaper = facts.analysis.cheaper(cost, facts.ciLevel)
  return notWorse === null || cheaper === null ? null : Math.max(notWorse, cheaper)
}

/** What the data say about one pair and one metric. */
export const compare = (pair: Pair, metric: Metric, facts: CompareFacts): Finding => {
  const { plan } = facts
  const unit = metric === 'cost' ? costUnitOf(pair, plan.costMetric) : null
  const data = pairData(pair, metric, facts, unit)
  const common = { pair, metric, unit, pCheaper: null, pEquivalent: null, spread: null, units: 0, counted: false }
  const apart = haveCommonCase(pair) ? null : 'no case in common'
  if (data === null || apart !== null) {
    const unknown = { n: 0, baselineMean: null, candidateMean: null, difference: null, ratio: null, ci: null, p: null }
    const insufficient = apart === null ? (unknownReasons[metric] ?? `${metric} is zero or unknown on a side`) : null
    return { ...common, ...unknown, method: 'none', why: 'there is nothing to compute', invalid: apart, insufficient }
  }
  const { differences, logRatios } = data
  const invalid = invalidityOf(pair, metric, data, facts)
  const logMean = logRatios === null ? null : meanOf(logRatios)
  const side = (values: readonly number[]): number | null => meanOf({ ...differences, values })
  const estimates = {
    n: differences.values.length,
    baselineMean: side(data.baseline),
    candidateMean: side(data.candidate),
    difference: meanOf(differences),
    ratio: logMean === null ? null : Math.exp(logMean),
  }
  const { p, ci, method, why, insufficient } = facts.analysis.test(data, facts.ciLevel)
  if (invalid !== null) {
    // The numbers that could mislead are withheld; the difference stays, for whoever looks for the mistake.
    return { ...common, ...estimates, ci: null, p: null, method, why, invalid, insufficient: null }
  }
  const primary = metric === plan.primary && plan.margin > 0
  const scale = magnitude(data.baseline, data.candidate)
  return {
    ...common,
    ...estimates,
    ci,
    p,
    method: [unit === 'tokens' ? `${method} of tokens` : method, ...(primary ? [facts.analysis.claimMethod(data)] : [])]
      .filter((part) => part !== null)
      .join('; '),
    why,
    invalid,
    insufficient,
    pCheaper: primary && higherIsBetter(metric) ? cheaperP(pair, data, facts) : null,
    pEquivalent: primary ? facts.analysis.within(data, plan.margin, facts.ciLevel) : null,
    spread: spreadOf(differences, scale),
    units: unitsOf(differences),
    counted: plan.design === 'fixed' && countsDecide(data),
  }
}
