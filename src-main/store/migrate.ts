import { LabError } from '../../src-core/domain/errors.ts'
import { copyBeforeMigration } from './backup.ts'
import { applicationId, type Db, headerNumber, patiently } from './database.ts'
import { sha256 } from './keys.ts'
import type { Migration } from './migrations/migration.ts'

export type MigrateOptions = {
  readonly migrations: readonly Migration[]
  readonly labVersion: string
  readonly nowMs: number
}

type Applied = { readonly number: number; readonly name: string; readonly hash: string; readonly lab_version: string }

const migrationHash = (migration: Migration): string => sha256(migration.sql).toString('hex')

const appliedMigrations = (db: Db): readonly Applied[] => {
  const exists = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'").get()
  if (exists === undefined) return []
  return db.prepare<[], Applied>('SELECT number, name, hash, lab_version FROM schema_migrations ORDER BY number').all()
}

/** Refuses what this program cannot know: a newer schema, and one made by a migration with other content. */
const refuseUnknown = (db: Db, options: MigrateOptions): void => {
  const newest = options.migrations.at(-1)?.number ?? 0
  const version = headerNumber(db, 'user_version')
  const applied = appliedMigrations(db)
  if (version > newest) {
    const by = applied.at(-1)?.lab_version ?? 'a newer version'
    throw new LabError(
      'store-newer',
      `The database ${db.name} was written by Prompt Lab ${by} (schema ${version}); this is Prompt Lab ${options.labVersion} (schema ${newest}). Install Prompt Lab ${by} or newer, or choose another file with --db.`,
    )
  }
  for (const migration of options.migrations.filter(({ number }) => number <= version)) {
    const row = applied.find(({ number }) => number === migration.number)
    if (row?.hash !== migrationHash(migration)) {
      throw new LabError(
        'store',
        `The schema of ${db.name} differs from this program's: step ${migration.number} (${migration.name}) ran with other content${row === undefined ? ' or is missing' : ` under Prompt Lab ${row.lab_version}`}. Nothing was changed. Use the version of Prompt Lab that made it, or choose another file with --db.`,
      )
    }
  }
}

const applyAll = (db: Db, options: MigrateOptions): void => {
  db.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at INTEGER NOT NULL, lab_version TEXT NOT NULL
  ) STRICT`)
  const note = db.prepare(
    'INSERT INTO schema_migrations (number, name, hash, applied_at, lab_version) VALUES (?, ?, ?, ?, ?)',
  )
  // Read again under the lock: another process may have migrated since.
  const from = headerNumber(db, 'user_version')
  for (const migration of options.migrations) {
    if (migration.number <= from) continue
    db.exec(migration.sql)
    note.run(migration.number, migration.name, migrationHash(migration), options.nowMs, options.labVersion)
    db.pragma(`user_version = ${migration.number}`)
  }
  db.pragma(`application_id = ${applicationId}`)
  const broken = db.pragma('foreign_key_check') as readonly unknown[]
  const damage = (db.pragma('integrity_check') as readonly { readonly integrity_check: string }[]).filter(
    (row) => row.integrity_check !== 'ok',
  )
  if (broken.length > 0 || damage.length > 0) {
    const what = damage[0]?.integrity_check ?? `${broken.length} rows point to rows that do not exist`
    throw new LabError(
      'store',
      `The database ${db.name} could not be brought to the new schema and was left as it was: ${what}.`,
    )
  }
}

/**
 * Brings the schema up to date: a backup first (the newest five are kept), then all steps in one transaction, which is
 * checked before it is committed. A crash at any moment leaves the old schema or the new one.
 * @returns the backup's path; null where nothing had to be done or the file was new.
 */
export const migrate = (db: Db, options: MigrateOptions): string | null => {
  patiently(() => refuseUnknown(db, options))
  const version = headerNumber(db, 'user_version')
  if (version === (options.migrations.at(-1)?.number ?? 0)) return null
  const backup = version === 0 ? null : copyBeforeMigration(db, version, options.nowMs)
  // A step may rebuild a table that others point to; the pragma does nothing inside a transaction.
  db.pragma('foreign_keys = OFF')
  patiently(() => db.exec('BEGIN IMMEDIATE'))
  try {
    refuseUnknown(db, options)
    applyAll(db, options)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  } finally {
    db.pragma('foreign_keys = ON')
  }
  return backup
}
