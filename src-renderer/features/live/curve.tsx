import { linearScale } from '../../../src-core/experiment/render/chart-scale.ts'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatDuration } from '../../components/format.ts'
import marks from '../../run/plot/marks.module.css'
import { BottomAxis, LeftAxis, Plot } from '../../run/plot/plot.tsx'

type Point = { readonly elapsedMs: number; readonly value: number }
const mostRows = 30

/** A figure over the time of the run, as a line or as an area up to it; `limit` is drawn across. */
export const Curve = (props: {
  readonly title: string
  readonly summary: string
  readonly unit: string
  readonly points: readonly Point[]
  readonly format: (value: number) => string
  readonly area?: boolean
  readonly limit?: number | null
}) => {
  const { points, format } = props
  const limit = props.limit ?? null
  const height = 132
  const every = Math.max(1, Math.ceil(points.length / mostRows))
  return (
    <ChartWithTable
      title={props.title}
      summary={props.summary}
      height="own"
      table={{
        columns: [{ header: 'Time' }, { header: props.unit, align: 'end' }],
        rows: points
          .filter((_, index) => index % every === 0 || index === points.length - 1)
          .map(({ elapsedMs, value }) => [formatDuration(elapsedMs), format(value)]),
      }}
    >
      <Plot height={height}>
        {(width) => {
          const [left, right, top, bottom] = [64, width - 12, 8, height - 24]
          const times = points.map(({ elapsedMs }) => elapsedMs)
          const x = linearScale(times, [left, right], { min: Math.min(...times), ticks: 4 })
          const y = linearScale(
            [...points.map(({ value }) => value), ...(limit === null ? [] : [limit])],
            [bottom, top],
            { min: 0, include: 0, ticks: 3 },
          )
          const line = points.map(({ elapsedMs, value }) => `${x.at(elapsedMs).toFixed(1)},${y.at(value).toFixed(1)}`)
          const [first, last] = [points[0], points.at(-1)]
          return (
            <>
              <LeftAxis ticks={y.ticks} at={y.at} left={left} right={right} format={format} />
              <BottomAxis ticks={x.ticks} at={x.at} top={top} bottom={bottom} format={formatDuration} />
              {props.area === true && first !== undefined && last !== undefined ? (
                <polygon
                  className={marks.area}
                  points={`${x.at(first.elapsedMs)},${bottom} ${line.join(' ')} ${x.at(last.elapsedMs)},${bottom}`}
                />
              ) : null}
              <polyline className={marks.line} points={line.join(' ')} />
              {limit === null ? null : (
                <>
                  <line className={marks.limit} x1={left} x2={right} y1={y.at(limit)} y2={y.at(limit)} />
                  <text className={marks.note} x={right} y={y.at(limit) + 14} textAnchor="end">
                    cap {format(limit)}
                  </text>
                </>
              )}
            </>
          )
        }}
      </Plot>
    </ChartWithTable>
  )
}
