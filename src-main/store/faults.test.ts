import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { LabError } from '../../src-core/domain/errors.ts'
import { openForReading } from './database.ts'
import { migrations } from './migrations/all.ts'
import { openDatabase } from './open-database.ts'
import { openStore } from './open-store.ts'
import { isSystemic, toLabError } from './sqlite-errors.ts'
import { dataOf, openDirect } from './test/direct.ts'
import { attemptOf, callIn, endOf, experimentOf, outcomeOf, responseOf, temporaryFolder } from './test/fixtures.ts'

const makeDatabase = (path: string): void => {
  using lab = openDirect(path)
  const created = experimentOf({ cases: 40 })
  lab.write('createExperiment', created)
  const calls = created.cells.map((_, n) => callIn(created.id, n))
  lab.write(
    'attemptsSent',
    calls,
    calls.map((call) => attemptOf(call)),
  )
  lab.write(
    'callsEnded',
    calls.map((call) => endOf(call)),
  )
  lab.write(
    'recordOutcomes',
    created.id,
    calls.map((call) => outcomeOf(call)),
  )
}

it('says what is wrong with a file that is not ours, and leaves it as it was', async () => {
  using folder = temporaryFolder()
  const text = join(folder.path, 'letter.txt')
  writeFileSync(text, 'Dear Ada, this is not a database at all. '.repeat(50))
  await expect(openStore({ path: text })).rejects.toMatchObject({
    code: 'store',
    message: expect.stringMatching(/not a Prompt Lab database/),
  })
  expect(readFileSync(text, 'utf8')).toMatch(/^Dear Ada/)
  const other = join(folder.path, 'other.db')
  const db = new Database(other)
  db.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')")
  db.close()
  const before = readFileSync(other)
  await expect(openStore({ path: other })).rejects.toMatchObject({
    code: 'store',
    message: expect.stringMatching(/another program/),
  })
  expect(readFileSync(other).equals(before)).toBe(true)
  mkdirSync(join(folder.path, 'directory.db'))
  await expect(openStore({ path: join(folder.path, 'directory.db') })).rejects.toMatchObject({ code: 'store' })
})

it('opens an empty file as a new database', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'empty.db')
  writeFileSync(path, '')
  const store = await openStore({ path })
  expect(await store.experiments()).toEqual([])
  await store.close()
})

it('a damaged file is a sentence or is found by verify; it never crashes and never goes unnoticed in its pages', () => {
  using folder = temporaryFolder()
  const whole = join(folder.path, 'whole.db')
  makeDatabase(whole)
  const bytes = readFileSync(whole)
  let refused = 0
  for (let trial = 0; trial < 60; trial++) {
    const path = join(folder.path, `damaged-${trial}.db`)
    const damaged = Buffer.from(bytes)
    // A page's head, whose damage must be seen; a changed letter inside a text is beyond a database without checksums.
    const page = 1 + ((trial * 7) % (bytes.length / 4096 - 1))
    damaged.fill(trial % 3 === 0 ? 0xff : (trial * 31) % 256, page * 4096, page * 4096 + 64)
    writeFileSync(path, damaged)
    if (trial % 4 === 3) truncateSync(path, page * 4096 + (trial % 2) * 100)
    try {
      using lab = openDirect(path)
      const { ok } = lab.read('verify')
      if (ok) expect(lab.read('experiments')).toHaveLength(1)
    } catch (error) {
      const shown = toLabError(error, path)
      expect(shown).toBeInstanceOf(LabError)
      expect(shown.code).toBe('store')
      expect(shown.message).toMatch(/damaged/)
      refused += 1
    }
  }
  expect(refused).toBeGreaterThan(50)
})

it('notices a snapshot that is not the one that was stored', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  makeDatabase(path)
  using lab = openDirect(path)
  lab.db.exec(
    `UPDATE experiment_snapshots SET snapshot = CAST(replace(CAST(snapshot AS TEXT), '"seed":7', '"seed":8') AS BLOB)`,
  )
  expect(() => lab.read('snapshot', experimentOf().id)).toThrow(/damaged/)
})

it('verify names broken invariants', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  makeDatabase(path)
  using lab = openDirect(path)
  lab.db.exec(
    "UPDATE calls SET state = 'open' WHERE cell = 3; DELETE FROM scores WHERE execution = 5; UPDATE experiments SET results = 7",
  )
  expect(lab.read('verify')).toEqual({
    ok: false,
    problems: [
      '1 results whose call has no final answer or failure in the ledger',
      '1 results whose scores are not all there',
      '1 experiments whose count of results is not the number of results',
    ],
  })
})

it('a full disk is a sentence to every waiting promise, and nothing that was promised is lost', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const store = await openStore({ path, maxPages: 90 })
  const created = experimentOf({ cases: 100 })
  await store.createExperiment(created)
  const calls = created.cells.map((_, n) => callIn(created.id, n))
  const written: number[] = []
  const refused: LabError[] = []
  for (const [n, call] of calls.entries()) {
    const results = await Promise.allSettled([
      store.attemptsSent([call], [attemptOf(call)]),
      store.callsEnded([endOf(call, { response: responseOf('x'.repeat(4_000)) })]),
    ])
    if (results.every(({ status }) => status === 'fulfilled')) written.push(n)
    for (const result of results) if (result.status === 'rejected') refused.push(result.reason as LabError)
  }
  expect(written.length).toBeGreaterThan(3)
  expect(refused.length).toBeGreaterThan(20)
  for (const error of refused)
    expect(error).toMatchObject({ code: 'store', message: expect.stringMatching(/disk is full.*--resume/) })
  expect((await store.runState(created.id)).answered).toHaveLength(written.length)
  await store.close()
  const again = await openStore({ path })
  const answered = (await again.runState(created.id)).answered.map(({ cell }) => Number(cell.split(':').at(-1)))
  expect(answered).toEqual(written)
  expect(await again.verify()).toEqual({ ok: true, problems: [] })
  const [next] = calls.slice(-1) as [ReturnType<typeof callIn>]
  await again.attemptsSent([next], [attemptOf(next)])
  await again.close()
})

it('a read-only connection cannot write: a sentence, and the whole group fails', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  openDatabase(dataOf(path), migrations).db.close()
  const db = openForReading(path)
  try {
    db.exec("INSERT INTO projects (name) VALUES ('x')")
    expect.unreachable()
  } catch (error) {
    expect(isSystemic(error)).toBe(true)
    expect(toLabError(error, path)).toMatchObject({ code: 'store', message: expect.stringMatching(/read-only/) })
  } finally {
    db.close()
  }
})
