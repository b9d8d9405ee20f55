/** Axes for the report's charts. */
export type Scale = {
  /** Data to pixels. */
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** 1, 2, 2.5 or 5 times a power of ten, so that about `wanted` ticks fit the span. */
const niceStep = (span: number, wanted: number): number => {
  const rough = span / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10
  return step * power
}

/** Linear axis over the data with a little air; equal data get a span of their own. */
export const linearScale = (
  values: readonly number[],
  range: readonly [number, number],
  limits: { readonly min?: number; readonly max?: number; readonly include?: number; readonly ticks?: number } = {},
): Scale => {
  const all = limits.include === undefined ? values : [...values, limits.include]
  let low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  let high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(low)) [low, high] = [0, 1]
  const air = high > low ? 0.06 * (high - low) : Math.max(0.05, 0.1 * Math.abs(high))
  low = Math.max(limits.min ?? Number.NEGATIVE_INFINITY, low - air)
  high = Math.min(limits.max ?? Number.POSITIVE_INFINITY, high + air)
  const step = niceStep(high - low, limits.ticks ?? 6)
  const ticks: number[] = []
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
    ticks.push(Number((k * step).toPrecision(12)))
  const [from, to] = range
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks }
}

/** Logarithmic axis for ratios and for costs that differ by more than a factor of ten; values are positive. */
export const logScale = (
  values: readonly number[],
  range: readonly [number, number],
  limits: { readonly include?: number } = {},
): Scale => {
  const all = limits.include === undefined ? values : [...values, limits.include]
  const logs = all.map(Math.log10)
  const inner = linearScale(logs, range, { ticks: 5 })
  // Within a factor of about four plain numbers make better ticks than powers of ten.
  const [least, most] = [Math.min(...logs), Math.max(...logs)]
  const span = most - least
  const factors = span < 0.8 ? [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : span < 2.5 ? [1, 2, 5] : [1]
  const air = Math.max(0.03, 0.06 * (most - least))
  const ticks: number[] = []
  for (let power = Math.floor(least) - 1; power <= Math.ceil(most) + 1; power++) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12))
      const position = Math.log10(tick)
      if (position >= least - air && position <= most + air) ticks.push(tick)
    }
  }
  return { at: (value) => inner.at(Math.log10(value)), ticks }
}
