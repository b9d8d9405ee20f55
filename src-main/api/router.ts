import type { AppHost } from '../workspace/app-host.ts'
import { caseRoutes } from './case-routes.ts'
import { experimentRoutes } from './experiment-routes.ts'
import { appRoutes, modelRoutes, serviceRoutes, settingsRoutes } from './host-routes.ts'
import { projectRoutes } from './project-routes.ts'
import { promptRoutes } from './prompt-routes.ts'
import { setupRoutes } from './setup-routes.ts'
import { router } from './trpc.ts'

/**
 * The one router behind every door: inputs are parsed strictly and capped, results are plain data. A failure crosses as an
 * error whose `data.lab` is a LabErrorData (closed code, sentence, problems).
 */
export const createRouter = (host: AppHost) =>
  router({
    app: appRoutes(host),
    projects: projectRoutes(host),
    prompts: promptRoutes(host),
    cases: caseRoutes(host),
    setup: setupRoutes(host),
    experiments: experimentRoutes(host),
    models: modelRoutes(host),
    services: serviceRoutes(host),
    settings: settingsRoutes(host),
  })

export type AppRouter = ReturnType<typeof createRouter>
