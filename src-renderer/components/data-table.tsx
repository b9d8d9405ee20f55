import { type ColumnDef, columnSizingFeature, tableFeatures, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { onMac } from '../shortcuts/use-shortcut.ts'
import classes from './data-table.module.css'
import { type CellPlace, moveInGrid, rangeOf } from './grid-keys.ts'
import { cellIdOf, cellStyle, GridRow, type Layout, placeAt, Slot, type TableColumn } from './grid-row.tsx'
import { Icon } from './icon.tsx'

export type { CellState, TableColumn } from './grid-row.tsx'
export type TableSort = { readonly column: string; readonly direction: 'ascending' | 'descending' }
export type TableRange = { readonly anchor: CellPlace; readonly active: CellPlace }

export type DataTableProps<Row> = {
  /** Names the grid. */
  readonly label: string
  readonly columns: readonly TableColumn<Row>[]
  /** All rows, also those that are not loaded. */
  readonly rowCount: number
  /** Undefined: on its way; the row is drawn as a placeholder. */
  readonly rowAt: (index: number) => Row | undefined
  readonly rowKey?: (row: Row) => string | number
  /** In CSS pixels; every row has this height. 32 unless told. */
  readonly rowHeight?: number
  readonly headerHeight?: number
  /** Rows in sight, with those drawn beyond the edges: fetch their pages. */
  readonly onVisible?: (first: number, last: number) => void
  /** Enter or a double click on a cell. */
  readonly onActivate?: (place: CellPlace) => void
  /** The cell in focus and the other corner of the selected block. Left out: the table keeps its own. */
  readonly range?: TableRange
  readonly onRange?: (range: TableRange) => void
  readonly selectedRows?: (index: number) => boolean
  /** Shift+Space: the row; Ctrl+Space: the column. */
  readonly onSelectRow?: (row: number) => void
  readonly onSelectColumn?: (column: number) => void
  readonly sort?: TableSort | null
  readonly onSort?: (sort: TableSort) => void
  /** Called before the grid's own keys; `preventDefault` keeps a key from the grid (F2, Delete, typing). */
  readonly onKeyDown?: (event: React.KeyboardEvent<HTMLDivElement>) => void
  readonly onCopy?: React.ClipboardEventHandler<HTMLDivElement>
  readonly onCut?: React.ClipboardEventHandler<HTMLDivElement>
  readonly onPaste?: React.ClipboardEventHandler<HTMLDivElement>
  /** 'fill': the height of its parent; otherwise as high as its rows, up to this many. */
  readonly height?: 'fill' | number
}

const features = tableFeatures({ columnSizingFeature })
const start: TableRange = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } }

/**
 * A grid of any length: only rows and columns in sight are in the page. TanStack Table holds the column model, TanStack
 * Virtual the window. The grid itself has the focus and points at its active cell, so a cell that scrolls away takes no
 * focus with it. Keys are those of the ARIA grid pattern.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rowCount, rowAt, rowHeight = 32, headerHeight = 34, onVisible } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [ownRange, setOwnRange] = useState(start)
  const range = props.range ?? ownRange
  const { active } = range
  const setRange = (next: TableRange): void => {
    if (props.range === undefined) setOwnRange(next)
    props.onRange?.(next)
  }
  // The rule warns for React's compiler, which this build does not use.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollPaddingStart: headerHeight,
  })
  const shown = rows.getVirtualItems()
  const first = shown[0]?.index ?? 0
  const last = shown.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= first) onVisible?.(first, last)
  }, [onVisible, first, last])

  const definitions = useMemo(
    (): ColumnDef<typeof features, TableColumn<Row>>[] =>
      columns.map((column) => ({ id: column.id, header: column.header, size: column.width, minSize: 48 })),
    [columns],
  )
  const table = useTable({ features, columns: definitions, data: noRows })
  const sizes = table.getAllLeafColumns().map((column) => column.getSize())
  const pinned = columns.filter((column) => column.pinned === true).length
  const pinnedWidth = sizes.slice(0, pinned).reduce((sum, size) => sum + size, 0)
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length - pinned,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => sizes[index + pinned] ?? 120,
    overscan: 3,
    scrollPaddingStart: pinnedWidth,
    scrollMargin: pinnedWidth,
  })
  const widths = sizes.join()
  useEffect(() => across.measure(), [across, widths])
  const inSight = across.getVirtualItems()
  const total = pinnedWidth + across.getTotalSize()
  const before = (inSight[0]?.start ?? pinnedWidth) - pinnedWidth
  const firstInSight = (inSight[0]?.index ?? -1) + pinned
  const lastInSight = (inSight.at(-1)?.index ?? -1) + pinned
  const layout = useMemo((): Layout => {
    const numbers = widths === '' ? [] : widths.split(',').map(Number)
    const unpinned = Array.from({ length: Math.max(0, lastInSight - firstInSight + 1) }, (_, at) => at + firstInSight)
    const fixed = Array.from({ length: pinned }, (_, at) => at)
    return {
      visible: [...fixed, ...unpinned.filter((at) => at >= pinned)],
      sizes: numbers,
      pinned,
      before,
      firstInSight,
    }
  }, [widths, pinned, before, firstInSight, lastInSight])

  const goTo = (place: CellPlace, extend: boolean): void => {
    setRange({ anchor: extend ? range.anchor : place, active: place })
    rows.scrollToIndex(place.row, { align: 'auto' })
    if (place.column >= pinned) across.scrollToIndex(place.column - pinned, { align: 'auto' })
  }
  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    props.onKeyDown?.(event)
    if (event.defaultPrevented || event.target !== event.currentTarget || event.altKey) return
    const mod = onMac ? event.metaKey : event.ctrlKey
    const page = Math.max(1, Math.floor((event.currentTarget.clientHeight - headerHeight) / rowHeight) - 1)
    const to = moveInGrid(event.key, active, { rows: rowCount, columns: columns.length, page }, mod)
    if (to !== null) goTo(to, event.shiftKey)
    else if (event.key === 'Enter' && !mod && rowCount > 0) props.onActivate?.(active)
    else if (event.key === ' ' && event.shiftKey && props.onSelectRow !== undefined) props.onSelectRow(active.row)
    else if (event.key === ' ' && event.ctrlKey && props.onSelectColumn !== undefined)
      props.onSelectColumn(active.column)
    else return
    event.preventDefault()
  }

  const block = rangeOf(range.anchor, active)
  const several = block.top !== block.bottom || block.left !== block.right
  const height =
    typeof props.height === 'number'
      ? Math.min(props.height, Math.max(1, rowCount)) * rowHeight + headerHeight + 2
      : undefined
  return (
    <div
      ref={scroller}
      className={classes.grid}
      style={height === undefined ? undefined : { height }}
      data-fill={props.height === undefined || props.height === 'fill' || undefined}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.onSelectRow !== undefined || undefined}
      tabIndex={0}
      {...(active.row >= first && active.row <= last
        ? { 'aria-activedescendant': cellIdOf(id, active.row, active.column) }
        : {})}
      onKeyDown={onKeyDown}
      onCopy={props.onCopy}
      onCut={props.onCut}
      onPaste={props.onPaste}
    >
      <div className={classes.header} role="row" aria-rowindex={1} style={{ width: total, height: headerHeight }}>
        {layout.visible.map((index) => {
          const column = columns[index]
          if (column === undefined) return null
          const sorted = props.sort?.column === column.id ? props.sort.direction : null
          return (
            <Slot key={column.id} layout={layout} column={index}>
              <div
                role="columnheader"
                aria-colindex={index + 1}
                {...(column.sortable === true ? { 'aria-sort': sorted ?? ('none' as const) } : {})}
                className={classes.head}
                data-align={column.align}
                data-grow={column.grow}
                data-pinned={index < pinned || undefined}
                style={cellStyle(layout, index)}
              >
                {column.sortable === true ? (
                  <button
                    type="button"
                    className={classes.sort}
                    onClick={() =>
                      props.onSort?.({
                        column: column.id,
                        direction: sorted === 'ascending' ? 'descending' : 'ascending',
                      })
                    }
                  >
                    {column.headerNode ?? column.header}
                    <Icon
                      name={sorted === null ? 'sort' : sorted === 'ascending' ? 'chevronUp' : 'chevronDown'}
                      size="small"
                    />
                  </button>
                ) : (
                  (column.headerNode ?? column.header)
                )}
              </div>
            </Slot>
          )
        })}
      </div>
      <div
        className={classes.body}
        role="rowgroup"
        style={{ height: rows.getTotalSize(), width: total }}
        onPointerDown={(event) => {
          const place = placeAt(event.target)
          if (event.button === 0 && place !== null) goTo(place, event.shiftKey)
        }}
        onPointerOver={(event) => {
          const place = event.buttons === 1 ? placeAt(event.target) : null
          if (place !== null) setRange({ anchor: range.anchor, active: place })
        }}
        onDoubleClick={(event) => {
          const place = placeAt(event.target)
          if (place !== null) props.onActivate?.(place)
        }}
      >
        {shown.map((item) => {
          const row = rowAt(item.index)
          const inBlock = several && item.index >= block.top && item.index <= block.bottom
          return (
            <GridRow
              key={row === undefined || props.rowKey === undefined ? item.key : props.rowKey(row)}
              id={id}
              index={item.index}
              start={item.start}
              height={rowHeight}
              row={row}
              columns={columns}
              layout={layout}
              active={item.index === active.row ? active.column : null}
              blockLeft={inBlock ? block.left : null}
              blockRight={inBlock ? block.right : null}
              selected={props.selectedRows?.(item.index) ?? null}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Rows stay with the caller, who may hold only a window of them: the table model is asked for columns alone. */
const noRows: never[] = []
