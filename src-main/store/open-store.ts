import { resolve } from 'node:path'
import type { ExperimentId } from '../../src-core/domain/ids.ts'
import type { Store } from '../../src-core/ports/store.ts'
import { labVersion } from '../package-root.ts'
import { type Channel, openChannel } from './channel.ts'
import { defaultDatabasePath, locationWarning } from './location.ts'
import type { ReadName, ThreadData, WriteName } from './protocol.ts'
import { type WorkspaceStore, workspaceStore } from './workspace/workspace-store.ts'

/** The port's store and, in the same file, what a person works on in the app. */
export type LabStore = Store & { readonly workspace: WorkspaceStore }

export type OpenStoreOptions = {
  /** The database file (`--db`); the place of the operating system's convention where absent. */
  readonly path?: string
  /** Sentences a person should see: a sync folder, a migration that left a backup. */
  readonly onNotice?: (sentence: string) => void
  /** Milliseconds since 1970, for leases; the machine's clock unless a test says otherwise. */
  readonly nowMs?: () => number
  /** Tests make a full disk of it. */
  readonly maxPages?: number
}

/**
 * Opens (and creates or migrates) the database. Rejects with LabError: `store-newer` where a newer version wrote it, `store`
 * where it is damaged, foreign, locked, read-only or cannot be made.
 */
export const openStore = async (options: OpenStoreOptions = {}): Promise<LabStore> => {
  const path = resolve(options.path ?? defaultDatabasePath())
  const nowMs = options.nowMs ?? Date.now
  const notice = options.onNotice ?? (() => undefined)
  const data: ThreadData = { path, labVersion: labVersion(), nowMs: nowMs(), maxPages: options.maxPages ?? null }
  const warning = locationWarning(path)
  if (warning !== null) notice(warning)

  const writer = openChannel('store-writer', data, nowMs)
  // Started together: the reader opens the file only when it is first asked, after the writer has made the schema.
  const reader = openChannel('store-reader', data, nowMs)
  try {
    for (const sentence of await writer.ready) notice(sentence)
  } catch (error) {
    await Promise.all([writer.close(), reader.close()])
    throw error
  }
  return storeOf(path, { writer, reader, openHeavy: () => openChannel('store-reader', data, nowMs) })
}

type Threads = { readonly writer: Channel; readonly reader: Channel; readonly openHeavy: () => Channel }

const storeOf = (path: string, { writer, reader, openHeavy }: Threads): LabStore => {
  const driven = new Set<ExperimentId>()
  const heavy = new Set<Channel>()
  let study: Channel | null = null

  // The arguments and results of a call are those of the port's method of that name; Handlers<...> holds the threads to it.
  const write = <K extends WriteName>(name: K, ...args: Parameters<Store[K]>) =>
    writer.call(name, args) as ReturnType<Store[K]>
  const read = <K extends ReadName>(name: K, ...args: Parameters<Store[K]>) =>
    reader.call(name, args) as ReturnType<Store[K]>

  /** Long reads get a thread of their own while a run asks this store for cached answers; else the warm reader does them. */
  const readLong = async <K extends ReadName>(
    name: K,
    ...args: Parameters<Store[K]>
  ): Promise<Awaited<ReturnType<Store[K]>>> => {
    // With windows open (they study) a page of the grid must not wait for a report either.
    if (driven.size === 0 && study === null) return await read(name, ...args)
    const channel = openHeavy()
    heavy.add(channel)
    try {
      return (await channel.call(name, args)) as Awaited<ReturnType<Store[K]>>
    } finally {
      heavy.delete(channel)
      await channel.close()
    }
  }

  return {
    path,
    workspace: workspaceStore({ writer, reader, study: () => (study ??= openHeavy()) }),
    registerVariant: (...args) => write('registerVariant', ...args),
    variants: (...args) => read('variants', ...args),
    findVariant: (...args) => read('findVariant', ...args),
    createExperiment: async (created) => {
      await write('createExperiment', created)
      driven.add(created.id)
    },
    lease: async (experiment, ...rest) => {
      const granted = await write('lease', experiment, ...rest)
      if (granted) driven.add(experiment)
      return granted
    },
    finishExperiment: async (experiment, ...rest) => {
      driven.delete(experiment)
      await write('finishExperiment', experiment, ...rest)
    },
    experiments: () => read('experiments'),
    findExperiment: (...args) => read('findExperiment', ...args),
    snapshot: (...args) => read('snapshot', ...args),
    runState: (...args) => read('runState', ...args),
    attemptsSent: (...args) => write('attemptsSent', ...args),
    callsEnded: (...args) => write('callsEnded', ...args),
    recordOutcomes: (...args) => write('recordOutcomes', ...args),
    cachedResponses: (...args) => read('cachedResponses', ...args),
    callsFromCache: (...args) => write('callsFromCache', ...args),
    cachedScores: (...args) => read('cachedScores', ...args),
    saveScores: (...args) => write('saveScores', ...args),
    rescore: (...args) => write('rescore', ...args),
    ledger: (...args) => read('ledger', ...args),
    executions: (...args) => read('executions', ...args),
    report: (...args) => readLong('report', ...args),
    verify: () => readLong('verify'),
    backup: (file) => readLong('backup', resolve(file)),
    close: async () => {
      // Readers first: the last connection to close folds the log into the file.
      await Promise.all([reader, ...(study === null ? [] : [study]), ...heavy].map((channel) => channel.close()))
      await writer.close()
    },
  }
}
