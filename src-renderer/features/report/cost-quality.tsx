import type { ExperimentReport, ReportRow } from '../../../src-core/domain/report.ts'
import { linearScale, logScale } from '../../../src-core/experiment/render/chart-scale.ts'
import { withFront } from '../../../src-core/experiment/render/scatter-plot.ts'
import { Card } from '../../components/card.tsx'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatDecimal, formatUsd } from '../../components/format.ts'
import { Section } from '../../components/page.tsx'
import { combinationName } from '../../run/combination.ts'
import marks from '../../run/plot/marks.module.css'
import { BottomAxis, LeftAxis, Plot, tickText } from '../../run/plot/plot.tsx'

const tokensOf = ({ inputTokens, outputTokens }: ReportRow): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens

/** Quality over what it costs: money, or tokens where a model is free. Filled points are not dominated by another. */
export const CostQuality = (props: { readonly report: ExperimentReport }) => {
  const { rows } = props.report
  const inTokens = rows.every((row) => row.costUsd === 0 || row.costUsd === null)
  const costOf = inTokens ? tokensOf : (row: ReportRow) => row.costUsd
  const known = rows.flatMap((row, index) => {
    const cost = costOf(row)
    return cost === null || row.mean === null
      ? []
      : [{ name: combinationName(row, rows), number: index + 1, cost, quality: row.mean }]
  })
  if (known.length < 2) return null
  const points = withFront(known)
  const show = (cost: number): string => (inTokens ? tickText(Number(cost.toPrecision(4))) : formatUsd(cost))
  const unit = inTokens ? 'tokens per cell' : 'cost per cell'
  const costs = points.map(({ cost }) => cost)
  const wide = costs.every((cost) => cost > 0) && Math.max(...costs) > 10 * Math.min(...costs)
  const height = 340
  return (
    <Section title="Cost and quality">
      <Card>
        <ChartWithTable
          title="Quality over cost"
          summary={`Filled points on the dashed line: nothing else is both cheaper and better. Horizontal: ${unit}${wide ? ', logarithmic' : ''}.`}
          height="own"
          table={{
            columns: [
              { header: 'Column' },
              { header: unit, align: 'end' },
              { header: 'Mean quality', align: 'end' },
              { header: 'On the front' },
            ],
            rows: points.map((point) => [
              point.name,
              show(point.cost),
              formatDecimal(point.quality),
              point.isFront ? 'yes' : 'no',
            ]),
          }}
        >
          <Plot height={height}>
            {(width) => {
              const [left, right, top, bottom] = [56, width - 24, 12, height - 40]
              const x = wide
                ? logScale(costs, [left + 24, right - 120])
                : linearScale(costs, [left + 24, right - 120], { min: 0 })
              const y = linearScale(
                points.map(({ quality }) => quality),
                [bottom, top],
                { min: 0, max: 1.02 },
              )
              const front = points.filter(({ isFront }) => isFront).toSorted((a, b) => a.cost - b.cost)
              return (
                <>
                  <LeftAxis ticks={y.ticks} at={y.at} left={left} right={right} format={tickText} />
                  <BottomAxis
                    ticks={x.ticks}
                    at={x.at}
                    top={top}
                    bottom={bottom}
                    format={show}
                    label={unit}
                    right={right}
                  />
                  <polyline
                    className={marks.front}
                    points={front.map(({ cost, quality }) => `${x.at(cost)},${y.at(quality)}`).join(' ')}
                  />
                  {points.map((point) => (
                    <g key={point.number}>
                      <circle
                        className={marks.mark}
                        data-open={point.isFront ? undefined : true}
                        cx={x.at(point.cost)}
                        cy={y.at(point.quality)}
                        r={6.5}
                      />
                      <text className={marks.value} x={x.at(point.cost) + 11} y={y.at(point.quality) + 4}>
                        {point.name}
                      </text>
                    </g>
                  ))}
                </>
              )
            }}
          </Plot>
        </ChartWithTable>
      </Card>
    </Section>
  )
}
