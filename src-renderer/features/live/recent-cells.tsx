import type { Combination } from '../../../src-core/domain/report.ts'
import type { RecentCell } from '../../../src-main/workspace/experiment-types.ts'
import { formatDecimal } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { combinationName } from '../../run/combination.ts'
import classes from './live.module.css'

/** Results as they come; each opens its response beside the run. */
export const RecentCells = (props: {
  readonly recent: readonly RecentCell[]
  readonly columns: readonly Combination[]
  readonly chosen: string
  readonly onOpen: (cell: number) => void
}) => (
  <ul className={classes.recent} aria-label="Newest results">
    {props.recent.map((one) => (
      <li key={one.cell}>
        <button
          type="button"
          aria-current={String(one.cell) === props.chosen || undefined}
          onClick={() => props.onOpen(one.cell)}
        >
          <span className={classes.sign} data-outcome={one.failed ? 'error' : one.passed ? 'pass' : 'fail'}>
            <Icon name={one.failed ? 'alert' : one.passed ? 'check' : 'close'} size="small" />
            <span className={classes.unseen}>{one.failed ? 'no answer' : one.passed ? 'pass' : 'fail'}</span>
          </span>
          <span className={classes.recentCase}>{one.case}</span>
          <span className={classes.recentColumn}>{combinationName(one, props.columns)}</span>
          <span className={classes.score}>{formatDecimal(one.score)}</span>
        </button>
      </li>
    ))}
  </ul>
)
