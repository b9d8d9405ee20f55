import { isConstant, quantileOfSorted, requireWeights, sum, unusable, weightedMean } from './describe.ts'
import { normalCdf, normalQuantile } from './distributions.ts'
import type { Grouping } from './mean-estimate.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'

/** Counter-based draws in [0, 1): equal index, equal number. */
export type UniformAt = (index: number) => number

/**
 * Fills `picks` with uniform indices below `bound` for resample number `resample`. The stream is a pure function of the four
 * words drawn at 4·resample..4·resample+3, so any resample can be made alone; inside it sfc32 (Doty-Humphrey, PractRand)
 * runs, for a counter hash per draw would cost ten times as much.
 */
export const drawIndices = (picks: Uint32Array, bound: number, resample: number, uniform: UniformAt): void => {
  let a = Math.floor(uniform(4 * resample) * 4294967296) | 0
  let b = Math.floor(uniform(4 * resample + 1) * 4294967296) | 0
  let c = Math.floor(uniform(4 * resample + 2) * 4294967296) | 0
  let d = Math.floor(uniform(4 * resample + 3) * 4294967296) | 0
  const scale = bound / 4294967296
  for (let i = -12; i < picks.length; i++) {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    if (i >= 0) picks[i] = (t >>> 0) * scale
  }
}

export type BootstrapOptions = Grouping & {
  readonly resamples?: number | undefined
  readonly uniform: UniformAt
}

/**
 * Means of `resamples` (default 10,000) bootstrap samples of whole units: cases, or clusters where given (pooled mean: the
 * sum of the drawn clusters over their weight). Pass paired differences for the paired bootstrap. Insufficient: empty, not-a-number.
 */
export const bootstrapMeans = (values: readonly number[], options: BootstrapOptions): Float64Array | Insufficient => {
  const bad = unusable(values)
  if (bad !== null) return bad
  const { resamples = 10_000, clusters, uniform } = options
  const weights = options.weights ?? values.map(() => 1)
  requireWeights(values, weights)
  requireThat(clusters === undefined || clusters.length === values.length, 'each value has one cluster key')
  const totals: number[] = []
  const sizes: number[] = []
  const slots = new Map<string | number, number>()
  values.forEach((x, i) => {
    const w = weights[i] as number
    if (w === 0) return
    const key = clusters === undefined ? i : (clusters[i] as string | number)
    const slot = slots.get(key) ?? slots.set(key, totals.length).get(key) ?? 0
    totals[slot] = (totals[slot] ?? 0) + w * x
    sizes[slot] = (sizes[slot] ?? 0) + w
  })
  const sums = Float64Array.from(totals)
  const counts = Float64Array.from(sizes)
  const equal = counts.every((s) => s === counts[0])
  const picks = new Uint32Array(sums.length)
  const means = new Float64Array(resamples)
  const whole = (counts[0] as number) * sums.length
  for (let r = 0; r < resamples; r++) {
    drawIndices(picks, sums.length, r, uniform)
    means[r] = equal ? pickedSum(sums, picks) / whole : pickedSum(sums, picks) / pickedSum(counts, picks)
  }
  return means
}

const pickedSum = (from: Float64Array, picks: Uint32Array): number => {
  let total = 0
  for (let i = 0; i < picks.length; i++) total += from[picks[i] as number] as number
  return total
}

/** Values of any statistic on bootstrap samples; it receives the drawn indices (valid only during the call), each below `units`. */
export const bootstrapReplicates = (
  units: number,
  statistic: (picks: Uint32Array) => number,
  options: { readonly resamples?: number | undefined; readonly uniform: UniformAt },
): Float64Array => {
  requireThat(Number.isInteger(units) && units > 0, `a bootstrap needs units, not ${units}`)
  const picks = new Uint32Array(units)
  return Float64Array.from({ length: options.resamples ?? 10_000 }, (_, r) => {
    drawIndices(picks, units, r, options.uniform)
    return statistic(picks)
  })
}

/** Acceleration a = ΣU³/(6(ΣU²)^{3/2}) from influence values U; null when they are all equal (0/0). */
export const accelerationOf = (influences: readonly number[]): number | null => {
  const squares = sum(influences.map((u) => u * u))
  if (!(squares > 0) || isConstant(influences)) return null
  return sum(influences.map((u) => u ** 3)) / (6 * squares ** 1.5)
}

/** U_i = θ̄₍·₎ − θ₍₋ᵢ₎, from leave-one-out values of one sample. */
export const jackknifeInfluences = (leaveOneOut: readonly number[]): number[] => {
  const centre = sum(leaveOneOut) / leaveOneOut.length
  return leaveOneOut.map((x) => centre - x)
}

/** Acceleration for several independent samples: Σ_k ΣU³/n_k³ / (6(Σ_k ΣU²/n_k²)^{3/2}), U = (n_k−1)(θ̄₍·₎−θ₍₋ᵢ₎). Source: Efron and Tibshirani 1993, 15.36. */
export const accelerationOfSamples = (leaveOneOuts: readonly (readonly number[])[]): number | null =>
  accelerationOf(
    leaveOneOuts.flatMap((values) => jackknifeInfluences(values).map((u) => (u * (values.length - 1)) / values.length)),
  )

export type BootstrapInterval = {
  readonly estimate: number
  readonly ci: Bounds
  readonly level: number
  /** Standard deviation of the replicates. */
  readonly se: number
  /** 'percentile' where BCa was asked for but acceleration is 0/0. */
  readonly method: 'percentile' | 'bca'
  readonly bias: number | null
  readonly acceleration: number | null
  /** Probability levels read off the replicates. */
  readonly levels: Bounds
}

const replicateSd = (ascending: Float64Array): number => {
  let first = 0
  for (const x of ascending) first += x
  const centre = first / ascending.length
  let squares = 0
  for (const x of ascending) squares += (x - centre) ** 2
  return Math.sqrt(squares / (ascending.length - 1))
}

/**
 * Percentile interval (`acceleration` absent), or BCa: z₀ = Φ⁻¹((#{θ*<θ̂}+½#{θ*=θ̂})/B), level
 * Φ(z₀+(z₀+z_q)/(1−a(z₀+z_q))); quantiles type 7. With `acceleration: null` (0/0), or z₀ infinite, BCa falls back to
 * percentile and says so in `method`. Insufficient: empty, not-a-number, constant (all replicates equal).
 * Source: Efron 1987; statistics.md 4.6. Below about 20 clusters prefer t or sign-flip: the bootstrap undercovers.
 */
export const bootstrapInterval = (
  replicates: Float64Array | readonly number[],
  estimate: number,
  options: { readonly level?: number | undefined; readonly acceleration?: number | null | undefined } = {},
): BootstrapInterval | Insufficient => {
  const level = options.level ?? 0.95
  requireLevel(level)
  const ascending = Float64Array.from(replicates).sort()
  if (ascending.length === 0) return insufficient('empty')
  if (!ascending.every(Number.isFinite) || !Number.isFinite(estimate)) return insufficient('not-a-number')
  const low = ascending[0] as number
  const high = ascending[ascending.length - 1] as number
  if (high - low <= 4e-15 * Math.max(Math.abs(low), Math.abs(high))) return insufficient('constant')
  const tail = (1 - level) / 2
  const bias = biasOf(ascending, estimate)
  const acceleration = options.acceleration ?? null
  const usable = acceleration !== null && Number.isFinite(bias)
  const at = (q: number): number => {
    if (!usable) return q
    const z = bias + normalQuantile(q)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const levels: Bounds = [at(tail), at(1 - tail)]
  return {
    estimate,
    ci: [quantileOfSorted(ascending, levels[0]), quantileOfSorted(ascending, levels[1])],
    level,
    se: replicateSd(ascending),
    method: usable ? 'bca' : 'percentile',
    bias: usable ? bias : null,
    acceleration: usable ? acceleration : null,
    levels,
  }
}

/** z₀; a replicate equal to the estimate up to rounding counts half. */
const biasOf = (ascending: Float64Array, estimate: number): number => {
  const noise = 1e-12 * Math.abs(estimate)
  let below = 0
  let equal = 0
  for (const x of ascending) {
    if (x < estimate - noise) below++
    else if (x <= estimate + noise) equal++
  }
  return normalQuantile((below + equal / 2) / ascending.length)
}

/**
 * Percentile or BCa interval of a (weighted, clustered) mean; for paired data pass the differences. BCa's influence values
 * are those of leaving one unit out. Insufficient: empty, not-a-number, single-unit, constant.
 */
export const bootstrapMean = (
  values: readonly number[],
  options: BootstrapOptions & {
    readonly level?: number | undefined
    readonly method?: 'percentile' | 'bca' | undefined
  },
): BootstrapInterval | Insufficient => {
  const means = bootstrapMeans(values, options)
  if ('kind' in means) return means
  const weights = options.weights ?? values.map(() => 1)
  const used = values.filter((_, i) => (weights[i] as number) > 0)
  const keys = options.clusters?.filter((_, i) => (weights[i] as number) > 0)
  if ((keys === undefined ? used.length : new Set(keys).size) < 2) return insufficient('single-unit')
  if (isConstant(used, options.scale)) return insufficient('constant')
  const estimate = weightedMean(values, weights) as number
  const { level, method = 'bca' } = options
  if (method === 'percentile') return bootstrapInterval(means, estimate, { level })
  return bootstrapInterval(means, estimate, {
    level,
    acceleration: meanAcceleration(values, weights, options.clusters),
  })
}

const meanAcceleration = (
  values: readonly number[],
  weights: readonly number[],
  clusters: Grouping['clusters'],
): number | null => {
  const units = new Map<string | number, { total: number; size: number }>()
  values.forEach((x, i) => {
    const w = weights[i] as number
    if (w === 0) return
    const key = clusters === undefined ? i : (clusters[i] as string | number)
    const unit = units.get(key) ?? { total: 0, size: 0 }
    units.set(key, { total: unit.total + w * x, size: unit.size + w })
  })
  const all = [...units.values()]
  const total = sum(all.map((u) => u.total))
  const size = sum(all.map((u) => u.size))
  return accelerationOf(jackknifeInfluences(all.map((u) => (total - u.total) / (size - u.size))))
}
