import { LabError } from '../../../src-core/domain/errors.ts'
import type { Db } from '../database.ts'
import type { Recorder } from './command-log.ts'

/** Between neighbours, so that rows can be put between them without touching others. */
const step = 1024
/** Nearer than that, doubles run out of numbers soon: all rows are placed anew, as part of the same command. */
const nearest = 1e-6

/** Positions for new cases in front of a case, or at the end. */
export const placesFor = (
  db: Db,
  tx: Recorder,
  { count, before }: { readonly count: number; readonly before: number | null },
): readonly number[] => {
  const last = db
    .prepare<[number], number | null>('SELECT max(position) FROM workspace_cases WHERE project = ?')
    .pluck()
  if (before === null) {
    const end = last.get(tx.project) ?? 0
    return Array.from({ length: count }, (_, index) => end + step * (index + 1))
  }
  const at = db
    .prepare<[number, number], number>('SELECT position FROM workspace_cases WHERE id = ? AND project = ?')
    .pluck()
  const previous = db
    .prepare<[number, number], number | null>(
      'SELECT max(position) FROM workspace_cases WHERE project = ? AND position < ?',
    )
    .pluck()
  const bounds = (): readonly [number, number] => {
    const high = at.get(before, tx.project)
    if (high === undefined) throw new LabError('not-found', 'The case to insert before is not there any more.')
    return [previous.get(tx.project, high) ?? high - step * (count + 1), high]
  }
  let [low, high] = bounds()
  if ((high - low) / (count + 1) < nearest) {
    const rows = db
      .prepare<[number], { id: number; position: number }>(
        'SELECT id, position FROM workspace_cases WHERE project = ? ORDER BY position, id',
      )
      .all(tx.project)
    for (const [index, row] of rows.entries()) tx.change(['place', row.id, row.position, (index + 1) * step])
    ;[low, high] = bounds()
  }
  return Array.from({ length: count }, (_, index) => low + ((high - low) / (count + 1)) * (index + 1))
}
