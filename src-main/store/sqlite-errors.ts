import { LabError } from '../../src-core/domain/errors.ts'

/** SQLite's code of an error ('SQLITE_FULL', 'SQLITE_CONSTRAINT_UNIQUE', ...); null for anything else. */
export const sqliteCode = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}

/** Extended codes begin with their family's name ('SQLITE_IOERR_WRITE'). */
const isOf = (code: string, family: string): boolean => code === family || code.startsWith(`${family}_`)

const sentences: readonly (readonly [family: string, sentence: (path: string) => string])[] = [
  [
    'SQLITE_FULL',
    (path) =>
      `The disk is full: the last results could not be saved to ${path}. What was saved before is whole. Free some space and continue with --resume.`,
  ],
  [
    'SQLITE_READONLY',
    (path) =>
      `The database ${path} cannot be written: the file or its folder is read-only. Change the permission or choose another file with --db.`,
  ],
  [
    'SQLITE_BUSY',
    (path) =>
      `The database ${path} stays locked by another process. Close the other program that has it open, then try again.`,
  ],
  ['SQLITE_LOCKED', (path) => `The database ${path} stays locked by another process. Close it, then try again.`],
  [
    'SQLITE_CORRUPT',
    (path) =>
      `The database ${path} is damaged. Nothing was changed. Restore a backup (the folder "backups" beside it) or choose another file with --db.`,
  ],
  [
    'SQLITE_NOTADB',
    (path) =>
      `The file ${path} is not a Prompt Lab database, or its beginning is damaged. Nothing was changed. Choose another file with --db.`,
  ],
  [
    'SQLITE_CANTOPEN',
    (path) =>
      `The database ${path} cannot be opened: the folder does not exist or may not be read. Choose another file with --db.`,
  ],
  [
    'SQLITE_IOERR',
    (path) =>
      `The disk failed while ${path} was read or written. What was saved before is whole. Check the disk and continue with --resume.`,
  ],
  ['SQLITE_NOMEM', (path) => `There is not enough memory to work with the database ${path}.`],
  ['SQLITE_TOOBIG', () => 'A text is larger than a database can hold (1 GB).'],
]

/** The whole group of writes fails with such an error, because no later write would fare better. */
export const isSystemic = (error: unknown): boolean => {
  const code = sqliteCode(error)
  return code !== null && sentences.some(([family]) => isOf(code, family)) && !isOf(code, 'SQLITE_TOOBIG')
}

/** A sentence for people in place of SQLite's words; a LabError stays what it is. */
export const toLabError = (error: unknown, path: string): LabError => {
  if (error instanceof LabError) return error
  const code = sqliteCode(error)
  const message = error instanceof Error ? error.message : String(error)
  if (code === null) return new LabError('internal', message, { cause: error })
  const found = sentences.find(([family]) => isOf(code, family))
  if (found === undefined) return new LabError('internal', `${code}: ${message}`, { cause: error })
  return new LabError('store', found[1](path), { cause: error })
}
