import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'

export type ColourScheme = 'light' | 'dark' | 'system'

export type Preferences = {
  readonly scheme: ColourScheme
  /** Single-letter keys can be switched off (WCAG 2.1.4). */
  readonly singleLetters: boolean
  /** Only what differs from the table. */
  readonly shortcuts: Readonly<Record<string, string>>
  readonly set: (change: Partial<Pick<Preferences, 'scheme' | 'singleLetters' | 'shortcuts'>>) => void
}

/** How this window looks and listens; nothing of the work itself. */
export const usePreferences = create<Preferences>()(
  persist((set) => ({ scheme: 'system', singleLetters: true, shortcuts: {}, set: (change) => set(change) }), {
    name: 'prompt-lab.preferences',
    version: 1,
    storage: createJSONStorage(() => localStorage),
    partialize: ({ scheme, singleLetters, shortcuts }) => ({ scheme, singleLetters, shortcuts }),
  }),
)

export const preferences = (): Preferences => usePreferences.getState()
