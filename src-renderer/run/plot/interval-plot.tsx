import { linearScale } from '../../../src-core/experiment/render/chart-scale.ts'
import classes from './marks.module.css'
import { BottomAxis, Plot, RowName, tickText } from './plot.tsx'

export type IntervalLine = {
  readonly name: string
  readonly value: number | null
  readonly ci: readonly [number, number] | null
  readonly square?: boolean
  /** At the right, such as "0.812". */
  readonly text: string
}

/** Means with their intervals on one axis; the square is the baseline. */
export const IntervalPlot = (props: { readonly lines: readonly IntervalLine[]; readonly axis: string }) => {
  const { lines } = props
  const rowHeight = 30
  const bottom = 8 + lines.length * rowHeight
  const values = lines.flatMap(({ value, ci }) => [...(value === null ? [] : [value]), ...(ci ?? [])])
  return (
    <Plot height={bottom + 40}>
      {(width) => {
        const left = Math.min(240, width * 0.3)
        const right = width - 72
        // Without intervals a narrow axis would make much of nothing: it then shows the whole range of a score.
        const drawn = lines.some(({ ci }) => ci !== null) ? values : [0, 1]
        const scale = linearScale(drawn, [left, right], { min: 0, max: 1 })
        return (
          <>
            <BottomAxis
              ticks={scale.ticks}
              at={scale.at}
              top={8}
              bottom={bottom}
              format={tickText}
              label={props.axis}
              right={right}
            />
            {lines.map(({ name, value, ci, square, text }, index) => {
              const y = 8 + (index + 0.5) * rowHeight
              return (
                <g key={name}>
                  <RowName text={name} x={left - 12} y={y} room={left - 16} />
                  {ci === null ? null : (
                    <path
                      className={classes.whisker}
                      d={`M${scale.at(ci[0])} ${y}H${scale.at(ci[1])}M${scale.at(ci[0])} ${y - 5}v10M${scale.at(ci[1])} ${y - 5}v10`}
                    />
                  )}
                  {value === null ? null : square === true ? (
                    <rect className={classes.mark} x={scale.at(value) - 5.5} y={y - 5.5} width={11} height={11} />
                  ) : (
                    <circle className={classes.mark} cx={scale.at(value)} cy={y} r={6} />
                  )}
                  <text className={classes.value} x={right + 12} y={y + 4}>
                    {text}
                  </text>
                </g>
              )
            })}
          </>
        )
      }}
    </Plot>
  )
}
