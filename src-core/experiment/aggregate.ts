import type { Interval, ReportRow } from '../domain/report.ts'
import { quantileOfSorted, sampleSd } from '../stats/describe.ts'
import { studentInterval } from '../stats/mean-estimate.ts'
import { wilson } from '../stats/proportions.ts'
import { passRateOf } from './pass-rate.ts'
import { meanOf, type Sample, sampleOf, unitsOf } from './sample.ts'
import type { Side } from './side.ts'
import type { Study } from './study.ts'

/**
 * Mean per case of a number that a provider reports; null where an answered case lacks it, because a mean over the rest
 * would be a mean over other cases. Failed cells that report nothing have nothing to add.
 */
const reportedMean = (study: Study, side: Side, values: Float64Array): number | null => {
  const gap = values.some((v, c) => Number.isNaN(v) && (side.cells[c] ?? 0) > 0 && side.failedCase[c] !== 1)
  return gap ? null : meanOf(sampleOf(study, (c) => values[c] ?? Number.NaN))
}

/** Sample sd of case means; with weights sum(w e^2) / sum(w) * n / (n - 1), which is the same for equal weights. */
const spreadOf = (sample: Sample): number | null => {
  const { weights } = sample.grouping
  const centre = meanOf(sample)
  const n = sample.values.length
  if (weights === undefined) return sampleSd(sample.values)
  if (centre === null || n < 2) return null
  let [squares, total] = [0, 0]
  sample.values.forEach((value, i) => {
    const weight = weights[i] ?? 1
    squares += weight * (value - centre) ** 2
    total += weight
  })
  return Math.sqrt((squares / total) * (n / (n - 1)))
}

/** Total cost over total successes (statistics.md 4.8), cases weighted; null without a success or with an unknown cost. */
const costPerSuccess = (study: Study, side: Side): number | null => {
  const cost = reportedMean(study, side, side.means.usd)
  if (cost === null || !side.passKnown) return null
  const sampled = sampleOf(study, (c) =>
    Number.isNaN(side.means.usd[c] ?? Number.NaN) ? Number.NaN : (side.means.passRate[c] ?? Number.NaN),
  )
  const successes = meanOf(sampled)
  return successes === null || successes === 0 ? null : cost / successes
}

const latencyQuantile = (side: Side, q: number): number | null =>
  side.latencies.length === 0 ? null : quantileOfSorted(side.latencies, q)

/**
 * Interval of mean quality. Scores of 0 and 1 get Wilson's, which stays inside [0, 1] and keeps a width where all are
 * equal (statistics.md section 1). Others get Student's, cut at 0 and 1, where no mean can lie; scores that are all equal
 * get Wilson's bound too, because no score in [0, 1] of that mean varies more than 0 and 1 do.
 */
const qualityInterval = (study: Study, sample: Sample, level: number): Interval => {
  if (study.binary.quality && !study.weighted && !study.clustered) {
    const pass = wilson(sample.values.filter((value) => value === 1).length, sample.values.length, { level })
    return 'kind' in pass ? null : pass.ci
  }
  const interval = studentInterval(sample.values, { ...sample.grouping, level })
  if (!('kind' in interval)) return [Math.max(0, interval.ci[0]), Math.min(1, interval.ci[1])]
  const units = unitsOf(sample)
  const centre = meanOf(sample)
  if (interval.reason !== 'constant' || centre === null || units < 2) return null
  const bound = wilson(centre * units, units, { level })
  return 'kind' in bound ? null : bound.ci
}

/** One line of the report: a variant on a model. `level` is that of its intervals. */
export const rowOf = (
  study: Study,
  side: Side,
  facts: { readonly version: number; readonly level: number },
): ReportRow => {
  const quality = sampleOf(study, (c) => side.means.quality[c] ?? Number.NaN)
  const pass = passRateOf(side, study, facts.level)
  return {
    variant: side.variant,
    model: side.model,
    version: facts.version,
    n: quality.values.length,
    mean: meanOf(quality),
    sd: spreadOf(quality),
    ci: qualityInterval(study, quality, facts.level),
    passed: side.passKnown ? side.passedCells.reduce((sum, passed) => sum + passed, 0) : null,
    passRate: pass.rate,
    passRateCi: pass.ci,
    failed: side.failed,
    inputTokens: reportedMean(study, side, side.means.inputTokens),
    outputTokens: reportedMean(study, side, side.means.outputTokens),
    costUsd: reportedMean(study, side, side.means.usd),
    costPerSuccessUsd: costPerSuccess(study, side),
    latencyMs: { p50: latencyQuantile(side, 0.5), p95: latencyQuantile(side, 0.95) },
  }
}
