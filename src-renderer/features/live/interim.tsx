import type { InterimQuality } from '../../../src-main/workspace/experiment-types.ts'
import { ChartWithTable } from '../../components/chart-with-table.tsx'
import { formatCount, formatDecimal } from '../../components/format.ts'
import { combinationName } from '../../run/combination.ts'
import { IntervalPlot } from '../../run/plot/interval-plot.tsx'

/** Mean quality so far, with intervals that narrow as results come. No order, no winner: looking early is not a test. */
export const Interim = (props: { readonly interim: readonly InterimQuality[]; readonly ended: boolean }) => {
  const { interim, ended } = props
  const lines = interim.map((one) => ({
    name: combinationName(one, interim),
    value: one.mean,
    ci: one.ci,
    text: formatDecimal(one.mean),
  }))
  return (
    <ChartWithTable
      title={ended ? 'Quality' : 'Quality, interim'}
      summary={
        ended
          ? 'Mean and 95 % interval of each column; which is better is told by the report.'
          : 'Mean and 95 % interval so far. No winner is named before the run has ended.'
      }
      height="own"
      table={{
        columns: [
          { header: 'Column' },
          { header: 'Results', align: 'end' },
          { header: 'Mean', align: 'end' },
          { header: '95 % interval', align: 'end' },
        ],
        rows: interim.map((one) => [
          combinationName(one, interim),
          formatCount(one.n),
          formatDecimal(one.mean),
          one.ci === null ? '–' : `${formatDecimal(one.ci[0])} to ${formatDecimal(one.ci[1])}`,
        ]),
      }}
    >
      <IntervalPlot lines={lines} axis="mean quality" />
    </ChartWithTable>
  )
}
