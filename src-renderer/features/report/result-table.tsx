import type { ExperimentReport, ReportRow } from '../../../src-core/domain/report.ts'
import { dollars, duration, level, percent, score } from '../../../src-core/experiment/wording.ts'
import { Card, Column } from '../../components/card.tsx'
import { ChartWithTable, SimpleTable } from '../../components/chart-with-table.tsx'
import { formatCount, formatDecimal } from '../../components/format.ts'
import { combinationName } from '../../run/combination.ts'
import { IntervalPlot } from '../../run/plot/interval-plot.tsx'

const shown = (value: number | null, show: (value: number) => string): string => (value === null ? '–' : show(value))
const tokensOf = ({ inputTokens, outputTokens }: ReportRow): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens

/** Mean, spread, interval, n, failures, cost and latency of every column, and the intervals drawn. */
export const ResultTable = (props: { readonly report: ExperimentReport }) => {
  const { rows, analysis, comparisons } = props.report
  const baseline = comparisons[0]?.baseline.variant ?? null
  const interval = `${level(1 - analysis.alpha)} interval`
  const free = rows.every((row) => row.costUsd === 0)
  return (
    <Column>
      <Card label="Means with intervals">
        <ChartWithTable
          title="Mean quality"
          summary={`Lines are ${interval}s of the mean${baseline === null ? '' : `; the square is the baseline, ${baseline}`}.`}
          height="own"
          table={{
            columns: [{ header: 'Column' }, { header: 'Mean', align: 'end' }, { header: interval, align: 'end' }],
            rows: rows.map((row) => [
              combinationName(row, rows),
              formatDecimal(row.mean),
              row.ci === null ? '–' : `${score(row.ci[0])} to ${score(row.ci[1])}`,
            ]),
          }}
        >
          <IntervalPlot
            axis="mean quality"
            lines={rows.map((row) => ({
              name: combinationName(row, rows),
              value: row.mean,
              ci: row.ci,
              square: row.variant === baseline,
              text: formatDecimal(row.mean),
            }))}
          />
        </ChartWithTable>
      </Card>
      <SimpleTable
        label="Results by column"
        table={{
          columns: [
            { header: 'Column' },
            { header: 'Cases', align: 'end' },
            { header: 'Mean', align: 'end' },
            { header: 'SD', align: 'end' },
            { header: interval, align: 'end' },
            { header: 'Passed', align: 'end' },
            { header: 'No answer', align: 'end' },
            { header: free ? 'Tokens' : 'Cost', align: 'end' },
            { header: 'Latency p50', align: 'end' },
            { header: 'p95', align: 'end' },
          ],
          rows: rows.map((row) => [
            combinationName(row, rows),
            formatCount(row.n),
            formatDecimal(row.mean),
            formatDecimal(row.sd),
            row.ci === null ? '–' : `${score(row.ci[0])} to ${score(row.ci[1])}`,
            shown(row.passRate, percent),
            formatCount(row.failed),
            free
              ? shown(tokensOf(row), (tokens) => tokens.toFixed(1))
              : row.costUsd === null
                ? 'unknown'
                : dollars(row.costUsd),
            shown(row.latencyMs.p50, duration),
            shown(row.latencyMs.p95, duration),
          ]),
        }}
      />
    </Column>
  )
}
