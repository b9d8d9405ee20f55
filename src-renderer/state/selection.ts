import { create } from 'zustand'

type Selection = {
  /** By list: 'cases', 'results', ... The keys of the selected rows. */
  readonly selected: Readonly<Record<string, ReadonlySet<string>>>
  readonly select: (list: string, keys: ReadonlySet<string>) => void
}

const nothing: ReadonlySet<string> = new Set()

/** Survives leaving a screen and coming back, not a restart. */
export const useSelectionStore = create<Selection>()((set) => ({
  selected: {},
  select: (list, keys) => set((state) => ({ selected: { ...state.selected, [list]: keys } })),
}))

export const useSelection = (list: string): readonly [ReadonlySet<string>, (keys: ReadonlySet<string>) => void] => {
  const selected = useSelectionStore((state) => state.selected[list]) ?? nothing
  const select = useSelectionStore((state) => state.select)
  return [selected, (keys) => select(list, keys)]
}
