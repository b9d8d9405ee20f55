import { LabError } from '../../src-core/domain/errors.ts'
import { automaticBackups } from './backup.ts'
import { type Db, openForWriting, patiently, quickProblems, useWriteAheadLog } from './database.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrations/migration.ts'
import type { ThreadData } from './protocol.ts'

/** The writer's connection: checked, migrated, in WAL mode. Throws LabError, or SQLite's error, with the file closed again. */
export const openDatabase = (
  data: ThreadData,
  migrations: readonly Migration[],
): { readonly db: Db; readonly warnings: readonly string[] } => {
  const db = openForWriting(data.path, data.maxPages)
  try {
    const [problem] = patiently(() => quickProblems(db))
    if (problem !== undefined) {
      const newest = automaticBackups(data.path).at(-1)
      const hint =
        newest === undefined ? 'Restore a backup' : `Restore a backup (the newest automatic one is ${newest})`
      throw new LabError(
        'store',
        `The database ${data.path} is damaged (${problem}). Nothing was changed. ${hint} or choose another file with --db.`,
      )
    }
    const backup = migrate(db, { migrations, labVersion: data.labVersion, nowMs: data.nowMs })
    useWriteAheadLog(db)
    return {
      db,
      warnings:
        backup === null
          ? []
          : [`The database was brought to the schema of this version; the one before is kept as ${backup}.`],
    }
  } catch (error) {
    db.close()
    throw error
  }
}
