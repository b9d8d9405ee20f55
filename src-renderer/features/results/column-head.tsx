import type { MatrixColumn } from '../../../src-main/workspace/experiment-types.ts'
import { formatCount, formatDecimal, formatShare } from '../../components/format.ts'
import classes from './results.module.css'

/** Ten bins of the score in [0, 1], lowest left. */
const Histogram = (props: { readonly bins: readonly number[] }) => {
  const most = Math.max(1, ...props.bins)
  const text = props.bins
    .flatMap((count, index) =>
      count === 0 ? [] : [`${(index / 10).toFixed(1)} to ${((index + 1) / 10).toFixed(1)}: ${count}`],
    )
    .join(', ')
  return (
    <svg
      className={classes.histogram}
      viewBox="0 0 50 18"
      role="img"
      aria-label={`Scores, ${text === '' ? 'none yet' : text}`}
    >
      <line x1="0" x2="50" y1="17.5" y2="17.5" />
      {props.bins.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(1.5, (count / most) * 16)
        return <rect key={index} x={index * 5 + 0.5} y={17 - height} width="4" height={height} />
      })}
    </svg>
  )
}

export const ColumnHead = (props: {
  readonly column: MatrixColumn
  readonly model: boolean
  readonly baseline: boolean
}) => {
  const { column } = props
  return (
    <span className={classes.head}>
      <span className={classes.headName}>
        <span className={classes.headText}>
          {column.variant}
          <span className={classes.soft}> v{column.version}</span>
        </span>
        {props.baseline ? <span className={classes.tag}>baseline</span> : null}
      </span>
      {props.model ? <span className={classes.headModel}>{column.model}</span> : null}
      <span className={classes.headFacts}>
        <strong>{formatDecimal(column.mean)}</strong>
        <span>
          {formatShare(column.recorded === 0 ? null : column.passed / column.recorded, 0)} of{' '}
          {formatCount(column.recorded)} pass
        </span>
        <Histogram bins={column.histogram} />
      </span>
    </span>
  )
}
