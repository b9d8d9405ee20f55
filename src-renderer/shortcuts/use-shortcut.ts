import { useEffect, useEffectEvent } from 'react'
import { preferences, usePreferences } from '../state/preferences.ts'
import { isMac, isSingleCharacter, keyNames, matches } from './keys.ts'
import { type ShortcutId, shortcutIds, shortcutTable } from './table.ts'

export const onMac = isMac(navigator.platform)

type Handler = { readonly id: ShortcutId; readonly run: (event: KeyboardEvent) => void }

/** Newest last: an open dialog or inspector answers before the screen beneath it. */
const handlers: Handler[] = []

/** Text fields, whatever shadow root they stand in: text-editing keys always belong to the focused field. */
const textFieldTypes = new Set([
  'text',
  'search',
  'url',
  'tel',
  'email',
  'password',
  'number',
  'date',
  'datetime-local',
  'month',
  'time',
  'week',
])
export const isTextField = (target: EventTarget | undefined): boolean => {
  if (target instanceof HTMLInputElement) return textFieldTypes.has(target.type)
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)
}

export const chosenKeys = (id: ShortcutId): string => preferences().shortcuts[id] ?? shortcutTable[id].keys

const dispatch = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.isComposing) return
  const inText = isTextField(event.composedPath()[0])
  const { singleLetters } = preferences()
  for (const id of shortcutIds) {
    const keys = chosenKeys(id)
    if (!matches(keys, event, onMac)) continue
    if (inText && !shortcutTable[id].inText) continue
    // A key the app gave to nobody at this moment stays the browser's or the field's.
    const handler = handlers.findLast((candidate) => candidate.id === id)
    if (handler === undefined || (isSingleCharacter(keys) && !singleLetters)) continue
    event.preventDefault()
    handler.run(event)
    return
  }
}

/** Binds a shortcut of the table while the component is mounted and `enabled`. The newest binding answers. */
export const useShortcut = (id: ShortcutId, run: (event: KeyboardEvent) => void, enabled = true): void => {
  const latest = useEffectEvent(run)
  useEffect(() => {
    if (!enabled) return
    const handler: Handler = { id, run: latest }
    if (handlers.length === 0) window.addEventListener('keydown', dispatch)
    handlers.push(handler)
    return () => {
      handlers.splice(handlers.indexOf(handler), 1)
      if (handlers.length === 0) window.removeEventListener('keydown', dispatch)
    }
  }, [id, enabled])
}

/** The keys of a shortcut as they are set now, for display. */
export const useKeyNames = (id: ShortcutId): readonly string[] => {
  const keys = usePreferences((state) => state.shortcuts[id]) ?? shortcutTable[id].keys
  return keyNames(keys, onMac)
}
