import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './dialog.module.css'

/** Asks once before something that cannot be undone (deletions can be, and are not asked about). */
export const ConfirmDialog = (props: {
  readonly opened: boolean
  readonly title: string
  readonly children: ReactNode
  readonly confirmLabel: string
  readonly dangerous?: boolean
  readonly busy?: boolean
  readonly cancelLabel?: string
  /** A third way, such as "Continue in the background". */
  readonly other?: { readonly label: string; readonly run: () => void }
  readonly onConfirm: () => void
  readonly onCancel: () => void
}) => (
  <Modal opened={props.opened} onClose={props.onCancel} title={props.title}>
    <div className={classes.body}>{props.children}</div>
    <div className={classes.actions}>
      <Button variant="default" onClick={props.onCancel} data-autofocus>
        {props.cancelLabel ?? 'Cancel'}
      </Button>
      {props.other === undefined ? null : (
        <Button variant="default" onClick={props.other.run}>
          {props.other.label}
        </Button>
      )}
      <Button color={props.dangerous === true ? 'red' : 'blue'} loading={props.busy ?? false} onClick={props.onConfirm}>
        {props.confirmLabel}
      </Button>
    </div>
  </Modal>
)
