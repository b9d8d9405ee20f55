import type { HeatMap } from '../../../src-main/workspace/experiment-types.ts'

/** A run of neighbouring cases in one column. `share`: passed of those with a result, null before the first. */
export type Patch = {
  readonly from: number
  readonly to: number
  readonly cells: number
  readonly done: number
  readonly passed: number
  readonly failed: number
  readonly share: number | null
}

/** The tiles of one column in at most `most` patches of neighbours: as many as there is room for. */
export const patchesOf = (heat: HeatMap, column: number, most: number): readonly Patch[] => {
  const columns = heat.columns.length
  const per = Math.max(1, Math.ceil(heat.rows / Math.max(1, most)))
  const patches: Patch[] = []
  for (let row = 0; row < heat.rows; row += per) {
    let [cells, passed, notPassed, failed] = [0, 0, 0, 0]
    for (let one = row; one < Math.min(heat.rows, row + per); one++) {
      const at = (one * columns + column) * 4
      cells += heat.tiles[at] ?? 0
      passed += heat.tiles[at + 1] ?? 0
      notPassed += heat.tiles[at + 2] ?? 0
      failed += heat.tiles[at + 3] ?? 0
    }
    const done = passed + notPassed + failed
    patches.push({
      from: row * heat.casesPerRow,
      to: Math.min(heat.rows, row + per) * heat.casesPerRow,
      cells,
      done,
      passed,
      failed,
      share: done === 0 ? null : passed / done,
    })
  }
  return patches
}

/** Six steps of one hue; 0 is "none passed". */
export const heatStep = (share: number): number => Math.min(5, Math.floor(share * 6))
