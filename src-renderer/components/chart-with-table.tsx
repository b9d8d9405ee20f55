import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import classes from './chart.module.css'

export type ChartTable = {
  readonly columns: readonly { readonly header: string; readonly align?: 'start' | 'end' }[]
  /** One text per column: what the chart shows, in numbers with their units. */
  readonly rows: readonly (readonly string[])[]
}

/** A chart and its twin as a table. `summary` says in one sentence what the chart shows. */
export const ChartWithTable = (props: {
  readonly title: string
  readonly summary: string
  readonly table: ChartTable
  /** 'own': as high as what it draws. */
  readonly height?: 'short' | 'normal' | 'tall' | 'own'
  readonly children: ReactNode
}) => {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  return (
    <figure className={classes.figure} aria-label={props.title}>
      <figcaption className={classes.caption}>
        <span>
          <strong>{props.title}</strong>
          <span className={classes.summary}>{props.summary}</span>
        </span>
        <SegmentedControl
          size="xs"
          aria-label={`View ${props.title} as`}
          value={view}
          onChange={(value) => setView(value === 'table' ? 'table' : 'chart')}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </figcaption>
      {view === 'chart' ? (
        <div
          className={classes.plot}
          data-height={props.height ?? 'normal'}
          role="img"
          aria-label={`${props.title}. ${props.summary}`}
        >
          {props.children}
        </div>
      ) : (
        <SimpleTable label={props.title} table={props.table} />
      )}
    </figure>
  )
}

/** A short table of texts; long ones belong into DataTable. */
export const SimpleTable = (props: { readonly label: string; readonly table: ChartTable }) => (
  <div className={classes.scroll} tabIndex={0} role="region" aria-label={props.label}>
    <table className={classes.table}>
      <thead>
        <tr>
          {props.table.columns.map(({ header, align }) => (
            <th key={header} scope="col" data-align={align}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.table.rows.map((row, index) => (
          <tr key={index}>
            {row.map((text, column) => (
              <td key={column} data-align={props.table.columns[column]?.align}>
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
