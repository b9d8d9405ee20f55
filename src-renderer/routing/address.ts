import { screens } from '../features/index.ts'
import { buildPath } from './route.ts'

export type ThingKind = 'project' | 'prompt' | 'case' | 'model' | 'experiment'

/**
 * The address of the screen that shows a thing, wherever that screen lives: this is how features lead to one another
 * without importing one another. Null where no screen shows such things yet.
 */
export const addressOf = (kind: ThingKind, id: string | number, project: number | null): string | null => {
  const owner = screens.find((screen) => screen.shows?.includes(kind) === true)
  if (owner === undefined) return null
  const params = { project: String(project ?? ''), id: String(id), [kind]: String(id) }
  if (owner.path.includes(':project') && kind !== 'project' && project === null) return null
  return buildPath(owner.path, params)
}

/** The address of a screen by its id; null where it does not exist or needs a project that is not given. */
export const addressOfScreen = (id: string, project: number | null = null): string | null => {
  const screen = screens.find((one) => one.id === id)
  return screen === undefined ? null : buildPath(screen.path, project === null ? {} : { project: String(project) })
}

/** Where a project opens: its prompts, or the first of its screens there is. */
export const projectHome = (project: number): string | null => {
  const home =
    screens.find((screen) => screen.shows?.includes('project') === true) ??
    screens.find((screen) => screen.rail === 'project')
  return home === undefined ? null : buildPath(home.path, { project: String(project) })
}
