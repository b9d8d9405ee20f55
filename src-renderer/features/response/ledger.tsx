import type { CellAttempt, CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { formatDateTime, formatDuration, formatUsd } from '../../components/format.ts'
import { Badge } from '../../components/verdict-badge.tsx'
import { Part, Plain } from './part.tsx'
import classes from './response.module.css'

const tones = {
  sent: { tone: 'info', label: 'sent' },
  done: { tone: 'good', label: 'answered' },
  failed: { tone: 'bad', label: 'failed' },
  unknown: { tone: 'warn', label: 'answer not seen' },
} as const

const costOf = (attempt: CellAttempt): string =>
  attempt.costUsd === null && attempt.maxCostUsd !== null
    ? `at most ${formatUsd(attempt.maxCostUsd)}`
    : formatUsd(attempt.costUsd)

/** Every request on the wire for this answer, in the order they were sent. */
export const AttemptList = (props: { readonly attempts: readonly CellAttempt[] }) => (
  <Part title={`Attempts (${props.attempts.length})`} folded={props.attempts.length < 2}>
    {props.attempts.length === 0 ? (
      <p className={classes.soft}>No request was sent for this answer in this run.</p>
    ) : (
      <ol className={classes.list}>
        {props.attempts.map((attempt) => (
          <li key={`${attempt.n}:${attempt.sentAt}`}>
            <div className={classes.line}>
              <strong>{attempt.n}</strong>
              <Badge tone={tones[attempt.state].tone} label={tones[attempt.state].label} />
              <span className={classes.soft}>
                {attempt.httpStatus === null ? '' : `HTTP ${attempt.httpStatus} · `}
                {costOf(attempt)}
                {attempt.endedAt === null
                  ? ''
                  : ` · ${formatDuration(Date.parse(attempt.endedAt) - Date.parse(attempt.sentAt))}`}
              </span>
            </div>
            <p className={classes.reason}>
              {formatDateTime(attempt.sentAt)}, {attempt.model}
              {attempt.failure === null ? '' : `: ${attempt.failure.message}`}
            </p>
          </li>
        ))}
      </ol>
    )}
  </Part>
)

/** What judges were asked and what they said. */
export const JudgeList = (props: { readonly judges: CellDetail['judges'] }) => (
  <Part title={`Judge (${props.judges.length})`} folded>
    {props.judges.map((judge) => (
      <div key={judge.purpose}>
        <h4 className={classes.small}>
          {judge.purpose}, {formatUsd(judge.costUsd)}
        </h4>
        {judge.messages.map((message, index) => (
          <Plain key={index} text={message.content} label={`Judge prompt ${index + 1}, ${message.role}`} />
        ))}
        <h4 className={classes.small}>Answer</h4>
        {judge.output === null ? (
          <p>The judge gave no answer.</p>
        ) : (
          <Plain text={judge.output} label="The judge's answer" />
        )}
      </div>
    ))}
  </Part>
)
