import type { MatrixCell } from '../../../src-main/workspace/experiment-types.ts'
import { formatDecimal, formatDuration, formatUsd } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import classes from './results.module.css'

type Outcome = 'waiting' | 'pass' | 'fail' | 'mixed' | 'error'
const outcomeOf = (cell: MatrixCell): Outcome => {
  if (cell.recorded === 0) return 'waiting'
  if (cell.failed === cell.recorded) return 'error'
  if (cell.passed === cell.recorded) return 'pass'
  return cell.passed === 0 ? 'fail' : 'mixed'
}
const signs = { waiting: 'history', pass: 'check', fail: 'close', mixed: 'equal', error: 'alert' } as const
const words = {
  waiting: 'no result yet',
  pass: 'pass',
  fail: 'fail',
  mixed: 'passes at times',
  error: 'no answer',
} as const

/** k of n repetitions: filled passed, hollow did not, crossed gave no answer, a dash is still to come. Above ten, in numbers. */
const Dots = (props: { readonly cell: MatrixCell }) => {
  const { total, recorded, passed, failed } = props.cell
  if (total < 2) return null
  if (total > 10)
    return (
      <span className={classes.soft}>
        {passed}/{total}
      </span>
    )
  const kinds = Array.from({ length: total }, (_, index) =>
    index < passed ? 'passed' : index < recorded - failed ? 'not' : index < recorded ? 'error' : 'waiting',
  )
  return (
    <span className={classes.dots} role="img" aria-label={`${passed} of ${total} repetitions passed`}>
      {kinds.map((kind, index) => (
        <i key={index} data-kind={kind} />
      ))}
    </span>
  )
}

/** Score, outcome, repetitions, time and money of one case in one column; below, the beginning of the first answer. */
export const MatrixCellView = (props: { readonly cell: MatrixCell }) => {
  const { cell } = props
  const outcome = outcomeOf(cell)
  return (
    <div className={classes.cell} data-outcome={outcome} data-excluded={cell.excluded || undefined}>
      <div className={classes.facts}>
        <span className={classes.sign}>
          <Icon name={signs[outcome]} size="small" />
          <span className={classes.unseen}>{words[outcome]}</span>
        </span>
        <span className={classes.score}>{formatDecimal(cell.score)}</span>
        <Dots cell={cell} />
        {cell.rated ? (
          <span className={classes.tag} title="Rated by a person">
            rated
          </span>
        ) : null}
        {cell.excluded ? (
          <span className={classes.tag} title="Excluded; counted in the report">
            excluded
          </span>
        ) : null}
        {cell.comments > 0 ? (
          <span className={classes.soft}>
            <Icon name="comment" size="small" />
            <span className={classes.unseen}>commented</span>
          </span>
        ) : null}
        <span className={classes.end}>
          {cell.latencyMs === null ? '' : formatDuration(cell.latencyMs)}
          {cell.costUsd === null || cell.costUsd === 0 ? '' : ` · ${formatUsd(cell.costUsd)}`}
        </span>
      </div>
      <div className={classes.excerpt}>
        {cell.recorded === 0 ? 'waiting' : cell.excerpt === '' ? 'empty answer' : cell.excerpt}
      </div>
    </div>
  )
}
