import { Button } from '@mantine/core'
import { useState } from 'react'
import { Icon } from './icon.tsx'
import classes from './states.module.css'

/** What happened, what is safe, what to do next, and a detail to copy. `inline` is for a part of a screen. */
export const ErrorState = (props: {
  readonly what: string
  readonly safe: string
  readonly next: string
  readonly detail?: string
  readonly inline?: boolean
  readonly onRetry?: () => void
}) => {
  const [copied, setCopied] = useState(false)
  const { detail, onRetry } = props
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className={classes.error} data-inline={props.inline === true || undefined} role="alert">
      <p className={classes.what}>
        <Icon name="alert" />
        <span>{props.what}</span>
      </p>
      <p className={classes.safe}>{props.safe}</p>
      <p>{props.next}</p>
      <div className={classes.actions}>
        {onRetry === undefined ? null : (
          <Button variant="default" leftSection={<Icon name="refresh" />} onClick={onRetry}>
            Try again
          </Button>
        )}
        {detail === undefined ? null : (
          <Button variant="subtle" color="gray" leftSection={<Icon name="copy" />} onClick={() => void copy(detail)}>
            {copied ? 'Detail copied' : 'Copy the detail'}
          </Button>
        )}
      </div>
      {detail === undefined ? null : (
        <details className={classes.detail}>
          <summary>Detail</summary>
          <pre>{detail}</pre>
        </details>
      )}
    </div>
  )
}
