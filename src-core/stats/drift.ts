import { requireThat } from './result.ts'

/** An alarm that can never ring, because a value is not a number, must not look like calm. */
const requireFinite = (values: readonly number[], what: string): void =>
  requireThat(values.every(Number.isFinite), `${what} takes finite numbers`)

/**
 * One-sided CUSUM for a rise: S_t = max(0, S_{t−1}+x_t−k) of standardised values, from `headStart` (a fast initial response
 * when not 0). Alarm at the first S_t > h. RangeError for a value that is not finite. Source: Page 1954; Lucas and Crosier 1982.
 */
export const cusum = (values: readonly number[], allowance = 0.5, headStart = 0): number[] => {
  requireFinite([...values, allowance, headStart], 'a CUSUM')
  let s = headStart
  return values.map((x) => {
    s = Math.max(0, s + x - allowance)
    return s
  })
}

/**
 * Siegmund's average run length of a one-sided CUSUM of standard normal values whose mean moved by `shift`:
 * (e^{−2Db}+2Db−1)/(2D²), D = shift−k, b = h+1.166; b² at D = 0. Without shift: how long until a false alarm.
 * A two-sided chart has 1/(1/ARL(shift)+1/ARL(−shift)). Source: Siegmund 1985.
 */
export const siegmundRunLength = (threshold: number, allowance = 0.5, shift = 0): number => {
  requireThat(threshold > 0, `a threshold is positive, not ${threshold}`)
  requireFinite([threshold, allowance, shift], 'a run length')
  const drift = shift - allowance
  const b = threshold + 1.166
  const product = drift * b
  if (Math.abs(product) < 1e-5) return b * b * (1 - (2 / 3) * product)
  return (Math.expm1(-2 * product) + 2 * product) / (2 * drift * drift)
}

export type PageHinkley = {
  /** max m − m after each value. */
  readonly statistics: readonly number[]
  /** Number of the first value (from 1) at which the statistic passes λ; null while there is no alarm. */
  readonly alarm: number | null
}

/**
 * Page-Hinkley for a drop: m += x − mean + δ, alarm when max m − m > λ. Feed the difference to the incumbent, not the raw
 * score, so that harder traffic is no drift; λ of 50, usual elsewhere, is nearly deaf on [0, 1]. Source: Page 1954.
 */
export const pageHinkley = (
  values: readonly number[],
  options: { readonly threshold: number; readonly tolerance?: number; readonly minimum?: number },
): PageHinkley => {
  const { threshold, tolerance = 0.005, minimum = 1 } = options
  requireThat(threshold > 0 && tolerance >= 0, 'a threshold is positive and a tolerance not negative')
  requireFinite(values, 'the Page-Hinkley statistic')
  let [total, m, top] = [0, 0, 0]
  let alarm: number | null = null
  const statistics = values.map((x, i) => {
    total += x
    m += x - total / (i + 1) + tolerance
    top = Math.max(top, m)
    const statistic = top - m
    if (alarm === null && i + 1 >= minimum && statistic > threshold) alarm = i + 1
    return statistic
  })
  return { statistics, alarm }
}

/**
 * ADWIN's bound on the difference of the means of two windows of values in [0, 1]:
 * √((2/m)σ²·ln(2/δ′)) + (2/(3m))·ln(2/δ′), 1/m = 1/n₀+1/n₁, δ′ = δ/ln(n₀+n₁). A larger difference cuts the older window
 * off. Source: Bifet and Gavaldà 2007; implementations differ in m.
 */
export const adwinBound = (n0: number, n1: number, variance: number, delta = 0.002): number => {
  requireThat(n0 > 0 && n1 > 0 && variance >= 0 && delta > 0, 'two windows need values and a delta')
  const inverse = 1 / n0 + 1 / n1
  const log = Math.log(2 / (delta / Math.log(n0 + n1)))
  return Math.sqrt(2 * inverse * variance * log) + (2 / 3) * inverse * log
}
