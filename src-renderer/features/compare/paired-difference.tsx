import type { Combination } from '../../../src-core/domain/report.ts'
import { differenceWords } from '../../../src-core/experiment/render/forest-plot.ts'
import { comparisonWords } from '../../../src-core/experiment/render/parts.ts'
import { level, metricLabel, pValue } from '../../../src-core/experiment/wording.ts'
import { Ask } from '../../components/ask.tsx'
import { Card } from '../../components/card.tsx'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatCount } from '../../components/format.ts'
import { VerdictBadge } from '../../components/verdict-badge.tsx'
import { combinationName, sameCombination } from '../../run/combination.ts'
import { ForestPlot } from '../../run/plot/forest-plot.tsx'
import type { RunPlace } from '../../run/use-run.ts'
import { useAsk } from '../../state/lab.tsx'
import classes from './compare.module.css'

const pText = (p: number | null): string => (p === null ? '–' : pValue(p).replace(/^p (= )?/, ''))

/** The paired difference of the two columns by every metric of quality, with simultaneous intervals and adjusted p. */
export const PairedDifference = (props: {
  readonly place: RunPlace
  readonly baseline: Combination
  readonly candidate: Combination
  readonly columns: readonly Combination[]
}) => {
  const { place, baseline, candidate, columns } = props
  const { experiment, project } = place
  const report = useAsk(
    ['ratings', project, experiment, 'report', baseline.variant],
    (lab, signal) => lab.experiments.report.query({ experiment, baseline: baseline.variant }, { signal }),
    { staleMs: 30_000 },
  )
  return (
    <Card label="Paired difference">
      <Ask of={report} shape="lines" inline>
        {({ comparisons, analysis }) => {
          const all = comparisons.filter(
            (one) => sameCombination(one.baseline, baseline) && one.metric === analysis.primary,
          )
          const own = all.find((one) => sameCombination(one.candidate, candidate))
          if (own === undefined)
            return (
              <p className={classes.note}>
                The analysis plan of this run does not compare these two columns: below are the cases only, without a
                test. Compare variants on one model to get the paired difference.
              </p>
            )
          const { effect, interval } = differenceWords(own)
          return (
            <>
              <div className={classes.sentence}>
                <VerdictBadge verdict={own.verdict} />
                <span>{own.sentence}</span>
              </div>
              <dl className={classes.figures}>
                <div>
                  <dt>Paired difference in {metricLabel(own.metric)}</dt>
                  <dd>{effect}</dd>
                </div>
                <div>
                  <dt>{level(own.ciLevel)} interval, simultaneous</dt>
                  <dd>{interval}</dd>
                </div>
                <div>
                  <dt>Adjusted p</dt>
                  <dd>{pText(own.pAdjusted)}</dd>
                </div>
                <div>
                  <dt>Cases, n</dt>
                  <dd>{formatCount(own.n)}</dd>
                </div>
                <div>
                  <dt>Analysis</dt>
                  <dd>{own.method}</dd>
                </div>
              </dl>
              <ChartWithTable
                title="Differences from the baseline"
                summary={`${metricLabel(analysis.primary)}, all columns against ${combinationName(baseline, columns)}; the band is the margin.`}
                height="own"
                table={{
                  columns: [
                    { header: 'Column' },
                    { header: 'Cases', align: 'end' },
                    { header: 'Difference', align: 'end' },
                    { header: 'Interval', align: 'end' },
                    { header: 'Adjusted p', align: 'end' },
                    { header: 'Verdict' },
                  ],
                  rows: all.map((one) => {
                    const words = differenceWords(one)
                    return [
                      combinationName(one.candidate, columns),
                      formatCount(one.n),
                      words.effect,
                      words.interval,
                      pText(one.pAdjusted),
                      comparisonWords(one),
                    ]
                  }),
                }}
              >
                <ForestPlot
                  less="worse"
                  more="better"
                  lines={all.map((one) => ({
                    name: combinationName(one.candidate, columns),
                    comparison: one,
                    verdict: comparisonWords(one),
                  }))}
                />
              </ChartWithTable>
            </>
          )
        }}
      </Ask>
    </Card>
  )
}
