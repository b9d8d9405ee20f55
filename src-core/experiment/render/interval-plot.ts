import type { ReportRow } from '../../domain/report.ts'
import { score } from '../wording.ts'
import { axis, label, labelEnd, lineHeight, plotRight, px, shortNumber, svg, whisker } from './chart-frame.ts'
import { linearScale } from './chart-scale.ts'
import { escapeMarkup as esc } from './sanitise.ts'

export type NamedRow = { readonly name: string; readonly row: ReportRow; readonly isBaseline: boolean }

/** Mean quality of each variant x model with its interval; the baseline is a square, the others are dots. */
export const intervalPlot = (rows: readonly NamedRow[], levelWords: string): string => {
  const drawn = rows.flatMap(({ name, row, isBaseline }) =>
    row.mean === null ? [] : [{ name, row, isBaseline, mean: row.mean }],
  )
  if (drawn.length === 0) return ''
  const end = labelEnd(drawn.map(({ name }) => name))
  const plotLeft = end + 14
  const bottom = 12 + drawn.length * lineHeight
  const scale = linearScale(
    drawn.flatMap(({ mean, row }) => [mean, ...(row.ci ?? [])]),
    [plotLeft, plotRight],
    {
      min: Math.min(0, ...drawn.map(({ row }) => row.ci?.[0] ?? 0)),
      max: Math.max(1, ...drawn.map(({ row }) => row.ci?.[1] ?? 1)),
    },
  )
  const marks = drawn.map(({ name, row, isBaseline, mean }, i) => {
    const y = 12 + (i + 0.5) * lineHeight
    const x = scale.at(mean)
    const mark = isBaseline
      ? `<rect class="mark baseline" x="${px(x - 5)}" y="${px(y - 5)}" width="10" height="10"/>`
      : `<circle class="mark" cx="${px(x)}" cy="${px(y)}" r="5.5"/>`
    const interval = row.ci === null ? '' : whisker(scale, row.ci, y)
    const words = row.ci === null ? score(mean) : `${score(mean)}  (${score(row.ci[0])} to ${score(row.ci[1])})`
    return `${label(name, end, y)}${interval}${mark}<text class="value" x="${plotRight + 14}" y="${px(y + 5)}">${esc(words)}</text>`
  })
  const frame = {
    id: 'quality-chart',
    title: 'Mean quality with intervals',
    description: `Mean quality of each variant with its ${levelWords} interval. The table "Results" holds the same numbers.`,
    height: bottom + 30,
  }
  return svg(frame, axis(scale, 8, bottom, shortNumber) + marks.join(''))
}
