import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { automaticBackups } from './backup.ts'
import { applicationId, headerNumber } from './database.ts'
import { migrations } from './migrations/all.ts'
import { openDatabase } from './open-database.ts'
import { openStore } from './open-store.ts'
import { dataOf, openDirect } from './test/direct.ts'
import { experimentOf, temporaryFolder } from './test/fixtures.ts'
import { slowStep, withSecondStep } from './test/second-step.ts'

/** Schema of this program, and the next one, which the tests' own step makes. */
const own = migrations.length
const newer = own + 1

const program = fileURLToPath(new URL('./test/killed-migration.ts', import.meta.url))

const makeOld = (path: string): void => {
  using lab = openDirect(path)
  lab.write('createExperiment', experimentOf({ cases: 20 }))
}

it('numbers its steps 1, 2, ... and marks the file as ours', () => {
  using folder = temporaryFolder()
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  using lab = openDirect(join(folder.path, 'lab.db'))
  expect(headerNumber(lab.db, 'user_version')).toBe(migrations.length)
  expect(headerNumber(lab.db, 'application_id')).toBe(applicationId)
  expect(lab.db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(lab.db.pragma('synchronous', { simple: true })).toBe(2)
  expect(lab.db.pragma('foreign_keys', { simple: true })).toBe(1)
  expect(lab.db.pragma('trusted_schema', { simple: true })).toBe(0)
})

it('backs up first, keeps the newest five, and says where', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  for (let n = 0; n < 7; n++) {
    const copy = join(folder.path, `old-${n}.db`)
    makeOld(copy)
    // Renamed into place while nobody has it open.
    copyFileSync(copy, path)
    const { db, warnings } = openDatabase({ ...dataOf(path), nowMs: n * 1000 }, withSecondStep)
    expect(warnings[0]).toContain(`lab.db-schema${own}-`)
    expect(headerNumber(db, 'user_version')).toBe(newer)
    db.close()
  }
  const backups = automaticBackups(path)
  expect(backups).toHaveLength(5)
  expect(readdirSync(join(folder.path, 'backups'))).toHaveLength(5)
  const kept = new Database(backups[0] ?? '', { readonly: true })
  expect(headerNumber(kept, 'user_version')).toBe(own)
  expect(kept.prepare('SELECT count(*) AS n FROM cells').get()).toEqual({ n: 40 })
  kept.close()
})

it('refuses a newer database with a sentence that names both versions, and leaves it alone', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const { db } = openDatabase({ ...dataOf(path), labVersion: '9.8.7' }, withSecondStep)
  db.close()
  await expect(openStore({ path })).rejects.toMatchObject({
    code: 'store-newer',
    message: expect.stringMatching(
      new RegExp(
        `written by Prompt Lab 9\\.8\\.7 \\(schema ${newer}\\); this is Prompt Lab \\d+\\.\\d+\\.\\d+ \\(schema ${own}\\)`,
      ),
    ),
  })
  const after = new Database(path, { readonly: true })
  expect(headerNumber(after, 'user_version')).toBe(newer)
  after.close()
})

it('refuses a schema whose step has another content', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  makeOld(path)
  const altered = migrations.map((step) => ({ ...step, sql: `${step.sql}\n-- changed after release` }))
  expect(() => openDatabase(dataOf(path), altered)).toThrow(/step 1 \(foundation\) ran with other content/)
})

it('leaves the old schema when a step fails or leaves rows that point nowhere', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  makeOld(path)
  const failing = {
    number: newer,
    name: 'failing',
    sql: 'CREATE TABLE added (a INTEGER) STRICT; SELECT no_such_function();',
  }
  expect(() => openDatabase(dataOf(path), [...migrations, failing])).toThrow('no_such_function')
  const dangling = { number: newer, name: 'dangling', sql: 'UPDATE cells SET test_case = test_case + 1000;' }
  expect(() => openDatabase(dataOf(path), [...migrations, dangling])).toThrow(/left as it was/)
  using lab = openDirect(path)
  expect(headerNumber(lab.db, 'user_version')).toBe(own)
  expect(lab.read('verify')).toEqual({ ok: true, problems: [] })
})

it('killed at any moment of a migration it has the old schema or the new one', { timeout: 120_000 }, async () => {
  using folder = temporaryFolder()
  const seen = new Set<number>()
  for (let trial = 0; trial < 8; trial++) {
    const path = join(folder.path, `lab-${trial}.db`)
    makeOld(path)
    const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    setTimeout(() => child.kill('SIGKILL'), trial * 45)
    await once(child, 'exit')
    const db = new Database(path)
    const version = headerNumber(db, 'user_version')
    const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'added_by_test'").get()
    expect(tables).toEqual({ n: version - own })
    if (version === newer)
      expect(db.prepare('SELECT count(*) AS n FROM added_by_test').get()).toEqual({ n: slowStep.rows })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
    seen.add(version)
    using lab = openDirectAt(path, version)
    expect(lab.count()).toBe(40)
  }
  // The first is killed before it could end: a trial that only ever sees new schemas would prove nothing.
  expect(seen.has(own)).toBe(true)
})

const openDirectAt = (path: string, version: number) => {
  const { db } = openDatabase(dataOf(path), version === own ? migrations : withSecondStep)
  return {
    count: () => db.prepare<[], number>('SELECT count(*) FROM cells').pluck().get(),
    [Symbol.dispose]: () => {
      db.close()
    },
  }
}
