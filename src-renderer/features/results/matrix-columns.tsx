import type { ExperimentDetail, MatrixColumn, MatrixRow } from '../../../src-main/workspace/experiment-types.ts'
import type { TableColumn } from '../../components/data-table.tsx'
import { ColumnHead } from './column-head.tsx'
import { MatrixCellView } from './matrix-cell.tsx'
import classes from './results.module.css'
import { columnId } from './use-matrix.ts'

const caseWidth = 230
/** A cell needs this much for its score, marks and times on one line. */
const leastWidth = 236

/** The case, then one column per variant and model, sharing the width that there is. */
export const matrixColumns = (options: {
  readonly detail: ExperimentDetail
  readonly columns: readonly MatrixColumn[]
  /** Of the grid, in CSS pixels. */
  readonly width: number
}): readonly TableColumn<MatrixRow>[] => {
  const { detail, columns, width } = options
  const several = new Set(columns.map(({ model }) => model)).size > 1
  const share = Math.floor((width - caseWidth - 18) / Math.max(1, columns.length))
  const each = Math.max(leastWidth, Math.min(640, share))
  return [
    {
      id: 'case',
      header: 'Case',
      width: caseWidth,
      pinned: true,
      cell: (row) => (
        <div className={classes.case}>
          <strong>{row.case}</strong>
          <span className={classes.excerpt}>{row.label}</span>
        </div>
      ),
    },
    ...columns.map(
      (column, index): TableColumn<MatrixRow> => ({
        id: columnId(index),
        header: several ? `${column.variant} on ${column.model}` : column.variant,
        headerNode: <ColumnHead column={column} model={several} baseline={column.variant === detail.baseline} />,
        width: each,
        sortable: true,
        cell: (row) => {
          const cell = row.cells[index]
          return cell === undefined ? null : <MatrixCellView cell={cell} />
        },
      }),
    ),
  ]
}
