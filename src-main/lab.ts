import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { LabError } from '../src-core/domain/errors.ts'
import type { ExperimentReport } from '../src-core/domain/report.ts'
import type { StartIsolatedProcess } from '../src-core/ports/isolated-process.ts'
import { createPhilox } from '../src-core/ports/philox.ts'
import type { Store } from '../src-core/ports/store.ts'
import { systemClock } from './clock.ts'
import { createHostServices } from './evaluation/services.ts'
import { forkIsolatedProcess } from './isolated-process/fork.ts'
import { modelsFolder } from './models/folder.ts'
import type { ModelsService } from './models/service.ts'
import { loadPrices, type PriceTable } from './providers/pricing.ts'
import { createProviders, type ProviderRegistry } from './providers/registry.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import { createExperiments, type Experiments } from './services/experiments.ts'
import { type LoadedLab, type LoadOptions, labFromObject, loadLab } from './services/lab-loader.ts'
import { createPrompts, type Prompts } from './services/prompts.ts'
import { writeReportFiles } from './services/report-files.ts'
import { deferredStore } from './store/deferred-store.ts'
import { defaultDatabasePath } from './store/location.ts'
import { openStore } from './store/open-store.ts'

export type LabOptions = {
  /** The database file; by the convention of the operating system when absent. */
  readonly db?: string
  /** Where keys come from: the environment unless told (the desktop has a keychain). */
  readonly secrets?: (name: string) => string | undefined
  /** How native and untrusted code gets a process of its own: child_process.fork unless told (the desktop has another). */
  readonly startIsolatedProcess?: StartIsolatedProcess
  /** Sentences for people: a migration, a slow provider, a sync folder. */
  readonly onNotice?: (message: string) => void
  /** The app's, where a person edits prices. */
  readonly prices?: PriceTable
}

/** All services of one host over one database. Doors (command line, library, app) see nothing below this. */
export type Lab = {
  readonly store: Store
  readonly providers: ProviderRegistry
  readonly prompts: Prompts
  readonly experiments: Experiments
  load(path: string, options: LoadOptions): Promise<LoadedLab>
  /** Loaded on first use: runs do not need the catalogue. */
  models(): Promise<ModelsService>
  /** An object of the lab file's shape; relative paths in it start at `baseDir`. */
  loadObject(lab: object, baseDir: string, options: LoadOptions): Promise<LoadedLab>
  writeRejects(rejects: LoadedLab['rejects'], folder: string | null): Promise<readonly string[]>
  writeReport(
    report: ExperimentReport,
    folder: string,
    options: { readonly executions: boolean },
  ): Promise<readonly string[]>
  /** Makes a folder for files to come. Throws LabError 'usage' where none can be: before a run is paid, not after it. */
  prepareFolder(folder: string): Promise<void>
  close(): Promise<void>
}

/** A lab whose database is open. Rejects with LabError 'store' or 'store-newer'. */
export const openLab = async (options: LabOptions = {}): Promise<Lab> => {
  const prices = pricesOf(options)
  const { path, opening } = beginStore(options)
  await opening
  return buildLab(deferredStore(path, opening), { ...options, prices })
}

/** The same, at once: the database opens while the caller reads its lab file, and the first use of it hears of trouble. */
export const startLab = (options: LabOptions = {}): Lab => {
  const prices = pricesOf(options)
  const { path, opening } = beginStore(options)
  return buildLab(deferredStore(path, opening), { ...options, prices })
}

/** A person's own prices lie beside the database; read before it is opened, because a broken file stops everything. */
const pricesOf = ({ db, prices }: LabOptions): PriceTable =>
  prices ?? loadPrices(join(dirname(resolve(db ?? defaultDatabasePath())), 'prompt-lab-prices.json'))

const beginStore = ({ db, onNotice }: LabOptions): { readonly path: string; readonly opening: Promise<Store> } => {
  const path = resolve(db ?? defaultDatabasePath())
  return { path, opening: openStore({ path, onNotice: onNotice ?? (() => {}) }) }
}

/** Builds everything, and disposes everything in the reverse order. */
export const buildLab = (store: Store, options: LabOptions): Lab => {
  const prices = pricesOf(options)
  const startIsolatedProcess = options.startIsolatedProcess ?? forkIsolatedProcess
  const providers = createProviders({
    secrets: options.secrets ?? ((name) => process.env[name]),
    startIsolatedProcess,
    modelsFolder: modelsFolder(),
  })
  const services = createHostServices({ startIsolatedProcess })
  const scheduler = createScheduler({ providers, clock: systemClock, random: createPhilox(Date.now()) })
  const experiments = createExperiments({
    store,
    scheduler,
    providers,
    priceOf: prices.priceOf,
    priceTableDate: prices.date,
    services,
    clock: systemClock,
  })
  return {
    store,
    providers,
    experiments,
    prompts: createPrompts(store),
    models: async () => (await import('./models/service.ts')).createModelsService({ providers }),
    load: (path, loadOptions) => loadLab(path, { ...loadOptions, findVariant: store.findVariant }),
    loadObject: (object, baseDir, loadOptions) =>
      labFromObject(object, baseDir, { ...loadOptions, findVariant: store.findVariant }),
    writeRejects: (rejects, folder) =>
      Promise.all(
        rejects.map(async ({ file, name, text }) => {
          const target = join(folder ?? dirname(file), name)
          await mkdir(dirname(target), { recursive: true })
          await writeFile(target, text)
          return target
        }),
      ),
    writeReport: async (report, folder, { executions }) => {
      const id = executions && report.experiment !== null ? (await experiments.find(report.experiment)).id : null
      return writeReportFiles(folder, report, id === null ? null : experiments.executions(id))
    },
    prepareFolder: async (folder) => {
      await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
        throw new LabError(
          'usage',
          `Files cannot be written to ${folder}: ${cause.code === 'EEXIST' ? 'it is a file, not a folder' : cause.message}.`,
          { cause },
        )
      })
    },
    close: async () => {
      scheduler.dispose()
      await services.dispose()
      await providers.dispose()
      await store.close()
    },
  }
}
