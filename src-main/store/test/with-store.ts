import type { Store } from '../../../src-core/ports/store.ts'

/** Opens a fresh store for one test, and the same database again on demand. */
export type WithStore = (
  body: (store: Store, subject: { open(options?: { readonly nowMs?: () => number }): Promise<Store> }) => Promise<void>,
) => Promise<void>
