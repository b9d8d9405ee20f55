import { useElementSize } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import type { ExperimentDetail } from '../../../src-main/workspace/experiment-types.ts'
import { Ask } from '../../components/ask.tsx'
import { DataTable, type TableRange } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { navigate, useQueryParam } from '../../routing/route.ts'
import { cellParam, runPath } from '../../run/address.ts'
import { RunPage } from '../../run/run-page.tsx'
import { type RunPlace, useRunPlace } from '../../run/use-run.ts'
import { useShortcut } from '../../shortcuts/use-shortcut.ts'
import { blockCells } from './block-cells.ts'
import { Filters } from './filters.tsx'
import { LiveStrip } from './live-strip.tsx'
import { MarkBar } from './mark-bar.tsx'
import { matrixColumns } from './matrix-columns.tsx'
import classes from './results.module.css'
import { useMatrix, useMatrixView } from './use-matrix.ts'

const Results = () => {
  const place = useRunPlace()
  return (
    <RunPage at="results" place={place} fill>
      {(detail) => <Matrix place={place} detail={detail} />}
    </RunPage>
  )
}

const start: TableRange = { anchor: { row: 0, column: 1 }, active: { row: 0, column: 1 } }

const Matrix = (props: { readonly place: RunPlace; readonly detail: ExperimentDetail }) => {
  const { place, detail } = props
  const view = useMatrixView()
  const [range, setRange] = useState(start)
  const { head, total, rowAt, onVisible } = useMatrix(place, detail, { view, range })
  const [inspected, setInspected] = useQueryParam(cellParam, '')
  const { ref, width } = useElementSize()
  const columns = head.data?.columns
  const grid = useMemo(() => matrixColumns({ detail, columns: columns ?? [], width }), [detail, columns, width])

  const open = ({ row, column }: TableRange['active']): void => {
    const cell = rowAt(row)?.cells[Math.max(0, column - 1)]
    if (cell !== undefined) setInspected(String(cell.cell))
  }
  const step = (by: number): void => {
    const row = Math.min(total - 1, Math.max(0, range.active.row + by))
    const to = { row, column: Math.max(1, range.active.column) }
    setRange({ anchor: to, active: to })
    if (inspected !== '') open(to)
  }
  useShortcut('next', () => step(1), total > 0)
  useShortcut('previous', () => step(-1), total > 0)
  useShortcut('diff', () => {
    const candidate = Math.max(0, range.active.column - 1)
    navigate(runPath('compare', place, { candidate: String(candidate) }))
  })
  const marked = blockCells(range, detail.columns.length, rowAt)

  return (
    <>
      <LiveStrip place={place} detail={detail} />
      <Filters project={place.project} view={view} window={head.data} />
      <Ask of={head} shape="rows" count={8}>
        {(window) =>
          window.all === 0 ? (
            <EmptyState
              icon="grid"
              sentence="This run has no cases to show."
              action={{ label: 'Go to the run', run: () => navigate(runPath('live', place)) }}
            />
          ) : window.total === 0 ? (
            <EmptyState
              icon="filter"
              sentence={view.text === '' && view.tag === '' ? 'No case is like this.' : 'No case matches.'}
              action={{
                label: 'Show all cases',
                run: () => {
                  view.setMode('all')
                  view.setText('')
                  view.setTag('')
                },
              }}
            />
          ) : (
            <>
              <MarkBar place={place} {...marked} />
              <div ref={ref} className={classes.grid}>
                {width > 0 ? (
                  <DataTable
                    label="Results by case and column"
                    columns={grid}
                    rowCount={total}
                    rowAt={rowAt}
                    rowHeight={56}
                    headerHeight={84}
                    range={range}
                    onRange={setRange}
                    onVisible={onVisible}
                    onActivate={open}
                    sort={view.sort}
                    onSort={view.setSort}
                  />
                ) : null}
              </div>
            </>
          )
        }
      </Ask>
    </>
  )
}
export default Results
