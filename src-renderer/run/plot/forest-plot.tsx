import type { Comparison } from '../../../src-core/domain/report.ts'
import { linearScale, logScale } from '../../../src-core/experiment/render/chart-scale.ts'
import { signed, times } from '../../../src-core/experiment/wording.ts'
import classes from './marks.module.css'
import { BottomAxis, Plot, RowName, tickText } from './plot.tsx'
import { VerdictMark } from './verdict-mark.tsx'

export type ForestLine = { readonly name: string; readonly comparison: Comparison; readonly verdict: string }

/** Differences (or ratios) of one metric with simultaneous intervals around "no difference"; the band is the margin. */
export const ForestPlot = (props: {
  readonly lines: readonly ForestLine[]
  readonly less: string
  readonly more: string
}) => {
  const drawn = props.lines.flatMap((line) => {
    const estimate = line.comparison.ratio ?? line.comparison.difference
    return estimate === null || line.comparison.verdict === 'invalid' ? [] : [{ ...line, estimate }]
  })
  const first = drawn[0]?.comparison
  if (first === undefined) return null
  const ratio = first.ratio !== null
  const none = ratio ? 1 : 0
  const rowHeight = 30
  const top = 24
  const bottom = top + drawn.length * rowHeight
  const values = drawn.flatMap(({ comparison, estimate }) => [estimate, ...(comparison.ci ?? [])])
  return (
    <Plot height={bottom + 24}>
      {(width) => {
        const left = Math.min(260, width * 0.28)
        const right = width - Math.min(190, width * 0.24)
        const scale = (ratio ? logScale : linearScale)(values, [left, right], { include: none })
        const inside = (x: number): number => Math.min(right, Math.max(left, x))
        const margin = ratio ? null : first.margin
        const middle = scale.at(none)
        return (
          <>
            {margin === null ? null : (
              <rect
                className={classes.margin}
                x={inside(scale.at(-margin))}
                y={top - 4}
                width={Math.max(0, inside(scale.at(margin)) - inside(scale.at(-margin)))}
                height={bottom - top + 4}
              />
            )}
            <BottomAxis
              ticks={scale.ticks}
              at={scale.at}
              top={top}
              bottom={bottom}
              format={(tick) => (ratio ? `${tickText(tick)}×` : tickText(tick))}
            />
            <line className={classes.zero} x1={middle} x2={middle} y1={top - 6} y2={bottom} />
            <text className={classes.note} x={middle - 10} y={13} textAnchor="end">
              ← {props.less}
            </text>
            <text className={classes.note} x={middle + 10} y={13}>
              {props.more} →
            </text>
            {drawn.map(({ name, comparison, verdict, estimate }, index) => {
              const y = top + (index + 0.5) * rowHeight
              const { ci } = comparison
              return (
                <g key={name}>
                  <RowName text={name} x={left - 12} y={y} room={left - 16} />
                  {ci === null ? null : (
                    <path
                      className={classes.whisker}
                      d={`M${scale.at(ci[0])} ${y}H${scale.at(ci[1])}M${scale.at(ci[0])} ${y - 5}v10M${scale.at(ci[1])} ${y - 5}v10`}
                    />
                  )}
                  <VerdictMark verdict={comparison.verdict} x={scale.at(estimate)} y={y} />
                  <text className={classes.value} x={right + 12} y={y + 4}>
                    {`${ratio ? times(estimate) : signed(estimate)} ${verdict}`}
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
