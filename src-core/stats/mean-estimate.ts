import { isConstant, magnitude, requireWeights, sum, unusable, weightedMean } from './describe.ts'
import { studentTQuantile } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'

/** How the values of a mean belong together. */
export type Grouping = {
  /** Case weights, ≥ 0; a case of weight 0 is left out and is no unit. */
  readonly weights?: readonly number[] | undefined
  /** Cluster key of each value; values of one cluster are dependent. */
  readonly clusters?: readonly (string | number)[] | undefined
  /** Largest magnitude the values were computed from, for telling rounding noise from spread. */
  readonly scale?: number | undefined
}

export type MeanEstimate = {
  /** Σwx/Σw. */
  readonly estimate: number
  readonly se: number
  /** units − 1. */
  readonly df: number
  /** Values with positive weight. */
  readonly n: number
  /** Independent units: clusters, or values where there are none. */
  readonly units: number
}

export type MeanInterval = MeanEstimate & { readonly ci: Bounds; readonly level: number }

/**
 * Mean with its standard error; values are one number per case (repetitions already averaged), any unit.
 *
 * μ̂ = Σwx/Σw; linearised (ratio estimator) with one total e_g = Σ_{i∈g} w_i(x_i − μ̂) per cluster g:
 * SE = √(G/(G−1)·Σ_g e_g²)/Σw, df = G − 1. Without clusters each case is its own g; with equal weights that is exactly
 * s/√n, and with clusters Liang-Zeger's sandwich with the factor G/(G−1) (statistics.md 3.1, 3.2; Cochran, Sampling
 * Techniques, 6.4 for the ratio form). Insufficient: empty, not-a-number, single-unit, constant.
 */
export const estimateMean = (values: readonly number[], grouping: Grouping = {}): MeanEstimate | Insufficient => {
  const bad = unusable(values)
  if (bad !== null) return bad
  const { clusters } = grouping
  requireThat(clusters === undefined || clusters.length === values.length, 'each value has one cluster key')
  const weights = grouping.weights ?? values.map(() => 1)
  requireWeights(values, weights)
  const total = sum(weights)
  const estimate = weightedMean(values, weights) as number
  const kept: number[] = []
  const totals = new Map<string | number, number>()
  values.forEach((x, i) => {
    const w = weights[i] as number
    if (w === 0) return
    kept.push(x)
    const key = clusters === undefined ? i : (clusters[i] as string | number)
    totals.set(key, (totals.get(key) ?? 0) + w * (x - estimate))
  })
  const units = totals.size
  if (units < 2) return insufficient('single-unit')
  if (isConstant(kept, grouping.scale)) return insufficient('constant')
  const errors = [...totals.values()]
  const squares = sum(errors.map((e) => e * e))
  const se = Math.sqrt((units / (units - 1)) * squares) / total
  // Whole clusters may cancel although the values differ; then the spread between units is as unknown as in constant data.
  if (se <= 1e-15 * magnitude(kept))
    return insufficient('constant', 'all clusters have the same mean, so the spread between them is unknown')
  return { estimate, se, df: units - 1, n: kept.length, units }
}

/** estimate ± t·SE. */
export const studentBounds = (estimate: MeanEstimate, level: number): Bounds => {
  requireLevel(level)
  const half = studentTQuantile(1 - (1 - level) / 2, estimate.df) * estimate.se
  return [estimate.estimate - half, estimate.estimate + half]
}

/**
 * Student interval of a (weighted, clustered) mean: μ̂ ± t_{1−α/2, units−1}·SE. May leave [0, 1]; report it as it is or use
 * `wilson` for shares. Insufficient as in `estimateMean`.
 */
export const studentInterval = (
  values: readonly number[],
  options: Grouping & { readonly level?: number | undefined } = {},
): MeanInterval | Insufficient => {
  const level = options.level ?? 0.95
  const estimated = estimateMean(values, options)
  return 'kind' in estimated ? estimated : { ...estimated, ci: studentBounds(estimated, level), level }
}
