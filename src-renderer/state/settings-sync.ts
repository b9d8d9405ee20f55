import { useEffect } from 'react'
import { tellError } from './errors.ts'
import { useLab } from './lab.tsx'
import { type Preferences, usePreferences } from './preferences.ts'
import { useLastProject } from './project.ts'
import { showToast } from './toasts.ts'

type Kept = Pick<Preferences, 'scheme' | 'singleLetters' | 'shortcuts'>
const keptOf = ({ scheme, singleLetters, shortcuts }: Kept): Kept => ({ scheme, singleLetters, shortcuts })

/**
 * The host keeps how the window looks and listens: the browser's own storage belongs to an address whose port changes with
 * every start. The window's copy only serves the first picture.
 */
export const useSettingsSync = (): void => {
  const lab = useLab()
  useEffect(() => {
    let fromHost = false
    let closed = false
    let told: Kept | null = null
    const begin = async (): Promise<void> => {
      const settings = await lab.settings.get.query()
      if (closed) return
      fromHost = true
      told = { scheme: settings.theme, singleLetters: settings.singleLetterKeys, shortcuts: settings.shortcuts }
      usePreferences.setState(told)
      if (useLastProject.getState().id === null) useLastProject.getState().set(settings.lastProject)
    }
    const tell = (change: Parameters<typeof lab.settings.save.mutate>[0]): void => {
      lab.settings.save
        .mutate(change)
        .catch((error: unknown) => showToast({ kind: 'problem', text: tellError(error).what }))
    }
    begin().catch((error: unknown) => showToast({ kind: 'problem', text: tellError(error).what }))
    const stopPreferences = usePreferences.subscribe((next) => {
      const kept = keptOf(next)
      if (!fromHost || JSON.stringify(kept) === JSON.stringify(told)) return
      told = kept
      tell({ theme: kept.scheme, singleLetterKeys: kept.singleLetters, shortcuts: { ...kept.shortcuts } })
    })
    const stopProject = useLastProject.subscribe((next, before) => {
      if (fromHost && next.id !== before.id) tell({ lastProject: next.id })
    })
    return () => {
      closed = true
      stopPreferences()
      stopProject()
    }
  }, [lab])
}
