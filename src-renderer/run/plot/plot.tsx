import { useElementSize } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './plot.module.css'

/** A drawing as wide as its place, in CSS pixels, so that its text keeps its size on every window. */
export const Plot = (props: { readonly height: number; readonly children: (width: number) => ReactNode }) => {
  const { ref, width } = useElementSize()
  return (
    <div ref={ref} className={classes.plot} style={{ height: props.height }}>
      {width > 0 ? (
        <svg width={width} height={props.height} aria-hidden="true" focusable="false">
          {props.children(width)}
        </svg>
      ) : null}
    </div>
  )
}

/** Vertical grid lines with their ticks below. */
export const BottomAxis = (props: {
  readonly ticks: readonly number[]
  readonly at: (value: number) => number
  readonly top: number
  readonly bottom: number
  readonly format: (value: number) => string
  readonly label?: string
  readonly right?: number
}) => (
  <g>
    {props.ticks.map((tick) => (
      <g key={tick}>
        <line className={classes.grid} x1={props.at(tick)} x2={props.at(tick)} y1={props.top} y2={props.bottom} />
        <text className={classes.tick} x={props.at(tick)} y={props.bottom + 15} textAnchor="middle">
          {props.format(tick)}
        </text>
      </g>
    ))}
    {props.label === undefined ? null : (
      <text className={classes.axis} x={props.right} y={props.bottom + 31} textAnchor="end">
        {props.label}
      </text>
    )}
  </g>
)

/** Horizontal grid lines with their ticks at the left. */
export const LeftAxis = (props: {
  readonly ticks: readonly number[]
  readonly at: (value: number) => number
  readonly left: number
  readonly right: number
  readonly format: (value: number) => string
}) => (
  <g>
    {props.ticks.map((tick) => (
      <g key={tick}>
        <line className={classes.grid} x1={props.left} x2={props.right} y1={props.at(tick)} y2={props.at(tick)} />
        <text className={classes.tick} x={props.left - 8} y={props.at(tick) + 4} textAnchor="end">
          {props.format(tick)}
        </text>
      </g>
    ))}
  </g>
)

/** A name at the left of a line of a plot, cut in the middle of its length where it does not fit (about 6.4 px a letter). */
export const RowName = (props: {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly room: number
}) => {
  const most = Math.max(4, Math.floor(props.room / 6.4))
  const cut = props.text.length > most
  const head = Math.ceil((most - 1) / 2)
  const shown = cut
    ? `${props.text.slice(0, head)}…${props.text.slice(props.text.length - (most - 1 - head))}`
    : props.text
  return (
    <text className={classes.name} x={props.x} y={props.y + 4} textAnchor="end">
      {cut ? <title>{props.text}</title> : null}
      {shown}
    </text>
  )
}

/** 0, 0.25, 1,000: as many digits as a tick needs. */
export const tickText = (value: number): string => String(Number(value.toPrecision(6)))
