import { unusable } from './describe.ts'
import { type Bounds, type Insufficient, insufficient, requireThat } from './result.ts'
import {
  alwaysValidP,
  asymptoticRadius,
  asymptoticRhoSquared,
  normalMixtureLogE,
  requireAlpha,
} from './sequential-normal.ts'

/** Fewer units than this are not asymptotic (statistics.md section 5). */
export const asymptoticFrom = 100

export type AsymptoticSequence = {
  readonly estimate: number
  /** Intersection over all times from `from` on; null when it is empty. */
  readonly ci: Bounds | null
  readonly violated: boolean
  /** Always-valid p of "the mean is `against`". */
  readonly p: number
  /** The same by the evidence of one direction alone: that the mean lies above `against`, or below. Never below `p`. */
  readonly pAbove: number
  readonly pBelow: number
  readonly level: number
  readonly n: number
}

export type AsymptoticOptions = {
  readonly alpha?: number | undefined
  /** Units at which the sequence is tightest, fixed beforehand; default 100. */
  readonly optimalUnits?: number | undefined
  /** Units before the first look; default 100, at least 2. */
  readonly from?: number | undefined
  /** Mean to test; default 0. */
  readonly against?: number | undefined
  /** Share of each unit, ≥ 0: the target becomes Σwx/Σw. */
  readonly weights?: readonly number[] | undefined
}

/**
 * Asymptotic confidence sequence of a mean of unbounded values (log ratios of cost or latency), one per independent unit:
 * μ̂_t ± `asymptoticRadius`, looked at after every unit from `from` on. With weights u = w/w̄ the linearised values u(x−μ̂)
 * give σ̂. Holds at all times at once, approximately for many units. Source: Waudby-Smith et al. (arXiv 2103.06476).
 * Insufficient: empty, not-a-number, too-few-units (fewer than `from`), constant.
 */
export const asymptoticSequence = (
  values: readonly number[],
  options: AsymptoticOptions = {},
): AsymptoticSequence | Insufficient => {
  const { alpha = 0.05, optimalUnits = 100, from = asymptoticFrom, against = 0, weights } = options
  requireAlpha(alpha)
  requireThat(Number.isInteger(from) && from >= 2, 'an asymptotic sequence starts at 2 units or later')
  requireThat(weights === undefined || weights.length === values.length, 'each value has one weight')
  const bad = unusable(values)
  if (bad !== null) return bad
  const rhoSquared = asymptoticRhoSquared({ optimalTime: optimalUnits, alpha })
  let [size, mean, sizeSquares, products, squares] = [0, 0, 0, 0, 0]
  let [low, high, above, below, looks] = [-Infinity, Infinity, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const w = weights?.[i] ?? 1
    const x = values[i] as number
    size += w
    // Weighted moments about the running mean: Σw²(x−μ̂)² from Σw², Σw²(x−a), Σw²(x−a)², a the mean before.
    const shift = (w / size) * (x - mean)
    const offset = x - mean
    sizeSquares += w * w
    products += w * w * offset
    squares += w * w * offset * offset
    mean += shift
    squares += -2 * shift * products + shift * shift * sizeSquares
    products -= shift * sizeSquares
    const t = i + 1
    if (t < from) continue
    const sd = (Math.sqrt(Math.max(0, squares) / (t - 1)) * t) / size
    if (!(sd > 1e-15 * Math.abs(mean))) continue
    looks++
    const radius = asymptoticRadius(sd, t, { alpha, rhoSquared })
    low = Math.max(low, mean - radius)
    high = Math.min(high, mean + radius)
    const logE = normalMixtureLogE((t * (mean - against)) / sd, t, 1 / rhoSquared)
    if (mean > against) above = Math.max(above, logE)
    else below = Math.max(below, logE)
  }
  if (values.length < from) {
    return insufficient('too-few-units', `an asymptotic sequence needs ${from} independent units, not ${values.length}`)
  }
  if (looks === 0) return insufficient('constant')
  const violated = low > high
  return {
    estimate: mean,
    ci: violated ? null : [low, high],
    violated,
    p: alwaysValidP(Math.max(above, below)),
    pAbove: alwaysValidP(above),
    pBelow: alwaysValidP(below),
    level: 1 - alpha,
    n: values.length,
  }
}
