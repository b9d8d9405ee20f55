import { formatCount, formatDuration, formatShare } from './format.ts'
import classes from './progress-bar.module.css'

export type ProgressPart = {
  readonly label: string
  readonly value: number
  readonly kind: 'done' | 'failed' | 'retrying'
}

/** "about 2 min", "2 min to 3 min 10 s", or nothing while too little is known. Seconds. */
export const etaText = (eta: readonly [number, number] | null): string | null => {
  if (eta === null) return null
  const [low, high] = [formatDuration(eta[0] * 1000), formatDuration(eta[1] * 1000)]
  return low === high ? `about ${low} left` : `${low} to ${high} left`
}

/**
 * How far something is, by parts, with the time left as a range. `total` null: unknown, the bar then only moves. Tells
 * screen readers politely, and at most when the whole per cent changes.
 */
export const ProgressBar = (props: {
  readonly label: string
  readonly parts: readonly ProgressPart[]
  readonly total: number | null
  /** Seconds; null hides it (before ten completions). */
  readonly eta: readonly [number, number] | null
  readonly unit?: string
  readonly format?: (value: number) => string
}) => {
  const { parts, total } = props
  const format = props.format ?? formatCount
  const sum = parts.reduce((all, part) => all + part.value, 0)
  const share = total === null || total === 0 ? null : Math.min(1, sum / total)
  const eta = etaText(props.eta)
  const words = parts
    .filter((part) => part.value > 0 || part.kind === 'done')
    .map((part) => `${format(part.value)} ${part.label}`)
  return (
    <div className={classes.progress}>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        {...(share === null ? {} : { 'aria-valuemax': 100, 'aria-valuenow': Math.floor(share * 100) })}
        data-unknown={share === null || undefined}
      >
        {parts.map((part) => (
          <div
            key={part.kind}
            className={classes.part}
            data-kind={part.kind}
            style={{ width: `${total === null || total === 0 ? 0 : (part.value / total) * 100}%` }}
          />
        ))}
      </div>
      <div className={classes.words}>
        <span>
          {share === null ? '' : `${formatShare(share, 0)} · `}
          {words.join(', ')}
          {total === null ? '' : ` of ${format(total)}${props.unit === undefined ? '' : ` ${props.unit}`}`}
        </span>
        <span>{eta ?? ''}</span>
      </div>
    </div>
  )
}
