import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from './open-database.ts'
import { dataOf, openDirect } from './test/direct.ts'
import { attemptOf, callIn, endOf, experimentOf, responseOf, temporaryFolder } from './test/fixtures.ts'
import { withSecondStep } from './test/second-step.ts'

it('commits a group as one: another connection sees all of it or nothing', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  using lab = openDirect(path)
  using other = openDirect(path)
  const created = experimentOf({ cases: 50 })
  lab.write('createExperiment', created)
  const calls = created.cells.map((_, n) => callIn(created.id, n))
  const before = Number(lab.db.pragma('data_version', { simple: true }))
  const changes = () => Number(other.db.pragma('data_version', { simple: true }))
  const seen = changes()
  lab.group(calls.map((call) => lab.request('attemptsSent', [[call], [attemptOf(call)]])))
  expect(changes()).toBe(seen + 1)
  expect(Number(lab.db.pragma('data_version', { simple: true }))).toBe(before)
  expect(other.read('ledger', created.id).attempts).toBe(100)
})

it('lets each write of a group stand or fall alone, in order, and remembers nothing of those that fell', () => {
  using folder = temporaryFolder()
  using lab = openDirect(join(folder.path, 'lab.db'))
  const created = experimentOf()
  lab.write('createExperiment', created)
  const [a, b, c] = [0, 1, 2].map((n) => callIn(created.id, n)) as [
    ReturnType<typeof callIn>,
    ReturnType<typeof callIn>,
    ReturnType<typeof callIn>,
  ]
  const replies = lab.group([
    lab.request('attemptsSent', [[a], [attemptOf(a)]]),
    // The second attempt is not in the ledger: the write fails after it has added a call.
    lab.request('attemptsSent', [[b], [attemptOf(b), { ...attemptOf(b), call: 'stranger' }]]),
    lab.request('callsEnded', [[endOf(b)]]),
    lab.request('attemptsSent', [[c], [attemptOf(c)]]),
    lab.request('callsEnded', [[endOf(a), endOf(c)]]),
  ])
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'done'))).toEqual([
    'done',
    'internal',
    'internal',
    'done',
    'done',
  ])
  expect(lab.read('ledger', created.id)).toMatchObject({ calls: 2, attempts: 2, unconfirmedUsd: 0 })
  lab.write('attemptsSent', [b], [attemptOf(b)])
  lab.write('callsEnded', [endOf(b)])
  expect(lab.read('ledger', created.id)).toMatchObject({ calls: 3, attempts: 3 })
  expect(lab.read('verify')).toEqual({ ok: true, problems: [] })
})

it('on a full disk every write of the group fails with a sentence, nothing of it is kept, and later ones succeed', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  using lab = openDirect(path)
  const created = experimentOf({ cases: 10 })
  lab.write('createExperiment', created)
  const calls = created.cells.map((_, n) => callIn(created.id, n))
  const [first, ...others] = calls as [(typeof calls)[0], ...typeof calls]
  lab.write(
    'attemptsSent',
    calls,
    calls.map((call) => attemptOf(call)),
  )
  lab.write('callsEnded', [endOf(first)])
  lab.db.pragma(`max_page_count = ${Number(lab.db.pragma('page_count', { simple: true })) + 2}`)
  const large = others.map((call) =>
    lab.request('callsEnded', [[endOf(call, { response: responseOf('x'.repeat(3_000)) })]]),
  )
  const replies = lab.group(large)
  expect(replies).toHaveLength(large.length)
  for (const reply of replies) {
    expect(reply).toMatchObject({ error: { code: 'store', message: expect.stringMatching(/disk is full/) } })
  }
  expect(lab.read('runState', created.id).answered).toHaveLength(1)
  lab.db.pragma('max_page_count = 100000')
  expect(lab.group(large).every((reply) => 'value' in reply)).toBe(true)
  expect(lab.read('runState', created.id).answered).toHaveLength(20)
  expect(lab.read('verify')).toEqual({ ok: true, problems: [] })
})

it('writes nothing into a file that a newer program has migrated since it was opened', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  using lab = openDirect(path)
  lab.write('createExperiment', experimentOf({ id: 'before' }))
  openDatabase({ ...dataOf(path), labVersion: '9.8.7' }, withSecondStep).db.close()
  const replies = lab.group(['a', 'b'].map((id) => lab.request('createExperiment', [experimentOf({ id })])))
  for (const reply of replies) expect(reply).toMatchObject({ error: { code: 'store-newer' } })
  expect(lab.read('experiments')).toHaveLength(1)
})
