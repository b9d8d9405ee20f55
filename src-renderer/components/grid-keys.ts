export type CellPlace = { readonly row: number; readonly column: number }
export type GridSize = { readonly rows: number; readonly columns: number; readonly page: number }

/** Where the ARIA grid keys lead from a cell; null for a key that moves nothing. `mod` is Ctrl, or Cmd on macOS. */
export const moveInGrid = (key: string, from: CellPlace, size: GridSize, mod: boolean): CellPlace | null => {
  const lastRow = Math.max(0, size.rows - 1)
  const lastColumn = Math.max(0, size.columns - 1)
  const clamp = (row: number, column: number): CellPlace => ({
    row: Math.min(lastRow, Math.max(0, row)),
    column: Math.min(lastColumn, Math.max(0, column)),
  })
  switch (key) {
    case 'ArrowDown':
      return mod ? clamp(lastRow, from.column) : clamp(from.row + 1, from.column)
    case 'ArrowUp':
      return mod ? clamp(0, from.column) : clamp(from.row - 1, from.column)
    case 'ArrowRight':
      return mod ? clamp(from.row, lastColumn) : clamp(from.row, from.column + 1)
    case 'ArrowLeft':
      return mod ? clamp(from.row, 0) : clamp(from.row, from.column - 1)
    case 'Home':
      return clamp(mod ? 0 : from.row, 0)
    case 'End':
      return clamp(mod ? lastRow : from.row, lastColumn)
    case 'PageDown':
      return clamp(from.row + size.page, from.column)
    case 'PageUp':
      return clamp(from.row - size.page, from.column)
    default:
      return null
  }
}

/** The rectangle between two cells, both included. */
export const rangeOf = (a: CellPlace, b: CellPlace) => ({
  top: Math.min(a.row, b.row),
  bottom: Math.max(a.row, b.row),
  left: Math.min(a.column, b.column),
  right: Math.max(a.column, b.column),
})
