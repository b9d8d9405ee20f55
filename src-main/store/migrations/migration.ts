/**
 * One step of the schema. A migration that has been released is never changed: its text is hashed into the databases that
 * ran it, and a database whose hash differs is refused.
 */
export type Migration = {
  /** 1, 2, ... without gaps; SQLite's user_version after it ran. */
  readonly number: number
  readonly name: string
  /** Runs inside one transaction with foreign keys off, which are checked before the commit. */
  readonly sql: string
}
