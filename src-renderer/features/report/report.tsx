import type { ExperimentReport } from '../../../src-core/domain/report.ts'
import {
  bestWords,
  labelWords,
  reproductionLines,
  whatItTook,
  whatWasRun,
} from '../../../src-core/experiment/render/parts.ts'
import type { ExperimentDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Ask } from '../../components/ask.tsx'
import { Card, Facts } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { Section } from '../../components/page.tsx'
import { Badge } from '../../components/verdict-badge.tsx'
import { navigate } from '../../routing/route.ts'
import { runPath } from '../../run/address.ts'
import { RunPage } from '../../run/run-page.tsx'
import { type RunPlace, useRunPlace } from '../../run/use-run.ts'
import { useAsk } from '../../state/lab.tsx'
import { Comparisons } from './comparisons.tsx'
import { CostQuality } from './cost-quality.tsx'
import { ExportMenu } from './export-menu.tsx'
import { Limits } from './limits.tsx'
import classes from './report.module.css'
import { ResultTable } from './result-table.tsx'

const Report = () => {
  const place = useRunPlace()
  return (
    <RunPage at="report" place={place} actions={() => <ExportMenu experiment={place.experiment} />}>
      {(detail) => <Loaded place={place} detail={detail} />}
    </RunPage>
  )
}

const Loaded = (props: { readonly place: RunPlace; readonly detail: ExperimentDetail }) => {
  const { place, detail } = props
  const { experiment, project } = place
  const asked = useAsk(
    ['ratings', project, experiment, 'report'],
    (lab, signal) => lab.experiments.report.query({ experiment }, { signal }),
    detail.live ? { everyMs: 5_000 } : {},
  )
  return (
    <Ask of={asked} shape="block" count={2}>
      {(report) =>
        report.rows.length === 0 || report.results === 0 ? (
          <EmptyState
            icon="chart"
            sentence="There are no results to report yet."
            action={{ label: 'Go to the run', run: () => navigate(runPath('live', place)) }}
          />
        ) : (
          <Body place={place} report={report as ExperimentReport} live={detail.live} />
        )
      }
    </Ask>
  )
}

/** The answer first: who is best or that nobody is, and what to do about it. */
const Answer = (props: { readonly report: ExperimentReport; readonly live: boolean }) => {
  const { report, live } = props
  const took = whatItTook(report)
  return (
    <Card label="Answer">
      <div className={classes.answer}>
        <span className={classes.emblem} data-best={report.best !== null && !live ? true : undefined}>
          <Icon name={live ? 'play' : report.best === null ? 'equal' : 'check'} size="large" />
        </span>
        <div>
          <p className={classes.best}>
            {live ? 'Interim: no winner is named before the run has ended.' : bestWords(report)}
          </p>
          {live ? null : <p className={classes.recommendation}>{report.recommendation.sentence}</p>}
          <p className={classes.soft}>
            {whatWasRun(report)} {took ?? ''}
          </p>
          <p className={classes.soft}>
            <Badge
              tone={report.label === 'confirmatory' ? 'info' : 'warn'}
              icon={report.label === 'confirmatory' ? 'shield' : 'search'}
              label={report.label}
            />{' '}
            {labelWords(report) ??
              'Analysed otherwise than by a plan registered before the first call; see the limits.'}
          </p>
        </div>
      </div>
    </Card>
  )
}

const Body = (props: { readonly place: RunPlace; readonly report: ExperimentReport; readonly live: boolean }) => {
  const { report, place } = props
  return (
    <>
      <Section title="Answer">
        <Answer report={report} live={props.live} />
      </Section>
      <Section title="Results" lead="One line per variant and model; cost and latency per cell.">
        <ResultTable report={report} />
      </Section>
      {report.comparisons.length === 0 ? null : (
        <Section title="Comparisons" lead="Paired by case, with intervals that hold together.">
          <Comparisons report={report} />
        </Section>
      )}
      <CostQuality report={report} />
      <Limits report={report} place={place} />
      <Section title="Reproduction" lead="What another person needs to make the same run.">
        <Card>
          <Facts
            facts={reproductionLines(report).map(([label, value]) => ({
              label,
              value: <code className={classes.code}>{value}</code>,
            }))}
          />
        </Card>
      </Section>
    </>
  )
}
export default Report
