import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from './open-store.ts'
import { storeContract } from './store.contract.ts'
import { callIn, experimentOf, temporaryFolder } from './test/fixtures.ts'

storeContract('SQLite store', async () => {
  const folder = temporaryFolder()
  return {
    open: (options = {}) => openStore({ path: join(folder.path, 'deep', 'lab.db'), ...options }),
    dispose: async () => folder[Symbol.dispose](),
  }
})

it('can be closed at once, twice, and refuses work afterwards with a sentence', async () => {
  using folder = temporaryFolder()
  const store = await openStore({ path: join(folder.path, 'lab.db') })
  await store.close()
  await store.close()
  await expect(store.experiments()).rejects.toMatchObject({ code: 'store' })
})

it('finishes what was asked before it was closed', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'lab.db')
  const store = await openStore({ path })
  const created = experimentOf()
  const asked = [store.createExperiment(created), store.attemptsSent([callIn(created.id, 0)], [])]
  await store.close()
  await Promise.all(asked)
  const again = await openStore({ path })
  expect(await again.ledger(created.id)).toMatchObject({ calls: 1 })
  await again.close()
})
