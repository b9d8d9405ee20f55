import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { LabError } from '../../src-core/domain/errors.ts'
import type { Db } from './database.ts'

const keptBackups = 5

const backupFolder = (path: string): string => join(dirname(path), 'backups')

/** Automatic backups of a database, oldest first. */
export const automaticBackups = (path: string): readonly string[] => {
  const folder = backupFolder(path)
  if (!existsSync(folder)) return []
  const start = `${basename(path)}-schema`
  return readdirSync(folder)
    .filter((name) => name.startsWith(start) && name.endsWith('.db'))
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs || (a < b ? -1 : 1))
}

const flush = (path: string): void => {
  const descriptor = openSync(path, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** The rename is on the disk only when its folder is; Windows knows no descriptors of folders and needs none. */
const flushFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** The copy appears under its name only when it is whole and on the disk. */
const publish = (part: string, file: string): void => {
  flush(part)
  renameSync(part, file)
  flushFolder(dirname(file))
}

/** A consistent copy by SQLite itself; a copy of an open file's bytes would be neither consistent nor safe for its locks. */
export const copyBeforeMigration = (db: Db, version: number, nowMs: number): string => {
  const folder = backupFolder(db.name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  const file = join(folder, `${basename(db.name)}-schema${version}-${stamp}.db`)
  const part = `${file}.${process.pid}.part`
  rmSync(part, { force: true })
  db.prepare('VACUUM INTO ?').run(part)
  publish(part, file)
  for (const old of automaticBackups(db.name).slice(0, -keptBackups)) rmSync(old)
  return file
}

const problemsOf = (file: string): readonly string[] => {
  const copy = new Database(file, { fileMustExist: true })
  try {
    // The copy says "write-ahead log" in its header; one file that needs no companions is easier to keep.
    copy.pragma('journal_mode = DELETE')
    return (copy.pragma('quick_check') as readonly { readonly quick_check: string }[])
      .map((row) => row.quick_check)
      .filter((text) => text !== 'ok')
  } finally {
    copy.close()
  }
}

/**
 * Online backup to a new file, checked before it gets its name. All pages go in one step: in WAL mode that holds only a
 * read lock, so that writers go on and the copy never has to start again.
 * Throws LabError `usage` where the file exists or lies in no folder, `store` where it cannot be written.
 */
export const backupTo = async (db: Db, target: string): Promise<{ readonly bytes: number }> => {
  const file = resolve(target)
  if (existsSync(file)) throw new LabError('usage', `${file} exists already. Choose a name that is free.`)
  if (!existsSync(dirname(file))) throw new LabError('usage', `The folder ${dirname(file)} does not exist.`)
  const part = `${file}.${process.pid}.part`
  rmSync(part, { force: true })
  try {
    await db.backup(part, { progress: () => 0x7fffffff })
    const [problem] = problemsOf(part)
    if (problem !== undefined)
      throw new LabError('store', `The backup was not kept, the database is damaged: ${problem}.`)
    publish(part, file)
  } finally {
    rmSync(part, { force: true })
  }
  return { bytes: statSync(file).size }
}
