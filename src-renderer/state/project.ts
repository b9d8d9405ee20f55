import { create } from 'zustand'
import { matchPath, useLocation } from '../routing/route.ts'

type CurrentProject = { readonly id: number | null; readonly set: (id: number | null) => void }

/** The project that was open last: the rail leads back to it from screens of the lab. */
export const useLastProject = create<CurrentProject>()((set) => ({ id: null, set: (id) => set({ id }) }))

const idOf = (path: string): number | null => {
  const first = path.split('/').slice(0, 3).join('/')
  const id = Number(matchPath('/p/:project', first)?.project)
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

/** The project of the address, or null on a screen of the lab. */
export const useRouteProject = (): number | null => idOf(useLocation().path)

/** The project of the address; screens under /p/:project may rely on it. */
export const useProject = (): number => {
  const id = useRouteProject()
  if (id === null) throw new Error('this screen stands outside a project')
  return id
}
