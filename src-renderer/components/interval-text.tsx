import { formatDecimal } from './format.ts'
import classes from './numbers.module.css'

/** An estimate with its interval, aligned: "0.812 [0.751, 0.873]". The level is told to screen readers and on hover. */
export const IntervalText = (props: {
  readonly value: number | null
  readonly interval: readonly [number, number] | null
  /** 0.95 unless told. */
  readonly level?: number
  readonly format?: (value: number) => string
  /** A + before positive values: for differences. */
  readonly signed?: boolean
}) => {
  const format = props.format ?? ((value: number) => formatDecimal(value))
  const withSign = (value: number): string =>
    props.signed === true && value > 0 ? `+${format(value)}` : format(value).replace('-', '−')
  if (props.value === null) return <span className={classes.unknown}>unknown</span>
  const percent = Math.round((props.level ?? 0.95) * 100)
  return (
    <span className={classes.estimate}>
      <span className={classes.value}>{withSign(props.value)}</span>{' '}
      {props.interval === null ? (
        <span className={classes.interval}>no interval</span>
      ) : (
        <span className={classes.interval} title={`${percent} % interval`}>
          <span className={classes.unseen}>{percent} % interval </span>[{withSign(props.interval[0])},{' '}
          {withSign(props.interval[1])}]
        </span>
      )}
    </span>
  )
}
