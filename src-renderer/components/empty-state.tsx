import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import classes from './states.module.css'

type Action = { readonly label: string; readonly icon?: IconName; readonly run: () => void; readonly busy?: boolean }

const ActionButton = (props: { readonly action: Action; readonly primary: boolean }) => (
  <Button
    variant={props.primary ? 'filled' : 'default'}
    loading={props.action.busy ?? false}
    leftSection={props.action.icon === undefined ? undefined : <Icon name={props.action.icon} />}
    onClick={props.action.run}
  >
    {props.action.label}
  </Button>
)

/** Nothing here yet: one sentence, one primary action, one sample. */
export const EmptyState = (props: {
  readonly icon: IconName
  readonly sentence: string
  readonly action?: Action
  readonly sample?: Action
  readonly children?: ReactNode
}) => (
  <div className={classes.empty}>
    <span className={classes.emblem}>
      <Icon name={props.icon} size="large" />
    </span>
    <p className={classes.sentence}>{props.sentence}</p>
    {props.children}
    <div className={classes.actions}>
      {props.action === undefined ? null : <ActionButton action={props.action} primary />}
      {props.sample === undefined ? null : <ActionButton action={props.sample} primary={false} />}
    </div>
  </div>
)
