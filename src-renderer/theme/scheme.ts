import { useSyncExternalStore } from 'react'
import { usePreferences } from '../state/preferences.ts'

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const subscribe = (listener: () => void): (() => void) => {
  dark.addEventListener('change', listener)
  return () => dark.removeEventListener('change', listener)
}

/** The scheme in force: the person's choice, or the system's while that is the choice. */
export const useScheme = (): 'light' | 'dark' => {
  const chosen = usePreferences((state) => state.scheme)
  const systemDark = useSyncExternalStore(subscribe, () => dark.matches)
  if (chosen === 'system') return systemDark ? 'dark' : 'light'
  return chosen
}
