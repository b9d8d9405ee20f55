import { linearScale } from '../../../src-core/experiment/render/chart-scale.ts'
import type { CompareRow } from '../../../src-main/workspace/experiment-types.ts'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatCount, formatDecimal } from '../../components/format.ts'
import marks from '../../run/plot/marks.module.css'
import { BottomAxis, Plot, RowName, tickText } from '../../run/plot/plot.tsx'
import { kinds } from './kinds.ts'

const most = 24

/** Both sides of each case on one line, largest change first. The ring is the baseline, the disc the candidate. */
export const Dumbbell = (props: {
  readonly rows: readonly CompareRow[]
  readonly total: number
  readonly names: { readonly baseline: string; readonly candidate: string }
}) => {
  const { names } = props
  const paired = props.rows.filter(({ difference }) => difference !== null)
  const rows = paired
    .toSorted((a, b) => Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0) || a.index - b.index)
    .slice(0, most)
  const rowHeight = 22
  const bottom = 8 + rows.length * rowHeight
  const left =
    rows.length < props.total
      ? ` The ${formatCount(rows.length)} largest changes of the first ${formatCount(paired.length)} pairs.`
      : ''
  return (
    <ChartWithTable
      title="Score by case"
      summary={`Ring: ${names.baseline}. Disc: ${names.candidate}.${left}`}
      height="own"
      table={{
        columns: [
          { header: 'Case' },
          { header: names.baseline, align: 'end' },
          { header: names.candidate, align: 'end' },
          { header: 'What changed' },
        ],
        rows: rows.map((row) => [
          row.case,
          formatDecimal(row.baseline.score),
          formatDecimal(row.candidate.score),
          kinds[row.kind].one,
        ]),
      }}
    >
      <Plot height={bottom + 40}>
        {(width) => {
          const from = Math.min(200, width * 0.34)
          const to = width - 16
          const scale = linearScale([0, 1], [from, to], { min: -0.02, max: 1.02 })
          return (
            <>
              <BottomAxis
                ticks={scale.ticks}
                at={scale.at}
                top={8}
                bottom={bottom}
                format={tickText}
                label="score"
                right={to}
              />
              {rows.map((row, index) => {
                const y = 8 + (index + 0.5) * rowHeight
                const [a, b] = [scale.at(row.baseline.score ?? 0), scale.at(row.candidate.score ?? 0)]
                const tone = kinds[row.kind].tone
                return (
                  <g key={row.position}>
                    <RowName text={row.case} x={from - 12} y={y} room={from - 16} />
                    <line className={marks.join} x1={a} x2={b} y1={y} y2={y} />
                    <circle className={marks.mark} data-tone={tone} cx={b} cy={y} r={4.5} />
                    <circle
                      className={marks.mark}
                      data-open
                      cx={a}
                      cy={y}
                      r={a === b ? 7 : 5}
                      fillOpacity={a === b ? 0 : 1}
                    />
                  </g>
                )
              })}
            </>
          )
        }}
      </Plot>
    </ChartWithTable>
  )
}
