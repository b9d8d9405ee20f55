import { higherIsBetter, type Metric } from '../../domain/objective.ts'
import type { Comparison } from '../../domain/report.ts'
import { inUnit, metricLabel, signed, times } from '../wording.ts'
import { axis, label, labelEnd, lineHeight, plotRight, px, shortNumber, svg, whisker } from './chart-frame.ts'
import { linearScale, logScale } from './chart-scale.ts'
import { escapeMarkup as esc } from './sanitise.ts'

/** Triangle up: better; down: worse; square: equivalent; diamond: cheaper; ring: not shown. */
const verdictMark = (verdict: Comparison['verdict'], x: number, y: number): string => {
  const points = (list: readonly (readonly [number, number])[]): string =>
    list.map(([dx, dy]) => `${px(x + dx)},${px(y + dy)}`).join(' ')
  switch (verdict) {
    case 'better':
      return `<polygon class="mark good" points="${points([
        [0, -7],
        [7, 6],
        [-7, 6],
      ])}"/>`
    case 'worse':
      return `<polygon class="mark bad" points="${points([
        [0, 7],
        [7, -6],
        [-7, -6],
      ])}"/>`
    case 'cheaper-not-worse':
      return `<polygon class="mark good" points="${points([
        [0, -7],
        [7, 0],
        [0, 7],
        [-7, 0],
      ])}"/>`
    case 'equivalent':
      return `<rect class="mark same" x="${px(x - 5.5)}" y="${px(y - 5.5)}" width="11" height="11"/>`
    case 'not-enough-data':
    case 'invalid':
      return `<circle class="mark open" cx="${px(x)}" cy="${px(y)}" r="5.5"/>`
  }
}

/** What lies left and right of "no difference". */
const directions = (metric: Metric): readonly [string, string] => {
  if (metric === 'cost') return ['cheaper', 'more expensive']
  if (metric === 'latency') return ['faster', 'slower']
  return higherIsBetter(metric) ? ['worse', 'better'] : ['better', 'worse']
}

export type NamedComparison = { readonly name: string; readonly comparison: Comparison; readonly verdict: string }

/** Differences (or ratios) of one metric with simultaneous intervals around "no difference". */
export const forestPlot = (comparisons: readonly NamedComparison[], id: string): string => {
  const drawn = comparisons.flatMap(({ name, comparison, verdict }) => {
    const estimate = comparison.ratio ?? comparison.difference
    return estimate === null || comparison.verdict === 'invalid' ? [] : [{ name, comparison, verdict, estimate }]
  })
  const first = drawn[0]?.comparison
  if (first === undefined) return ''
  const ratio = first.ratio !== null
  const end = labelEnd(drawn.map(({ name }) => name))
  const plotLeft = end + 14
  const bottom = 34 + drawn.length * lineHeight
  const values = drawn.flatMap(({ comparison, estimate }) => [estimate, ...(comparison.ci ?? [])])
  const none = ratio ? 1 : 0
  const scale = (ratio ? logScale : linearScale)(values, [plotLeft, plotRight], { include: none })
  const middle = px(scale.at(none))
  const { margin } = first
  const clampX = (x: number): number => Math.min(plotRight, Math.max(plotLeft, x))
  const [marginFrom, marginTo] =
    ratio || margin === null ? [0, 0] : [clampX(scale.at(-margin)), clampX(scale.at(margin))]
  const band =
    marginTo > marginFrom
      ? `<rect class="margin" x="${px(marginFrom)}" y="28" width="${px(marginTo - marginFrom)}" height="${bottom - 28}"/>`
      : ''
  const [less, more] = directions(first.metric)
  const show = ratio ? times : signed
  const marks = drawn.map(({ name, comparison, verdict, estimate }, i) => {
    const y = 34 + (i + 0.5) * lineHeight
    const interval = comparison.ci === null ? '' : whisker(scale, comparison.ci, y)
    return `${label(name, end, y)}${interval}${verdictMark(comparison.verdict, scale.at(estimate), y)}<text class="value" x="${plotRight + 14}" y="${px(y + 5)}">${esc(`${show(estimate)}  ${verdict}`)}</text>`
  })
  const frame = {
    id,
    title: `${metricLabel(first.metric)}: ${ratio ? 'ratios' : 'differences'} with simultaneous intervals`,
    description: `Each line is one comparison; the vertical line is "no difference". The table of comparisons holds the same numbers.`,
    height: bottom + 30,
  }
  const direction =
    `<text class="tick" x="${px(scale.at(none) - 10)}" y="18" text-anchor="end">← ${less}</text>` +
    `<text class="tick" x="${px(scale.at(none) + 10)}" y="18">${more} →</text>`
  const ticks = axis(scale, 28, bottom, ratio ? (tick) => `${shortNumber(tick)}×` : shortNumber)
  return svg(
    frame,
    `${band}${ticks}<line class="zero" x1="${middle}" x2="${middle}" y1="24" y2="${bottom}"/>${direction}${marks.join('')}`,
  )
}

export const differenceWords = ({
  metric,
  difference,
  ratio,
  ci,
}: Comparison): { readonly effect: string; readonly interval: string } => {
  if (difference === null) return { effect: '-', interval: '-' }
  if (ratio !== null)
    return { effect: `${times(ratio)}×`, interval: ci === null ? '-' : `${times(ci[0])}× to ${times(ci[1])}×` }
  const show = metric === 'quality' || metric === 'passRate' ? signed : (value: number) => inUnit(metric, value)
  return { effect: show(difference), interval: ci === null ? '-' : `${show(ci[0])} to ${show(ci[1])}` }
}
