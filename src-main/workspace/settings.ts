import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../src-core/domain/errors.ts'
import { automaticBackups } from '../store/backup.ts'
import type { LabStore } from '../store/open-store.ts'
import type { SettingsService } from './app-host.ts'
import { type DataState, type Settings, themes } from './host-types.ts'
import type { NetworkRing } from './network-log.ts'

/** What is stored may be of an older version: members it lacks, or that are wrong, have their defaults. */
const settingsSchema = z.object({
  theme: z.enum(themes).catch('system').default('system'),
  density: z.enum(['comfortable', 'compact']).catch('comfortable').default('comfortable'),
  singleLetterKeys: z.boolean().catch(true).default(true),
  shortcuts: z.record(z.string(), z.string()).catch({}).default({}),
  detectLocalModels: z.boolean().catch(true).default(true),
  onClose: z.enum(['ask', 'background', 'stop']).catch('ask').default('ask'),
  lastProject: z.int().positive().nullable().catch(null).default(null),
})
const checkSchema = z.object({ at: z.string(), ok: z.boolean(), problems: z.array(z.string()) })
const backupSchema = z.object({ at: z.string(), file: z.string(), bytes: z.number() })

type Dependencies = {
  readonly store: LabStore
  readonly network: NetworkRing
  readonly now: () => string
  readonly mayNameFiles: boolean
}

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => null))?.size ?? 0

export const createSettings = ({ store, network, now, mayNameFiles }: Dependencies): SettingsService => {
  const { workspace } = store
  const value = async <T>(name: string, schema: z.ZodType<T>): Promise<T | null> => {
    const parsed = schema.safeParse(await workspace.read('value', name))
    return parsed.success ? parsed.data : null
  }
  const get = async (): Promise<Settings> => settingsSchema.parse((await workspace.read('value', 'settings')) ?? {})

  return {
    get,
    save: async (patch) => {
      const next = {
        ...(await get()),
        ...Object.fromEntries(Object.entries(patch).filter(([, each]) => each !== undefined)),
      }
      await workspace.write('setValue', 'settings', next)
      return settingsSchema.parse(next)
    },
    data: async (): Promise<DataState> => {
      const [bytes, log, lastCheck, lastBackup] = await Promise.all([
        sizeOf(store.path),
        sizeOf(`${store.path}-wal`),
        value('lastCheck', checkSchema),
        value('lastBackup', backupSchema),
      ])
      const backups = automaticBackups(store.path).map(async (file) => {
        const found = await stat(file)
        return { file, bytes: found.size, at: found.mtime.toISOString() }
      })
      return {
        path: store.path,
        bytes: bytes + log,
        lastCheck,
        lastBackup,
        automaticBackups: await Promise.all(backups),
      }
    },
    backup: async (wanted) => {
      if (wanted !== null && !mayNameFiles)
        throw new LabError(
          'unsupported',
          'The browser cannot name files of this machine; the backup is put beside the database.',
        )
      const stamp = now().replace(/[:.]/g, '-')
      const file = wanted ?? join(dirname(store.path), `${basename(store.path, '.db')}-backup-${stamp}.db`)
      const { bytes } = await store.backup(file)
      await workspace.write('setValue', 'lastBackup', { at: now(), file, bytes })
      return { file, bytes }
    },
    verify: async () => {
      const result = await store.verify()
      await workspace.write('setValue', 'lastCheck', { at: now(), ...result })
      return result
    },
    network: async (after, limit) => network.read(after, limit),
    watchNetwork: (after, signal) => network.watch(after, signal),
  }
}
