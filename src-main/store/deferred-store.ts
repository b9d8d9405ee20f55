import type { Store } from '../../src-core/ports/store.ts'

/** Every method of the port; the compiler finds one that is missing. */
const methods = {
  registerVariant: true,
  variants: true,
  findVariant: true,
  createExperiment: true,
  lease: true,
  finishExperiment: true,
  experiments: true,
  findExperiment: true,
  snapshot: true,
  runState: true,
  attemptsSent: true,
  callsEnded: true,
  recordOutcomes: true,
  cachedResponses: true,
  callsFromCache: true,
  cachedScores: true,
  saveScores: true,
  rescore: true,
  ledger: true,
  executions: true,
  report: true,
  verify: true,
  backup: true,
} as const satisfies Record<Exclude<keyof Store, 'path' | 'close'>, true>

/**
 * A store that is being opened: its methods wait for it, so that a door reads files and loads code meanwhile (a fifth of a
 * second of a short run). Trouble with the database is the answer of the first method that is called.
 */
export const deferredStore = (path: string, opening: Promise<Store>): Store => {
  // Who calls hears of the trouble; the promise itself must not end the process before.
  opening.catch(() => undefined)
  const waiting = Object.fromEntries(
    Object.keys(methods).map((name) => {
      const method = name as keyof typeof methods
      const call = async (...args: readonly unknown[]): Promise<unknown> => {
        const store = await opening
        return (store[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
      }
      return [name, call]
    }),
  ) as unknown as Pick<Store, keyof typeof methods>
  return {
    ...waiting,
    path,
    close: async () => {
      const store = await opening.catch(() => null)
      await store?.close()
    },
  }
}
