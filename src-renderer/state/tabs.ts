import { useEffect } from 'react'
import { create } from 'zustand'
import { currentLocation } from '../routing/route.ts'

/** An opened thing: a prompt, a run, a report. `path` is its address without the view state. */
export type Tab = { readonly path: string; readonly title: string; readonly kind: string }

type Tabs = {
  readonly tabs: readonly Tab[]
  readonly open: (tab: Tab) => void
  readonly close: (path: string) => void
}

const mostTabs = 12

/** The oldest tab makes room: an address can always be reached again through the palette. */
export const useTabs = create<Tabs>()((set) => ({
  tabs: [],
  open: (tab) =>
    set((state) => {
      const at = state.tabs.findIndex((one) => one.path === tab.path)
      if (at === -1) return { tabs: [...state.tabs, tab].slice(-mostTabs) }
      const known = state.tabs[at]
      return known?.title === tab.title && known.kind === tab.kind ? state : { tabs: state.tabs.with(at, tab) }
    }),
  close: (path) => set((state) => ({ tabs: state.tabs.filter((tab) => tab.path !== path) })),
}))

/** Gives the open screen a tab: call it in screens of one object ("Prompt: greeting"). Null while the title is unknown. */
export const useTab = (kind: string, title: string | null): void => {
  useEffect(() => {
    if (title !== null) useTabs.getState().open({ path: currentLocation().path, title, kind })
  }, [kind, title])
}
