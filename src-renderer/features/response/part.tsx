import type { ReactNode } from 'react'
import classes from './response.module.css'

/** A titled part of the response; `folded` ones open on demand. */
export const Part = (props: {
  readonly title: string
  readonly actions?: ReactNode
  readonly folded?: boolean
  readonly children: ReactNode
}) =>
  props.folded === true ? (
    <details className={classes.part}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  ) : (
    <section className={classes.part} aria-label={props.title}>
      <header className={classes.partHead}>
        <h3>{props.title}</h3>
        {props.actions}
      </header>
      {props.children}
    </section>
  )

/** Text exactly as it is: no markup of a model is ever acted upon. */
export const Plain = (props: { readonly text: string; readonly label: string }) => (
  <pre className={classes.plain} tabIndex={0} role="region" aria-label={props.label}>
    {props.text}
  </pre>
)
