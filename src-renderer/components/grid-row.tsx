import { memo, type ReactNode } from 'react'
import classes from './data-table.module.css'
import type { CellPlace } from './grid-keys.ts'

export type CellState = { readonly row: number; readonly active: boolean }
export type TableColumn<Row> = {
  readonly id: string
  /** Read out and shown unless `headerNode` is given. */
  readonly header: string
  readonly headerNode?: ReactNode
  /** In CSS pixels. */
  readonly width: number
  /** Takes what is left of the grid's width. */
  readonly grow?: boolean
  readonly align?: 'start' | 'end'
  /** Stays in sight at the left; pinned columns come first. */
  readonly pinned?: boolean
  readonly sortable?: boolean
  readonly cell: (row: Row, state: CellState) => ReactNode
}
/** Which columns are drawn and where; one object for all rows, so that rows already in the page need no new drawing. */
export type Layout = {
  readonly visible: readonly number[]
  readonly sizes: readonly number[]
  readonly pinned: number
  /** Width of what is out of sight on the left. */
  readonly before: number
  readonly firstInSight: number
}

export const cellIdOf = (grid: string, row: number, column: number): string => `${grid}-${row}-${column}`

export const cellStyle = ({ sizes, pinned }: Layout, column: number) => ({
  width: sizes[column],
  ...(column < pinned ? { left: sizes.slice(0, column).reduce((sum, size) => sum + size, 0) } : {}),
})

/** The place of the cell under a pointer; null beside the cells. */
export const placeAt = (target: EventTarget): CellPlace | null => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[role="gridcell"]') : null
  return cell === null ? null : { row: Number(cell.dataset.row), column: Number(cell.dataset.column) }
}

type RowProps<Row> = {
  readonly id: string
  readonly index: number
  readonly start: number
  readonly height: number
  readonly row: Row | undefined
  readonly columns: readonly TableColumn<Row>[]
  readonly layout: Layout
  readonly active: number | null
  readonly blockLeft: number | null
  readonly blockRight: number | null
  readonly selected: boolean | null
}

function PlainRow<Row>(props: RowProps<Row>) {
  const { id, index, row, layout, active, blockLeft, blockRight } = props
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      {...(props.selected === null ? {} : { 'aria-selected': props.selected })}
      className={classes.row}
      style={{ transform: `translateY(${props.start}px)`, height: props.height }}
    >
      {layout.visible.map((at) => {
        const column = props.columns[at]
        if (column === undefined) return null
        const inBlock = blockLeft !== null && blockRight !== null && at >= blockLeft && at <= blockRight
        return (
          <Slot key={column.id} layout={layout} column={at}>
            <div
              id={cellIdOf(id, index, at)}
              role="gridcell"
              aria-colindex={at + 1}
              className={classes.cell}
              data-row={index}
              data-column={at}
              data-align={column.align}
              data-grow={column.grow}
              data-pinned={at < layout.pinned || undefined}
              data-active={at === active || undefined}
              data-block={inBlock || undefined}
              style={cellStyle(layout, at)}
            >
              {row === undefined ? (
                <span className={classes.waiting}>…</span>
              ) : (
                column.cell(row, { row: index, active: at === active })
              )}
            </div>
          </Slot>
        )
      })}
    </div>
  )
}
/** Scrolling draws only the rows that come into sight. */
export const GridRow = memo(PlainRow) as typeof PlainRow

/** Columns out of sight to the left keep their width as an empty space before the first one in sight. */
export const Slot = (props: { readonly layout: Layout; readonly column: number; readonly children: ReactNode }) => (
  <>
    {props.column === props.layout.firstInSight && props.layout.before > 0 ? (
      <div className={classes.spacer} style={{ width: props.layout.before }} role="presentation" />
    ) : null}
    {props.children}
  </>
)
