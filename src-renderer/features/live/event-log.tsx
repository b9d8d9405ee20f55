import type { FailureCode } from '../../../src-core/domain/execution.ts'
import type { LogLine } from '../../../src-main/workspace/experiment-types.ts'
import { formatCount } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import classes from './live.module.css'

const signs = { notice: 'info', paused: 'pause', resumed: 'play', ended: 'stop' } as const
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** What a code means to a person, with what helps. */
const meanings: Readonly<Record<FailureCode, string>> = {
  timeout: 'no answer in time',
  network: 'connection failed',
  server: 'server errors',
  'rate-limited': 'rate limit (429)',
  refused: 'key refused: check it under Settings',
  'bad-request': 'request refused by the server',
  'bad-response': 'answers that are not the protocol',
  'cut-stream': 'streams that ended early',
  'context-length': 'prompt longer than the context',
  'content-filter': 'withheld by the provider',
  crashed: 'the model process died',
  cancelled: 'cancelled',
  'not-cached': 'not in the cache',
  render: 'template could not be rendered',
  evaluator: 'answer could not be scored',
}

/** Failures by cause, most frequent first. */
export const FailureGroups = (props: { readonly failures: Readonly<Partial<Record<FailureCode, number>>> }) => {
  const groups = (Object.entries(props.failures) as [FailureCode, number][])
    .filter(([, count]) => count > 0)
    .toSorted((a, b) => b[1] - a[1])
  if (groups.length === 0) return null
  return (
    <ul className={classes.groups} aria-label="Failures by cause">
      {groups.map(([code, count]) => (
        <li key={code}>
          <Icon name="alert" size="small" />
          {meanings[code]} ×{formatCount(count)}
        </li>
      ))}
    </ul>
  )
}

export const EventLog = (props: { readonly log: readonly LogLine[] }) => (
  <ol className={classes.log} aria-label="Event log" tabIndex={0}>
    {props.log.toReversed().map((line, index) => (
      <li key={props.log.length - index}>
        <Icon name={signs[line.kind]} size="small" />
        <time dateTime={line.at}>{clock.format(new Date(line.at))}</time>
        <span>{line.message}</span>
      </li>
    ))}
  </ol>
)
