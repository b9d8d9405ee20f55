import { dollars } from '../wording.ts'
import { axis, px, shortNumber, svg, width } from './chart-frame.ts'
import { linearScale, logScale } from './chart-scale.ts'
import { escapeMarkup as esc } from './sanitise.ts'
import { clippedMiddle, displayWidth } from './text-layout.ts'

export type ScatterPoint = {
  readonly name: string
  readonly number: number
  readonly cost: number
  readonly quality: number
  readonly isFront: boolean
}

/** Not dominated: nothing else costs at most as much and is at least as good, and better in one of them. */
export const withFront = (points: readonly Omit<ScatterPoint, 'isFront'>[]): ScatterPoint[] =>
  points.map((point) => ({
    ...point,
    isFront: !points.some(
      (other) =>
        other.cost <= point.cost &&
        other.quality >= point.quality &&
        (other.cost < point.cost || other.quality > point.quality),
    ),
  }))

type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/** Labels beside their points, tried right, left, above and below; one that fits nowhere leaves its number to the table. */
const placeLabels = (
  points: readonly { readonly point: ScatterPoint; readonly x: number; readonly y: number }[],
): string => {
  const taken: Box[] = points.map(({ x, y }) => ({ x: x - 8, y: y - 8, w: 16, h: 16 }))
  return points
    .map(({ point, x, y }) => {
      const candidates = [`${point.number} ${clippedMiddle(point.name, 30)}`, String(point.number)].flatMap((text) => {
        const w = 7.6 * displayWidth(text)
        return [
          { text, x: x + 12, y: y - 8, w, h: 16 },
          { text, x: x - 12 - w, y: y - 8, w, h: 16 },
          { text, x: x - w / 2, y: y - 28, w, h: 16 },
          { text, x: x - w / 2, y: y + 12, w, h: 16 },
        ]
      })
      const box = candidates.find(
        (one) => one.x >= 60 && one.x + one.w <= width && !taken.some((other) => overlaps(one, other)),
      )
      if (box === undefined) return ''
      taken.push(box)
      return `<text class="label halo" x="${px(box.x)}" y="${px(box.y + 13)}">${esc(box.text)}</text>`
    })
    .join('')
}

/** Quality over cost; filled points on the dashed line are the Pareto front. */
export const scatterPlot = (points: readonly ScatterPoint[], costLabel: string, inTokens: boolean): string => {
  const [left, right, top, bottom] = [80, width - 40, 16, 340]
  const costs = points.map((point) => point.cost)
  const positive = costs.every((cost) => cost > 0)
  const wideRange = positive && Math.max(...costs) > 10 * Math.min(...costs)
  const x = wideRange ? logScale(costs, [left, right]) : linearScale(costs, [left, right], { min: 0, include: 0 })
  const y = linearScale(
    points.map((point) => point.quality),
    [bottom, top],
    { min: 0, max: 1.02 },
  )
  const placed = points.map((point) => ({ point, x: x.at(point.cost), y: y.at(point.quality) }))
  const front = placed.filter(({ point }) => point.isFront).sort((a, b) => a.x - b.x || b.y - a.y)
  const line = front.map((one) => `${px(one.x)},${px(one.y)}`).join(' ')
  const showCost = (value: number): string => (inTokens ? shortNumber(value) : dollars(value))
  const rows = y.ticks
    .map(
      (tick) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${px(y.at(tick))}" y2="${px(y.at(tick))}"/>` +
        `<text class="tick" x="${left - 10}" y="${px(y.at(tick) + 5)}" text-anchor="end">${shortNumber(tick)}</text>`,
    )
    .join('')
  const marks = placed
    .map(
      (one) =>
        `<circle class="mark ${one.point.isFront ? 'front' : 'open'}" cx="${px(one.x)}" cy="${px(one.y)}" r="6.5"/>`,
    )
    .join('')
  const frame = {
    id: 'cost-quality-chart',
    title: 'Quality over cost',
    description: `Mean quality of each variant over its ${costLabel}; filled points are on the Pareto front. The table below the chart holds the same numbers.`,
    height: bottom + 56,
  }
  const caption = `<text class="tick" x="${(left + right) / 2}" y="${bottom + 46}" text-anchor="middle">${esc(costLabel)}${wideRange ? ' (logarithmic)' : ''}</text>`
  const side = `<text class="tick" x="18" y="${(top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 18 ${(top + bottom) / 2})">mean quality</text>`
  return svg(
    frame,
    `${axis(x, top, bottom, showCost)}${rows}<polyline class="front-line" points="${line}"/>${marks}${placeLabels(placed)}${caption}${side}`,
  )
}
