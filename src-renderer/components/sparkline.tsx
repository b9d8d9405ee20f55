import classes from './sparkline.module.css'

/** A line of values in [0, 1] without axes; its twin in words stands in `label`. */
export const Sparkline = (props: { readonly values: readonly number[]; readonly label: string }) => {
  const { values } = props
  const x = (index: number): number => (values.length < 2 ? 50 : 3 + (index / (values.length - 1)) * 94)
  const y = (value: number): number => 27 - Math.min(1, Math.max(0, value)) * 24
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  const last = values.at(-1)
  return (
    <svg className={classes.spark} viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={props.label}>
      <line x1="0" x2="100" y1="27" y2="27" className={classes.ground} />
      {values.length > 1 ? <polyline points={points} className={classes.line} /> : null}
      {last === undefined ? null : <circle cx={x(values.length - 1)} cy={y(last)} r="2.2" className={classes.dot} />}
    </svg>
  )
}
