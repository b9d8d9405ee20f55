import type { CellDetail } from '../../../src-main/workspace/experiment-types.ts'
import { formatDecimal } from '../../components/format.ts'
import { Badge } from '../../components/verdict-badge.tsx'
import { Part } from './part.tsx'
import classes from './response.module.css'

/** What each evaluator said and why; a rating by a person stands beside it and never in its place. */
export const ScoreList = (props: { readonly cell: CellDetail }) => {
  const { cell } = props
  return (
    <Part title="Scores">
      {cell.scores.length === 0 ? (
        <p className={classes.soft}>{cell.recorded ? 'No evaluator scored this.' : 'Not scored yet.'}</p>
      ) : (
        <ul className={classes.list}>
          {cell.scores.map((score) => (
            <li key={score.evaluator}>
              <div className={classes.line}>
                <strong>{score.evaluator}</strong>
                <span className={classes.number}>{formatDecimal(score.score)}</span>
                {score.failed ? (
                  <Badge tone="warn" icon="alert" label="could not score" />
                ) : score.passed ? (
                  <Badge tone="good" icon="check" label="pass" />
                ) : (
                  <Badge tone="bad" icon="close" label="fail" />
                )}
              </div>
              {score.reason === '' ? null : <p className={classes.reason}>{score.reason}</p>}
            </li>
          ))}
        </ul>
      )}
      {cell.annotation?.rating == null || cell.automated === null ? null : (
        <p className={classes.soft}>
          Automated: {formatDecimal(cell.automated.score)}, {cell.automated.passed ? 'pass' : 'fail'}. Rated by a
          person: {formatDecimal(cell.annotation.rating.score)}, {cell.annotation.rating.passed ? 'pass' : 'fail'}.
        </p>
      )}
    </Part>
  )
}
