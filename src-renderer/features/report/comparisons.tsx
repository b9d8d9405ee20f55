import { higherIsBetter, type Metric } from '../../../src-core/domain/objective.ts'
import type { Comparison, ExperimentReport } from '../../../src-core/domain/report.ts'
import { differenceWords } from '../../../src-core/experiment/render/forest-plot.ts'
import {
  comparisonWords,
  detectableWords,
  metricTitle,
  onlyOneModel,
  pairWords,
  worthSaying,
} from '../../../src-core/experiment/render/parts.ts'
import { level, pValue } from '../../../src-core/experiment/wording.ts'
import { Card, Column } from '../../components/card.tsx'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatCount } from '../../components/format.ts'
import { VerdictBadge } from '../../components/verdict-badge.tsx'
import { ForestPlot } from '../../run/plot/forest-plot.tsx'
import classes from './report.module.css'

const directions = (metric: Metric): readonly [string, string] => {
  if (metric === 'cost') return ['cheaper', 'more expensive']
  if (metric === 'latency') return ['faster', 'slower']
  return higherIsBetter(metric) ? ['worse', 'better'] : ['better', 'worse']
}
const pText = (p: number | null): string => (p === null ? '–' : pValue(p).replace(/^p (= )?/, ''))

const ByMetric = (props: {
  readonly metric: Metric
  readonly all: readonly Comparison[]
  readonly report: ExperimentReport
}) => {
  const { metric, all, report } = props
  const only = onlyOneModel(report)
  const [less, more] = directions(metric)
  const levels = [...new Set(all.map((one) => level(one.ciLevel)))].join(' and ')
  const spoken = all.filter((one) => metric === report.analysis.primary || one.verdict === 'invalid')
  return (
    <Card label={metricTitle(metric, all)}>
      <ChartWithTable
        title={metricTitle(metric, all)}
        summary={`Candidate against baseline, ${levels} simultaneous intervals${metric === report.analysis.primary ? '; the band is the margin' : ''}.`}
        height="own"
        table={{
          columns: [
            { header: 'Comparison' },
            { header: 'Cases', align: 'end' },
            { header: 'Effect', align: 'end' },
            { header: 'Interval', align: 'end' },
            { header: 'p', align: 'end' },
            { header: 'Adjusted p', align: 'end' },
            { header: 'Verdict' },
            { header: 'Analysis' },
          ],
          rows: all.map((one) => {
            const { effect, interval } = differenceWords(one)
            return [
              pairWords(one, only),
              formatCount(one.n),
              effect,
              interval,
              pText(one.p),
              pText(one.pAdjusted),
              comparisonWords(one),
              one.method,
            ]
          }),
        }}
      >
        <ForestPlot
          less={less}
          more={more}
          lines={all.map((one) => ({ name: pairWords(one, only), comparison: one, verdict: comparisonWords(one) }))}
        />
      </ChartWithTable>
      {spoken.length === 0 ? null : (
        <ul className={classes.sentences}>
          {spoken.map((one) => (
            <li key={`${pairWords(one, false)}:${one.metric}`}>
              <VerdictBadge verdict={one.verdict} /> <span>{one.sentence}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** Every comparison by its metric, the primary one first and in sentences. */
export const Comparisons = (props: { readonly report: ExperimentReport }) => {
  const { report } = props
  const said = worthSaying(report)
  const metrics = [...new Set(said.map((one) => one.metric))]
  const detectable = detectableWords(report)
  return (
    <Column>
      {detectable === null ? null : <p className={classes.soft}>{detectable}</p>}
      {metrics.map((metric) => (
        <ByMetric key={metric} metric={metric} report={report} all={said.filter((one) => one.metric === metric)} />
      ))}
    </Column>
  )
}
