import { createHash } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from './open-store.ts'
import { openDirect } from './test/direct.ts'
import { attemptOf, callIn, endOf, experimentOf, outcomeOf, temporaryFolder } from './test/fixtures.ts'

const hashes = (path: string, table: string, key: string): ReadonlyMap<number, string> => {
  const db = new Database(path, { readonly: true })
  const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all()
  db.close()
  return new Map(rows.map((row) => [Number(row[key]), createHash('sha256').update(JSON.stringify(row)).digest('hex')]))
}

it('backs up while results are written: whole, of one moment, row for row', { timeout: 30_000 }, async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const store = await openStore({ path })
  const created = experimentOf({ cases: 400 })
  await store.createExperiment(created)
  const files: string[] = []
  const write = async () => {
    for (const [n] of created.cells.entries()) {
      const call = callIn(created.id, n)
      await store.attemptsSent([call], [attemptOf(call)])
      await store.callsEnded([endOf(call)])
      await store.recordOutcomes(created.id, [outcomeOf(call)])
    }
  }
  const save = async () => {
    for (let n = 0; n < 4; n++) {
      const file = join(folder.path, `backup-${n}.db`)
      expect((await store.backup(file)).bytes).toBeGreaterThan(100_000)
      files.push(file)
    }
  }
  await Promise.all([write(), save()])
  await store.close()
  const source = { responses: hashes(path, 'responses', 'id'), executions: hashes(path, 'prompt_executions', 'id') }
  expect(source.executions.size).toBe(800)
  for (const file of files) {
    for (const [id, hash] of hashes(file, 'responses', 'id')) expect(source.responses.get(id)).toBe(hash)
    for (const [id, hash] of hashes(file, 'prompt_executions', 'id')) expect(source.executions.get(id)).toBe(hash)
    using lab = openDirect(file)
    expect(lab.read('verify')).toEqual({ ok: true, problems: [] })
    expect(lab.read('snapshot', created.id)).toEqual(created.snapshot)
  }
})

it('writes over nothing and leaves no half file', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const store = await openStore({ path })
  const taken = join(folder.path, 'letter.txt')
  writeFileSync(taken, 'Dear Ada')
  await expect(store.backup(taken)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/exists already/),
  })
  await expect(store.backup(path)).rejects.toMatchObject({ code: 'usage' })
  await expect(store.backup(join(folder.path, 'no', 'where.db'))).rejects.toMatchObject({ code: 'usage' })
  await store.backup(join(folder.path, 'good.db'))
  await store.close()
  expect(readdirSync(folder.path).sort()).toEqual(['good.db', 'lab.db', 'letter.txt'])
  expect(existsSync(join(folder.path, 'no'))).toBe(false)
})
