import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Keys } from '../../components/keys.tsx'
import type { ShortcutId } from '../../shortcuts/table.ts'
import { useShortcut } from '../../shortcuts/use-shortcut.ts'
import classes from './first-run.module.css'

/** One of the three ways in: what it is, what it needs, one button with its key. */
export const ChoiceCard = (props: {
  readonly icon: IconName
  readonly title: string
  readonly children: ReactNode
  readonly shortcut: ShortcutId
  readonly label: string
  readonly primary?: boolean
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly onChoose: () => void
  readonly more?: ReactNode
}) => {
  const ready = props.busy !== true && props.disabled !== true
  useShortcut(props.shortcut, props.onChoose, ready)
  return (
    <section className={classes.card} aria-label={props.title} data-primary={props.primary === true || undefined}>
      <header className={classes.head}>
        <span className={classes.emblem}>
          <Icon name={props.icon} size="large" />
        </span>
        <Keys of={props.shortcut} />
      </header>
      <h2>{props.title}</h2>
      <div className={classes.text}>{props.children}</div>
      <Button
        fullWidth
        size="md"
        variant={props.primary === true ? 'filled' : 'default'}
        loading={props.busy ?? false}
        disabled={props.disabled ?? false}
        onClick={props.onChoose}
      >
        {props.label}
      </Button>
      {props.more}
    </section>
  )
}
