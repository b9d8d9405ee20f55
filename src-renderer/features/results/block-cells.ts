import type { MatrixCell, MatrixRow } from '../../../src-main/workspace/experiment-types.ts'
import type { TableRange } from '../../components/data-table.tsx'
import { rangeOf } from '../../components/grid-keys.ts'

/** What can be marked at once. */
export const mostCells = 2_000

/** Cells of the selected block; the first grid column holds the case and counts for its whole row. */
export const blockCells = (
  range: TableRange,
  columns: number,
  rowAt: (index: number) => MatrixRow | undefined,
): { readonly cells: readonly MatrixCell[]; readonly missing: number; readonly tooMany: boolean } => {
  const { top, bottom, left, right } = rangeOf(range.anchor, range.active)
  const [from, to] = left === 0 ? [0, right === 0 ? columns - 1 : right - 1] : [left - 1, right - 1]
  if ((bottom - top + 1) * (to - from + 1) > mostCells) return { cells: [], missing: 0, tooMany: true }
  const cells: MatrixCell[] = []
  let missing = 0
  for (let index = top; index <= bottom; index++) {
    const row = rowAt(index)
    if (row === undefined) missing += 1
    else cells.push(...row.cells.slice(from, to + 1))
  }
  return { cells, missing, tooMany: false }
}
