import type { Db } from '../database.ts'
import type { Directory } from '../directory.ts'

/** What every group of writes is given. Statements are prepared once, when the group is built. */
export type WriteContext = {
  readonly db: Db
  readonly directory: Directory
  /** Milliseconds since 1970 by the clock of the thread that asked. */
  now(): number
}

/** SQLite has no booleans. */
export const bit = (value: boolean): 0 | 1 => (value ? 1 : 0)
