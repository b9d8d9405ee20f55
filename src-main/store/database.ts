import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { LabError } from '../../src-core/domain/errors.ts'

export type Db = Database.Database

/** "PLab" in ASCII: how our files are told from other programs' SQLite files. */
export const applicationId = 0x504c6162

/** Milliseconds that SQLite itself waits for another process's transaction. */
const busyMs = 5_000
/** Tries of `busyMs` each before a sentence about a locked database surfaces: a big migration of another process may take long. */
const busyTries = 12

/** A larger file is not read whole at every start: the check takes about 5 ms per megabyte. */
const fullCheckBytes = 24 * 1024 * 1024

/** The tables without which nothing can be found; they stay small however many results there are. */
const keyTables = ['projects', 'prompt_variants', 'models', 'experiments', 'experiment_snapshots', 'schema_migrations']

const sleepSync = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** Runs `work` again while another process holds the file. Only for work that has changed nothing when it throws. */
export const patiently = <T>(work: () => T, tries = busyTries): T => {
  for (let left = tries; ; left--) {
    try {
      return work()
    } catch (error) {
      const code = (error as { code?: unknown }).code
      const busy = typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
      if (!busy || left <= 1) throw error
      sleepSync(20)
    }
  }
}

/** A number of the database header. */
export const headerNumber = (db: Db, pragma: 'user_version' | 'application_id' | 'page_count' | 'page_size'): number =>
  Number(db.pragma(pragma, { simple: true }))

/**
 * Opens for writing and makes sure that the file is ours or empty. Never looks at the file with `fs`: closing a plain
 * descriptor would drop the locks this process holds on it (sqlite.org/howtocorrupt, 2.2).
 */
export const openForWriting = (path: string, maxPages: number | null): Db => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new Database(path, { timeout: busyMs })
  try {
    patiently(() => refuseForeign(db, path))
    // On macOS plain fsync leaves data in the drive's cache; elsewhere these two change nothing.
    db.pragma('fullfsync = ON')
    db.pragma('checkpoint_fullfsync = ON')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('temp_store = MEMORY')
    if (maxPages !== null) db.pragma(`max_page_count = ${maxPages}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** After migration: readers and the writer do not wait for each other. The switch needs the file alone for a moment. */
export const useWriteAheadLog = (db: Db): void => {
  const mode = patiently(() => String(db.pragma('journal_mode = WAL', { simple: true })), 100)
  if (mode !== 'wal') {
    throw new LabError(
      'store',
      `The file system of ${db.name} allows no write-ahead log (it answers "${mode}"). Choose another place with --db.`,
    )
  }
  // After `quick_check` and this switch SQLite refuses a checkpoint as "locked" until something has been read (3.54.1).
  db.prepare('SELECT count(*) FROM sqlite_schema').get()
  // 8,000 pages = 32 MB: fewer, larger checkpoints; between runs an idle one keeps the log short.
  db.pragma('wal_autocheckpoint = 8000')
  db.pragma('journal_size_limit = 4194304')
}

export const openForReading = (path: string): Db => {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyMs })
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('temp_store = MEMORY')
  return db
}

const refuseForeign = (db: Db, path: string): void => {
  const id = headerNumber(db, 'application_id')
  if (id === applicationId) return
  const objects = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0
  if (id !== 0 || objects > 0 || headerNumber(db, 'user_version') !== 0) {
    throw new LabError(
      'store',
      `The file ${path} is a database of another program. Nothing was changed. Choose another file with --db.`,
    )
  }
}

/**
 * Damage found before anything is written to it. Files up to 24 MB are checked whole (`quick_check`: every page, without
 * comparing indexes to tables); of larger ones only the key tables, and the rest by `Store.verify`.
 */
export const quickProblems = (db: Db): readonly string[] => {
  const bytes = headerNumber(db, 'page_count') * headerNumber(db, 'page_size')
  const checks = bytes <= fullCheckBytes ? ['quick_check'] : keyTables.map((table) => `quick_check(${table})`)
  return checks.flatMap((check) =>
    (db.pragma(check) as readonly { readonly quick_check: string }[])
      .map((row) => row.quick_check)
      .filter((text) => text !== 'ok'),
  )
}
