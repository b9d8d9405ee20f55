import { estimateMean, type Grouping, type MeanEstimate, studentBounds } from './mean-estimate.ts'
import { tTestOf } from './paired-t.ts'
import { type Bounds, type Insufficient, requireThat } from './result.ts'

export type EquivalenceOptions = Grouping & { readonly alpha?: number | undefined }

export type NonInferiority = MeanEstimate & {
  readonly p: number
  readonly logP: number
  readonly margin: number
  /** Lower 1 − α bound of the difference. */
  readonly lower: number
  readonly nonInferior: boolean
}

const requireMargin = (margin: number): void =>
  requireThat(margin > 0 && Number.isFinite(margin), `a margin is positive, not ${margin}`)

/**
 * Non-inferiority of candidate − baseline (higher is better): p = P(T_{units−1} ≥ (d̄ + margin)/SE); non-inferior when
 * p ≤ α, that is when the lower 1 − α bound exceeds −margin. Weights and clusters as in `estimateMean`. The margin must
 * predate the data. Insufficient as in `estimateMean`. Source: statistics.md 4.7.
 */
export const nonInferiority = (
  differences: readonly number[],
  margin: number,
  options: EquivalenceOptions = {},
): NonInferiority | Insufficient => {
  requireMargin(margin)
  const alpha = options.alpha ?? 0.05
  const estimated = estimateMean(differences, options)
  if ('kind' in estimated) return estimated
  const test = tTestOf(estimated, { alternative: 'greater', null: -margin, level: 1 - alpha })
  return { ...estimated, p: test.p, logP: test.logP, margin, lower: test.ci[0], nonInferior: test.p <= alpha }
}

export type Tost = MeanEstimate & {
  /** The larger of both one-sided p. */
  readonly p: number
  readonly logP: number
  readonly pLower: number
  readonly pUpper: number
  readonly margin: number
  /** 1 − 2α interval; inside (−margin, margin) exactly when p < α. */
  readonly ci: Bounds
  readonly equivalent: boolean
}

/**
 * Two one-sided tests of |difference| < margin (Schuirmann 1987): p is the larger of the two; equivalently the 1 − 2α interval
 * lies inside (−margin, margin). Insufficient as in `estimateMean`. Source: statistics.md 4.7.
 */
export const tost = (
  differences: readonly number[],
  margin: number,
  options: EquivalenceOptions = {},
): Tost | Insufficient => {
  requireMargin(margin)
  const alpha = options.alpha ?? 0.05
  requireThat(alpha > 0 && alpha < 0.5, `alpha of two one-sided tests lies below one half, not ${alpha}`)
  const estimated = estimateMean(differences, options)
  if ('kind' in estimated) return estimated
  const lower = tTestOf(estimated, { alternative: 'greater', null: -margin })
  const upper = tTestOf(estimated, { alternative: 'less', null: margin })
  const p = Math.max(lower.p, upper.p)
  return {
    ...estimated,
    p,
    logP: Math.max(lower.logP, upper.logP),
    pLower: lower.p,
    pUpper: upper.p,
    margin,
    ci: studentBounds(estimated, 1 - 2 * alpha),
    equivalent: p <= alpha,
  }
}

/**
 * Intersection-union test: all of the claims hold only if each one does, so p is the largest of them and each is tested at
 * α without correction (Berger 1982). "Cheaper and not worse" is non-inferiority of quality and one-sided superiority of
 * log cost. A claim without a p makes the whole insufficient.
 */
export const intersectionUnion = (
  ...claims: readonly ({ readonly p: number } | Insufficient)[]
): { readonly p: number } | Insufficient => {
  requireThat(claims.length > 0, 'an intersection-union test needs a claim')
  let p = 0
  for (const claim of claims) {
    if ('kind' in claim) return claim
    p = Math.max(p, claim.p)
  }
  return { p }
}
