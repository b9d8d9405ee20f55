import type { ReactNode } from 'react'
import type { Budget } from '../../../src-core/domain/objective.ts'
import { formatCount, formatDuration, formatShare, formatUsd } from '../../components/format.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import type { LiveView } from './fold-live.ts'
import classes from './live.module.css'

const Figure = (props: { readonly label: string; readonly value: string; readonly note?: ReactNode }) => (
  <div className={classes.figure}>
    <dt>{props.label}</dt>
    <dd>
      {props.value}
      {props.note === undefined ? null : <span className={classes.note}>{props.note}</span>}
    </dd>
  </div>
)

/** Spent of capped, by every cap that is set; the fullest first. */
const capsOf = (budget: Budget, { progress }: LiveView) => {
  if (progress === null) return []
  const caps = [
    { label: 'money', used: progress.spentUsd, cap: budget.usd, show: formatUsd },
    { label: 'calls', used: progress.attempts, cap: budget.calls, show: formatCount },
    { label: 'tokens', used: progress.inputTokens + progress.outputTokens, cap: budget.tokens, show: formatCount },
    {
      label: 'time',
      used: progress.elapsedMs / 60_000,
      cap: budget.minutes,
      show: (minutes: number | null) => formatDuration(minutes === null ? null : minutes * 60_000),
    },
  ]
  return caps
    .flatMap(({ label, used, cap, show }) =>
      cap === null || used === null ? [] : [{ label, share: used / cap, text: `${show(used)} of ${show(cap)}` }],
    )
    .toSorted((a, b) => b.share - a.share)
}

/** Progress by parts, rate, time left, money and caps. */
export const Headline = (props: { readonly view: LiveView }) => {
  const { view } = props
  const { progress } = view
  if (progress === null) {
    const { cells, results, failed } = view.record
    return (
      <ProgressBar
        label="Cells"
        total={cells}
        eta={null}
        unit="cells"
        parts={[
          { label: 'done', value: results - failed, kind: 'done' },
          { label: 'failed', value: failed, kind: 'failed' },
        ]}
      />
    )
  }
  const queued = Math.max(0, progress.cells - progress.done - progress.inFlight)
  const caps = capsOf(view.budget, view)
  return (
    <>
      <ProgressBar
        label="Cells"
        total={progress.cells}
        eta={
          progress.etaMs === null || view.state === 'ended'
            ? null
            : [progress.etaMs[0] / 1000, progress.etaMs[1] / 1000]
        }
        unit="cells"
        parts={[
          { label: 'done', value: progress.done - progress.failed, kind: 'done' },
          { label: 'failed', value: progress.failed, kind: 'failed' },
          { label: 'under way', value: progress.inFlight, kind: 'retrying' },
        ]}
      />
      <dl className={classes.figures}>
        <Figure label="Queued" value={formatCount(queued)} />
        <Figure label="Retries" value={formatCount(progress.retries)} note="so far" />
        <Figure
          label="Rate"
          value={progress.cellsPerSecond === null ? '–' : `${progress.cellsPerSecond.toFixed(1)}/s`}
          {...(progress.cellsPerSecond === null ? { note: 'after 10 cells' } : {})}
        />
        <Figure label="From the cache" value={formatCount(progress.fromCache)} />
        <Figure label="Spent" value={formatUsd(progress.spentUsd)} />
        <Figure
          label="Unconfirmed"
          value={view.unconfirmedUsd === null ? 'unknown' : formatUsd(view.unconfirmedUsd)}
          note="at most"
        />
        <Figure label="Elapsed" value={formatDuration(progress.elapsedMs)} />
        {caps.map(({ label, share, text }) => (
          <div className={classes.figure} key={label}>
            <dt>Cap, {label}</dt>
            <dd>
              <meter
                className={classes.gauge}
                min={0}
                max={1}
                high={0.9}
                optimum={0}
                value={Math.min(1, share)}
                aria-label={`Cap, ${label}`}
              />
              <span className={classes.note}>
                {text} ({formatShare(share, 0)})
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
