import { dirname, join, resolve } from 'node:path'
import type { StartIsolatedProcess } from '../../src-core/ports/isolated-process.ts'
import { systemClock } from '../clock.ts'
import { buildLab, type Lab } from '../lab.ts'
import { labVersion } from '../package-root.ts'
import { defaultDatabasePath } from '../store/location.ts'
import { openStore } from '../store/open-store.ts'
import type { AppHost } from './app-host.ts'
import { createCases } from './cases.ts'
import type { AppInfo } from './host-types.ts'
import { createNetworkLog } from './network-log.ts'
import { openPriceBook } from './price-book.ts'
import { createProjects } from './projects.ts'
import { createPromptsService } from './prompts.ts'
import { createLocalModels } from './pulls.ts'
import { createSummaries } from './run-summary.ts'
import { createRuns } from './runs.ts'
import { createServices, environmentKeys, type KeyVault } from './services.ts'
import { createSettings } from './settings.ts'
import { createSetup } from './setup.ts'

export type OpenAppOptions = {
  readonly door: AppInfo['door']
  /** The database file; by the convention of the operating system when absent. */
  readonly db?: string
  /** The desktop's keychain; environment variables where absent. */
  readonly keys?: KeyVault
  /** The desktop's utility processes; child_process.fork where absent. */
  readonly startIsolatedProcess?: StartIsolatedProcess
  readonly onNotice?: (sentence: string) => void
}

/** What a door gets: the services of the windows, and the lab below them for its own needs. */
export type App = AppHost & { readonly lab: Lab }

const keptNotices = 20

/**
 * Opens the database and everything over it. Rejects with LabError 'store' or 'store-newer'. `close` stops runs softly
 * (requests in flight finish and are saved) and disposes everything.
 */
export const openApp = async (options: OpenAppOptions): Promise<App> => {
  const { door, db, keys = environmentKeys(), startIsolatedProcess, onNotice } = options
  const notices: string[] = []
  const notice = (sentence: string): void => {
    notices.push(sentence)
    if (notices.length > keptNotices) notices.shift()
    onNotice?.(sentence)
  }
  const path = resolve(db ?? defaultDatabasePath())
  const store = await openStore({ path, onNotice: notice })
  const network = createNetworkLog()
  const prices = openPriceBook(join(dirname(path), 'prices.json'))
  const now = () => systemClock.now()
  const lab = buildLab(
    {
      ...store,
      recordOutcomes: async (experiment, outcomes) => {
        await store.recordOutcomes(experiment, outcomes)
        runs.recorded(experiment, outcomes)
      },
    },
    {
      secrets: (name) => keys.get(name) ?? process.env[name],
      prices,
      onNotice: notice,
      ...(startIsolatedProcess === undefined ? {} : { startIsolatedProcess }),
    },
  )
  const { workspace } = store
  const summaries = createSummaries(workspace, lab.experiments, notice)
  const runs = createRuns({ lab, store, summaries, now })
  const models = createLocalModels(lab, network)
  const mayReadPaths = door === 'desktop'
  await workspace.write('purgeTrash')

  return {
    lab,
    projects: createProjects({ store, summaries, mayReadPaths }),
    prompts: createPromptsService({ store, priceOf: prices.priceOf }),
    cases: createCases(store),
    setup: createSetup({ store, priceOf: prices.priceOf }),
    runs,
    commands: {
      history: (project, limit) => workspace.read('history', project, limit),
      undo: (project) => workspace.write('undo', project),
      redo: (project) => workspace.write('redo', project),
      stateHash: (project) => workspace.study('stateHash', project),
    },
    models,
    services: createServices({ lab, store, keys, prices }),
    settings: createSettings({ store, network, now, mayNameFiles: door === 'desktop' }),
    app: {
      info: async () => {
        const midnight = Date.parse(`${now().slice(0, 10)}T00:00:00.000Z`)
        return {
          labVersion: labVersion(),
          door,
          node: process.version,
          platform: `${process.platform}-${process.arch}`,
          readOnly: false,
          notices: [...notices],
          runsLive: runs.liveCount(),
          spentTodayUsd: await workspace.study('spentSince', midnight),
        }
      },
      recent: (limit) => workspace.read('recent', limit),
      search: async (text, project, limit) => {
        const items = await workspace.read('search', text, project, limit)
        if (project === null) return items
        const found = text.toLowerCase()
        const setup = await workspace.read('modelsOf', project, {}, null)
        const inSetup = setup
          .filter(({ id }) => id.toLowerCase().includes(found))
          .map(({ id, provider, model }) => ({
            kind: 'model' as const,
            id,
            title: id,
            detail: `${provider}, ${model}`,
            project,
          }))
        return [...items, ...inSetup].slice(0, limit)
      },
      newest: () => store.findExperiment(null),
    },
    close: async () => {
      models.close()
      await runs.close()
      await summaries.close()
      network.close()
      await lab.close()
    },
  }
}
