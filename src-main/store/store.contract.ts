import { describe, expect, it } from 'vitest'
import type { Store } from '../../src-core/ports/store.ts'
import { describeCaches } from './test/caches.contract.ts'
import { describeExperiments } from './test/experiments.contract.ts'
import { variantOf } from './test/fixtures.ts'
import { describeLedger } from './test/ledger.contract.ts'
import { describeOutcomes } from './test/outcomes.contract.ts'

export type StoreUnderTest = {
  /** Opens the same database again and again; `nowMs` is the clock for leases. */
  open(options?: { readonly nowMs?: () => number }): Promise<Store>
  dispose(): Promise<void>
}

/** What every implementation of the port must do. */
export const storeContract = (name: string, create: () => Promise<StoreUnderTest>): void => {
  const withStore = async (body: (store: Store, subject: StoreUnderTest) => Promise<void>) => {
    const subject = await create()
    const store = await subject.open()
    try {
      await body(store, subject)
    } finally {
      await store.close()
      await subject.dispose()
    }
  }

  describe(`${name}: prompt variants`, () => {
    it('numbers new contents of a name and keeps the number of an equal one', () =>
      withStore(async (store) => {
        expect((await store.registerVariant('spam', variantOf('plain', 'a {input}'))).version).toBe(1)
        expect((await store.registerVariant('spam', variantOf('plain', 'b {input}'))).version).toBe(2)
        expect((await store.registerVariant('spam', variantOf('guided', 'a {input}'))).version).toBe(1)
        const again = await store.registerVariant('spam', {
          ...variantOf('plain', 'a {input}'),
          tags: ['new'],
          description: 'said later',
        })
        expect(again).toMatchObject({ version: 1, tags: ['new'], description: 'said later' })
        expect((await store.variants('spam')).map(({ name, version }) => `${name}@${version}`)).toEqual([
          'plain@1',
          'plain@2',
          'guided@1',
        ])
      }))

    it('keeps projects apart', () =>
      withStore(async (store) => {
        await store.registerVariant('one', variantOf('plain', 'a {input}'))
        await store.registerVariant('two', variantOf('plain', 'b {input}'))
        expect((await store.findVariant('two', 'plain'))?.version).toBe(1)
        expect(await store.variants('three')).toEqual([])
        expect(await store.findVariant('three', 'plain')).toBeNull()
        expect((await store.findVariant(null, 'plain'))?.template).toEqual({ kind: 'text', text: 'b {input}' })
      }))

    it('finds the newest version by name, an older one by number, and a name that looks like one', () =>
      withStore(async (store) => {
        const first = await store.registerVariant('spam', variantOf('plain', 'a {input}'))
        const second = await store.registerVariant('spam', variantOf('plain', 'b {input}'))
        expect(await store.findVariant('spam', 'plain')).toEqual(second)
        expect(await store.findVariant('spam', 'plain@1')).toEqual(first)
        expect(await store.findVariant('spam', 'plain@3')).toBeNull()
        const odd = await store.registerVariant('spam', variantOf('plain@1', 'c {input}'))
        expect(await store.findVariant('spam', 'plain@1')).toEqual(odd)
      }))

    it('gives numbers without gaps or doubles to registrations that come together', () =>
      withStore(async (store) => {
        const registered = await Promise.all(
          Array.from({ length: 40 }, (_, n) => store.registerVariant('spam', variantOf('plain', `${n % 20} {input}`))),
        )
        expect(new Set(registered.map(({ version }) => version))).toEqual(
          new Set(Array.from({ length: 20 }, (_, n) => n + 1)),
        )
      }))

    it('keeps every text byte for byte', () =>
      withStore(async (store) => {
        const text = 'line\r\n\ttab {input} \u0000 null, \u{1F600}, "quotes" \\ and {{literal}}\n'
        await store.registerVariant('p', variantOf('odd', text))
        expect((await store.findVariant('p', 'odd'))?.template).toEqual({ kind: 'text', text })
      }))
  })

  describeExperiments(name, withStore)
  describeLedger(name, withStore)
  describeOutcomes(name, withStore)
  describeCaches(name, withStore)
}
