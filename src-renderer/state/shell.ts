import { create } from 'zustand'

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed'

type Shell = {
  readonly palette: 'closed' | 'objects' | 'commands'
  readonly shortcutSheet: boolean
  /** Element that the inspector's content is drawn into; null while no screen shows one. */
  readonly inspectorOpen: boolean
  readonly inspectorSlot: HTMLElement | null
  /** By owner, so that two fields of one screen do not overwrite one another's state. */
  readonly saves: Readonly<Record<string, SaveState>>
  readonly set: (change: Partial<Pick<Shell, 'palette' | 'shortcutSheet' | 'inspectorOpen' | 'inspectorSlot'>>) => void
  readonly reportSave: (owner: string, state: SaveState | null) => void
}

export const useShellState = create<Shell>()((set) => ({
  palette: 'closed',
  shortcutSheet: false,
  inspectorOpen: false,
  inspectorSlot: null,
  saves: {},
  set: (change) => set(change),
  reportSave: (owner, state) =>
    set((shell) => {
      const { [owner]: _, ...rest } = shell.saves
      return { saves: state === null ? rest : { ...rest, [owner]: state } }
    }),
}))

const severity: readonly SaveState[] = ['saved', 'unsaved', 'saving', 'failed']

/** The most pressing of all save states: what the status bar shows. */
export const overallSave = (saves: Readonly<Record<string, SaveState>>): SaveState =>
  Object.values(saves).reduce<SaveState>(
    (worst, state) => (severity.indexOf(state) > severity.indexOf(worst) ? state : worst),
    'saved',
  )
