import { finiteMean, isConstant, magnitude, sum, unusable } from './describe.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

export type RepetitionComponents = {
  readonly mean: number
  readonly caseMeanSquare: number
  readonly errorMeanSquare: number
  /** ω̂² = max(0, (MS_c − MS_e)/R). */
  readonly caseVariance: number
  /** σ̂² = MS_e. */
  readonly repetitionVariance: number
  /** ω̂²/(ω̂²+σ̂²). */
  readonly icc: number
  /** Repetitions per case; for unequal numbers the moment estimator's n₀. */
  readonly repetitions: number
  readonly cases: number
  /** Standard error of the mean of case means. */
  readonly seMean: number
  /** Every case repeats one value: repetitions are copies (temperature 0, cache) and must not be counted. */
  readonly copied: boolean
}

/**
 * Random-effects components of scores[case][repetition] by analysis of variance: Var(μ̂) = (ω²+σ²/R)/C. Unequal numbers of
 * repetitions use n₀ = (N − Σn²/N)/(C−1). Insufficient: empty, not-a-number, single-unit (one case), too-few-units (no case
 * was repeated), constant. Source: Searle, Casella, McCulloch 1992; statistics.md 3.4.
 */
export const repetitionComponents = (scores: readonly (readonly number[])[]): RepetitionComponents | Insufficient => {
  const all = scores.flat()
  const bad = unusable(all) ?? (scores.some((c) => c.length === 0) ? insufficient('empty') : null)
  if (bad !== null) return bad
  const cases = scores.length
  const n = all.length
  if (cases < 2) return insufficient('single-unit')
  if (n === cases) return insufficient('too-few-units', 'no case was repeated')
  if (isConstant(all)) return insufficient('constant')
  const means = scores.map(finiteMean)
  const grand = finiteMean(all)
  const repetitions = (n - sum(scores.map((c) => c.length ** 2)) / n) / (cases - 1)
  const caseMeanSquare = sum(scores.map((c, i) => c.length * ((means[i] as number) - grand) ** 2)) / (cases - 1)
  const copied = scores.every((c) => isConstant(c, magnitude(c)))
  const errorMeanSquare = copied
    ? 0
    : sum(scores.map((c, i) => sum(c.map((y) => (y - (means[i] as number)) ** 2)))) / (n - cases)
  const caseVariance = Math.max(0, (caseMeanSquare - errorMeanSquare) / repetitions)
  const mean = finiteMean(means)
  const spread = sum(means.map((m) => (m - mean) ** 2)) / (cases - 1)
  return {
    mean,
    caseMeanSquare,
    errorMeanSquare,
    caseVariance,
    repetitionVariance: errorMeanSquare,
    icc: caseVariance / (caseVariance + errorMeanSquare),
    repetitions,
    cases,
    seMean: Math.sqrt(spread / cases),
    copied,
  }
}

/** Design effect 1 + (m̄−1)·ICC of clusters of mean size m̄, at least 1 for a negative ICC estimate. Source: Kish 1965. */
export const designEffect = (meanClusterSize: number, icc: number): number => {
  requireThat(meanClusterSize >= 1 && icc <= 1, 'clusters hold at least one value and the ICC is at most 1')
  return 1 + (meanClusterSize - 1) * Math.max(0, icc)
}

export type CrossedComponents = {
  readonly rowMeanSquare: number
  readonly columnMeanSquare: number
  readonly errorMeanSquare: number
  readonly rowVariance: number
  readonly columnVariance: number
  readonly errorVariance: number
}

/** Components of a complete rows × columns table with one value per cell, both factors random. Insufficient: empty, not-a-number, single-unit, constant. */
export const crossedComponents = (rows: readonly (readonly number[])[]): CrossedComponents | Insufficient => {
  const columns = rows[0]?.length ?? 0
  requireThat(
    rows.every((r) => r.length === columns),
    'a crossed table is complete',
  )
  const all = rows.flat()
  const bad = unusable(all)
  if (bad !== null) return bad
  if (rows.length < 2 || columns < 2) return insufficient('single-unit')
  if (isConstant(all)) return insufficient('constant')
  const grand = finiteMean(all)
  const rowMeans = rows.map(finiteMean)
  const columnMeans = Array.from({ length: columns }, (_, j) => finiteMean(rows.map((r) => r[j] as number)))
  const square = (values: readonly number[]): number => sum(values.map((m) => (m - grand) ** 2))
  const rowMeanSquare = (columns * square(rowMeans)) / (rows.length - 1)
  const columnMeanSquare = (rows.length * square(columnMeans)) / (columns - 1)
  const residual = rows.flatMap((r, i) =>
    r.map((y, j) => (y - (rowMeans[i] as number) - (columnMeans[j] as number) + grand) ** 2),
  )
  const errorMeanSquare = sum(residual) / ((rows.length - 1) * (columns - 1))
  return {
    rowMeanSquare,
    columnMeanSquare,
    errorMeanSquare,
    rowVariance: Math.max(0, (rowMeanSquare - errorMeanSquare) / columns),
    columnVariance: Math.max(0, (columnMeanSquare - errorMeanSquare) / rows.length),
    errorVariance: errorMeanSquare,
  }
}
