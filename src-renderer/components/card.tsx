import type { ReactNode } from 'react'
import classes from './card.module.css'

/** A raised surface. `pad` false lets a table or chart reach the border. */
export const Card = (props: { readonly children: ReactNode; readonly pad?: boolean; readonly label?: string }) => (
  <div
    className={classes.card}
    data-pad={props.pad === false ? undefined : true}
    {...(props.label === undefined ? {} : { role: 'group', 'aria-label': props.label })}
  >
    {props.children}
  </div>
)

/** Cards beside one another, as many as fit. `min`: narrowest card. */
export const CardGrid = (props: { readonly children: ReactNode; readonly min?: 'narrow' | 'normal' | 'wide' }) => (
  <div className={classes.grid} data-min={props.min ?? 'normal'}>
    {props.children}
  </div>
)

/** Rows of label and value, aligned. */
export const Facts = (props: { readonly facts: readonly { readonly label: string; readonly value: ReactNode }[] }) => (
  <dl className={classes.facts}>
    {props.facts.map(({ label, value }) => (
      <div key={label} className={classes.fact}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** Things in a row with even gaps, or in a column. */
export const Row = (props: { readonly children: ReactNode; readonly apart?: boolean; readonly wrap?: boolean }) => (
  <div
    className={classes.row}
    data-apart={props.apart === true || undefined}
    data-nowrap={props.wrap === false || undefined}
  >
    {props.children}
  </div>
)
export const Column = (props: { readonly children: ReactNode; readonly gap?: 'tight' | 'normal' | 'wide' }) => (
  <div className={classes.column} data-gap={props.gap ?? 'normal'}>
    {props.children}
  </div>
)
/** Second-rank text. */
export const Muted = (props: { readonly children: ReactNode; readonly small?: boolean }) => (
  <span className={classes.muted} data-small={props.small === true || undefined}>
    {props.children}
  </span>
)
