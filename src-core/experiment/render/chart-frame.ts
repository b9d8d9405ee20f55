import type { Scale } from './chart-scale.ts'
import { escapeMarkup as esc } from './sanitise.ts'
import { clippedMiddle, displayWidth } from './text-layout.ts'

/** What all charts share. Inline SVG without scripts. Shapes and words carry the meaning, colours only repeat it. Each has a table twin. */

export const width = 960
const valueWidth = 210
export const lineHeight = 30
export const plotRight = width - valueWidth - 12
const longestLabel = 38

/** Room for the labels of this chart: about 7.8 pixels a column at 14 pixels type. */
export const labelEnd = (names: readonly string[]): number =>
  7.8 * Math.min(longestLabel, Math.max(8, ...names.map(displayWidth)))

export const px = (value: number): string => String(Math.round(10 * value) / 10)

type Frame = { readonly id: string; readonly title: string; readonly description: string; readonly height: number }

export const svg = ({ id, title, description, height }: Frame, body: string): string =>
  `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">` +
  `<title id="${id}-title">${esc(title)}</title><desc id="${id}-desc">${esc(description)}</desc>${body}</svg>`

export const label = (text: string, end: number, y: number): string => {
  const short = clippedMiddle(text, longestLabel)
  const full = short === text ? '' : `<title>${esc(text)}</title>`
  return `<text class="label" x="${px(end)}" y="${px(y + 5)}" text-anchor="end">${full}${esc(short)}</text>`
}

export const axis = (scale: Scale, top: number, bottom: number, show: (value: number) => string): string =>
  scale.ticks
    .map(
      (tick) =>
        `<line class="grid" x1="${px(scale.at(tick))}" x2="${px(scale.at(tick))}" y1="${top}" y2="${bottom}"/>` +
        `<text class="tick" x="${px(scale.at(tick))}" y="${bottom + 20}" text-anchor="middle">${esc(show(tick))}</text>`,
    )
    .join('')

export const whisker = (scale: Scale, ci: readonly [number, number], y: number): string => {
  const [a, b] = [px(scale.at(ci[0])), px(scale.at(ci[1]))]
  return (
    `<line class="whisker" x1="${a}" x2="${b}" y1="${y}" y2="${y}"/>` +
    `<line class="whisker" x1="${a}" x2="${a}" y1="${y - 5}" y2="${y + 5}"/>` +
    `<line class="whisker" x1="${b}" x2="${b}" y1="${y - 5}" y2="${y + 5}"/>`
  )
}

export const shortNumber = (value: number): string => String(Number(value.toPrecision(4)))
