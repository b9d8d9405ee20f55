import type { ReactNode } from 'react'
import type { ExperimentRecord } from '../../src-core/domain/experiment.ts'
import type { ExperimentDetail } from '../../src-main/workspace/experiment-types.ts'
import { Ask } from '../components/ask.tsx'
import { formatDateTime, plural } from '../components/format.ts'
import type { IconName } from '../components/icon.tsx'
import { Page } from '../components/page.tsx'
import { Badge, type Tone } from '../components/verdict-badge.tsx'
import { useTab } from '../state/tabs.ts'
import { type RunScreen, runPath, runScreens } from './address.ts'
import classes from './run.module.css'
import { type RunPlace, useRun } from './use-run.ts'

const names: Readonly<Record<RunScreen, string>> = {
  live: 'Run',
  results: 'Results',
  compare: 'Compare',
  report: 'Report',
}

const states: Readonly<
  Record<ExperimentRecord['status'], { readonly tone: Tone; readonly icon: IconName; readonly label: string }>
> = {
  running: { tone: 'info', icon: 'play', label: 'Running' },
  done: { tone: 'good', icon: 'check', label: 'Done' },
  budget: { tone: 'warn', icon: 'stop', label: 'Stopped at its budget' },
  refused: { tone: 'bad', icon: 'alert', label: 'Refused by a provider' },
  interrupted: { tone: 'warn', icon: 'pause', label: 'Interrupted' },
}

/** `running` without a host that drives it is an interrupted run: nothing will happen until somebody resumes it. */
export const RunState = (props: { readonly record: Pick<ExperimentRecord, 'status'>; readonly live: boolean }) => {
  const { status } = props.record
  const { tone, icon, label } = states[status === 'running' && !props.live ? 'interrupted' : status]
  return <Badge tone={tone} icon={icon} label={label} />
}

/** The way between the screens of one run. */
export const RunLinks = (props: { readonly at: RunScreen; readonly place: RunPlace }) => (
  <nav className={classes.links} aria-label="Screens of this run">
    {runScreens.map((screen) => (
      <a key={screen} href={`#${runPath(screen, props.place)}`} aria-current={screen === props.at ? 'page' : undefined}>
        {names[screen]}
      </a>
    ))}
  </nav>
)

const leadOf = ({ record, variants, columns, cases, repetitions }: ExperimentDetail): string => {
  const models = new Set(columns.map(({ model }) => model)).size
  const parts = [
    plural(variants.length, 'variant'),
    plural(models, 'model'),
    plural(cases, 'case'),
    ...(repetitions > 1 ? [plural(repetitions, 'repetition')] : []),
  ]
  return `${record.project}, ${formatDateTime(record.startedAt)}: ${parts.join(' × ')}`
}

const shortTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const tabTitle = ({ record }: ExperimentDetail): string =>
  `${record.project} ${shortTime.format(new Date(record.startedAt))}`

/** The frame of every screen of a run: what the run is, where it stands, and the way to its other screens. */
export const RunPage = (props: {
  readonly at: RunScreen
  readonly place: RunPlace
  readonly fill?: boolean
  readonly actions?: (detail: ExperimentDetail) => ReactNode
  readonly children: (detail: ExperimentDetail) => ReactNode
}) => {
  const asked = useRun(props.place)
  const detail = asked.data
  useTab(names[props.at], detail === undefined ? null : tabTitle(detail))
  return (
    <Page
      title={names[props.at]}
      fill={props.fill ?? false}
      {...(detail === undefined ? {} : { lead: leadOf(detail) })}
      actions={
        <>
          {detail === undefined ? null : <RunState record={detail.record} live={detail.live} />}
          {detail === undefined ? null : props.actions?.(detail)}
          <RunLinks at={props.at} place={props.place} />
        </>
      }
    >
      <Ask of={asked} shape="block" count={2}>
        {props.children}
      </Ask>
    </Page>
  )
}
