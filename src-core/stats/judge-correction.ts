import { sampleCovariance, sampleVariance, sum, unusable } from './describe.ts'
import { normalQuantile, studentTQuantile } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'

export type Corrected = {
  readonly estimate: number
  readonly se: number
  readonly ci: Bounds
  readonly level: number
}

export type JudgeRates = {
  /** Share of positive verdicts among all `judged` items, all of them judged by the judge alone. */
  readonly rate: number
  readonly judged: number
  /** Share of truly positive items the judge calls positive, from `positives` human-rated ones. */
  readonly sensitivity: number
  readonly positives: number
  /** Share of truly negative items the judge calls negative, from `negatives` human-rated ones. */
  readonly specificity: number
  readonly negatives: number
}

/** Below this much discrimination (sensitivity + specificity − 1) a judge cannot be corrected. */
export const leastDiscrimination = 0.2

/**
 * Rogan and Gladen's true rate of a yes/no judge: θ = (p+sp−1)/(se+sp−1), clamped to [0, 1];
 * Var = [p(1−p)/n + (1−θ)²·sp(1−sp)/m₀ + θ²·se(1−se)/m₁]/(se+sp−1)². Valid only where sensitivity and specificity are the
 * same for every variant. Source: Rogan and Gladen 1978. Insufficient: empty, out-of-domain (discrimination below .2).
 */
export const roganGladen = (rates: JudgeRates, level = 0.95): Corrected | Insufficient => {
  requireLevel(level)
  const { rate, sensitivity, specificity, judged, positives, negatives } = rates
  requireThat(
    [rate, sensitivity, specificity].every((p) => p >= 0 && p <= 1),
    'rates lie in [0, 1]',
  )
  if (judged <= 0 || positives <= 0 || negatives <= 0) return insufficient('empty')
  const discrimination = sensitivity + specificity - 1
  if (discrimination < leastDiscrimination) {
    return insufficient('out-of-domain', 'the judge hardly tells good from bad; its verdicts cannot be corrected')
  }
  const estimate = Math.min(1, Math.max(0, (rate + specificity - 1) / discrimination))
  const variance =
    (rate * (1 - rate)) / judged +
    ((1 - estimate) ** 2 * specificity * (1 - specificity)) / negatives +
    (estimate ** 2 * sensitivity * (1 - sensitivity)) / positives
  const se = Math.sqrt(variance) / discrimination
  const half = normalQuantile(1 - (1 - level) / 2) * se
  return { estimate, se, ci: [Math.max(0, estimate - half), Math.min(1, estimate + half)], level }
}

export type PredictionPowered = Corrected & {
  /** Trust in the judge, 0 to 1: 0 uses the human ratings alone. */
  readonly lambda: number
  /** Mean of the human ratings alone with its standard error, for comparison. */
  readonly humanMean: number
  readonly humanSe: number
  /** Human mean minus the judge's mean on the same items: how much the judge flatters when negative. */
  readonly bias: number
  /** Independent units with and without a human rating. */
  readonly labelled: number
  readonly unlabelled: number
}

export type PredictionOptions = {
  /** 'tuned' (PPI++): Cov(Y,f)/((1+n/N)·Var f), in [0, 1]; or a number fixed beforehand. Default tuned. */
  readonly lambda?: 'tuned' | number | undefined
  /** Covariance and variances ÷(n−1) (default) or ÷n, as the package ppi_py has them (Var f of λ excepted). */
  readonly moments?: 'sample' | 'population' | undefined
  readonly level?: number | undefined
}

export type JudgedData = {
  /** Human rating of each labelled unit. */
  readonly human: readonly number[]
  /** The judge's rating of the same units. */
  readonly judge: readonly number[]
  /** The judge's rating of units without a human one. */
  readonly judgeOnly: readonly number[]
}

/**
 * PPI++ mean of what people would have said: θ̂ = λ·mean(f_U) + mean(Y−λf_L), Var = λ²s²(f_U)/N + s²(Y−λf_L)/n, with the
 * λ that makes it least. Human ratings must be of a random subset of the same population; one value per independent unit.
 * The interval takes Student's t with n − 1 degrees of freedom, because the human sample is the small one.
 * For two variants pass differences d_c (`ppiPaired`). Source: Angelopoulos, Duchi, Zrnic (arXiv 2311.01453).
 * Insufficient: empty, not-a-number, single-unit, constant (nothing varies among the human ratings and corrections).
 */
export const ppiMean = (data: JudgedData, options: PredictionOptions = {}): PredictionPowered | Insufficient => {
  const { human, judge, judgeOnly } = data
  const { lambda: wanted = 'tuned', moments = 'sample', level = 0.95 } = options
  requireLevel(level)
  requireThat(human.length === judge.length, 'each human rating has one of the judge')
  const bad = unusable([...human, ...judge, ...judgeOnly])
  if (human.length === 0) return insufficient('empty', 'no unit has a human rating')
  if (bad !== null) return bad
  const n = human.length
  const unlabelled = judgeOnly.length
  if (n < 2) return insufficient('single-unit', 'only one unit has a human rating')
  const shrink = (length: number): number => (moments === 'sample' ? 1 : (length - 1) / length)
  const variance = (values: readonly number[]): number => (sampleVariance(values) ?? 0) * shrink(values.length)
  const mean = (values: readonly number[]): number => sum(values) / values.length
  // ppi_py too divides this one variance by n − 1.
  const pooled = sampleVariance([...judge, ...judgeOnly]) ?? 0
  const tuned = (): number => {
    const covariance = (sampleCovariance(human, judge) ?? 0) * shrink(n)
    const best = covariance / ((1 + n / unlabelled) * pooled)
    return pooled > 0 && Number.isFinite(best) ? Math.min(1, Math.max(0, best)) : 0
  }
  const lambda = unlabelled < 2 ? 0 : wanted === 'tuned' ? tuned() : wanted
  const corrections = human.map((y, i) => y - lambda * (judge[i] as number))
  const fromJudge = lambda === 0 ? 0 : lambda * mean(judgeOnly)
  const judgeVariance = lambda === 0 ? 0 : (lambda * lambda * variance(judgeOnly)) / unlabelled
  const se = Math.sqrt(judgeVariance + variance(corrections) / n)
  if (!(se > 0)) return insufficient('constant')
  const estimate = fromJudge + mean(corrections)
  const half = studentTQuantile(1 - (1 - level) / 2, n - 1) * se
  return {
    estimate,
    se,
    ci: [estimate - half, estimate + half],
    level,
    lambda,
    humanMean: mean(human),
    humanSe: Math.sqrt(variance(human) / n),
    bias: mean(human) - mean(judge),
    labelled: n,
    unlabelled,
  }
}

/** One item (a case, or an answer to it); `human` is null where no person rated it. */
export type JudgedItem = {
  readonly unit: string | number
  readonly human: number | null
  readonly judge: number
}

/**
 * `ppiMean` over independent units (cases, or clusters of them): items of a unit are averaged. A unit with some human
 * ratings is labelled by those items; its other items are left out, since they are not independent of them.
 */
export const ppiOfUnits = (
  items: readonly JudgedItem[],
  options: PredictionOptions = {},
): PredictionPowered | Insufficient => {
  const units = new Map<string | number, JudgedItem[]>()
  for (const item of items) units.set(item.unit, [...(units.get(item.unit) ?? []), item])
  const data = { human: [] as number[], judge: [] as number[], judgeOnly: [] as number[] }
  const mean = (values: readonly number[]): number => sum(values) / values.length
  for (const unit of units.values()) {
    const rated = unit.filter((item) => item.human !== null)
    if (rated.length === 0) data.judgeOnly.push(mean(unit.map((item) => item.judge)))
    else {
      data.human.push(mean(rated.map((item) => item.human as number)))
      data.judge.push(mean(rated.map((item) => item.judge)))
    }
  }
  return ppiMean(data, options)
}

/** Both sides' ratings of one case; humans rated both answers or none. */
export type JudgedPair = {
  readonly unit: string | number
  readonly human: { readonly candidate: number; readonly baseline: number } | null
  readonly judge: { readonly candidate: number; readonly baseline: number }
}

/**
 * Corrected paired difference, candidate − baseline: PPI++ on d_c = candidate − baseline per case, so that what the judge
 * gets wrong on both sides alike cancels. Clusters by `unit`. Insufficient as in `ppiMean`.
 */
export const ppiPaired = (
  pairs: readonly JudgedPair[],
  options: PredictionOptions = {},
): PredictionPowered | Insufficient =>
  ppiOfUnits(
    pairs.map(({ unit, human, judge }) => ({
      unit,
      human: human === null ? null : human.candidate - human.baseline,
      judge: judge.candidate - judge.baseline,
    })),
    options,
  )
