import { Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import classes from './page.module.css'

/** The moment the first screen could be used, for whoever measures the start. */
const markInteractive = (): void => {
  if (performance.getEntriesByName('lab:interactive').length === 0) performance.mark('lab:interactive')
}

/**
 * The frame of a screen: its title, what it is about, its actions, then its content. `fill` gives the content the whole
 * height and its own scrolling (grids); otherwise the page scrolls and keeps a legible width on wide windows.
 */
export const Page = (props: {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly fill?: boolean
  readonly children: ReactNode
}) => {
  useEffect(markInteractive, [])
  return (
    <div className={classes.page} data-fill={props.fill === true || undefined}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <Title order={1} size="h1">
            {props.title}
          </Title>
          {props.lead === undefined ? null : <div className={classes.lead}>{props.lead}</div>}
        </div>
        {props.actions === undefined ? null : <div className={classes.actions}>{props.actions}</div>}
      </header>
      <div className={classes.content}>{props.children}</div>
    </div>
  )
}

/** A part of a page with a heading of the second order. */
export const Section = (props: {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => (
  <section className={classes.section} aria-label={props.title}>
    <div className={classes.sectionHeader}>
      <div className={classes.heading}>
        <Title order={2} size="h2">
          {props.title}
        </Title>
        {props.lead === undefined ? null : <div className={classes.lead}>{props.lead}</div>}
      </div>
      {props.actions === undefined ? null : <div className={classes.actions}>{props.actions}</div>}
    </div>
    {props.children}
  </section>
)
