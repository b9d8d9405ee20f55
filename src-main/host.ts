import { type AppRouter, createRouter } from './api/router.ts'
import { type App, type OpenAppOptions, openApp } from './workspace/open-app.ts'

/** Everything behind a door that has windows: the services, and the router through which windows reach them. */
export type Host = { readonly app: App; readonly router: AppRouter; close(): Promise<void> }

export const openHost = async (options: OpenAppOptions): Promise<Host> => {
  const app = await openApp(options)
  return { app, router: createRouter(app), close: app.close }
}
