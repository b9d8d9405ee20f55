/** The parts of a key press that matter, so that matching can be tested without a page. */
export type KeyPress = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export const isMac = (platform: string): boolean => /mac|iphone|ipad/i.test(platform)

type Chord = { readonly key: string; readonly mod: boolean; readonly shift: boolean; readonly alt: boolean }

const parseChord = (keys: string): Chord => {
  const parts = keys.split('+')
  return {
    key: parts.at(-1) ?? '',
    mod: parts.includes('Mod'),
    shift: parts.includes('Shift'),
    alt: parts.includes('Alt'),
  }
}

/** With Shift, layouts report another character for a key of punctuation: Shift+. is ':' or '>' by layout. */
const punctuation: Readonly<Record<string, readonly string[]>> = {
  '.': ['.', '>', ':'],
  '/': ['/', '?'],
  ',': [',', '<', ';'],
}

export const matches = (keys: string, press: KeyPress, mac: boolean): boolean => {
  const chord = parseChord(keys)
  if ((mac ? press.metaKey : press.ctrlKey) !== chord.mod) return false
  // The other of the two system keys must be up, or Ctrl+Cmd+K would count as Cmd+K.
  if ((mac ? press.ctrlKey : press.metaKey) || press.altKey !== chord.alt) return false
  const isLetter = /^[A-Z0-9]$|^[A-Z][A-Za-z]+\d?$|^F\d+$/.test(chord.key)
  if (isLetter) return press.key.toLowerCase() === chord.key.toLowerCase() && press.shiftKey === chord.shift
  // '?' itself needs Shift on most layouts, so only the character counts for it.
  if (!chord.mod) return press.key === chord.key
  if (press.shiftKey !== chord.shift) return false
  return (chord.shift ? (punctuation[chord.key] ?? [chord.key]) : [chord.key]).includes(press.key)
}

/** A chord without Ctrl, Cmd or Alt that is one character: what WCAG 2.1.4 asks to be able to switch off. */
export const isSingleCharacter = (keys: string): boolean => keys.length === 1

const macSigns: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↩',
  ArrowUp: '↑',
  ArrowDown: '↓',
}
const plainNames: Readonly<Record<string, string>> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓' }

/** The chord as people read it on this system, one entry per key. */
export const keyNames = (keys: string, mac: boolean): readonly string[] =>
  keys.split('+').map((part) => (mac ? macSigns[part] : plainNames[part]) ?? part)

/** The chord of a key press in our notation; null for a press of nothing but modifiers. */
export const chordOf = (press: KeyPress, mac: boolean): string | null => {
  if (['Control', 'Meta', 'Shift', 'Alt'].includes(press.key)) return null
  const parts: string[] = []
  if (mac ? press.metaKey : press.ctrlKey) parts.push('Mod')
  if (press.altKey) parts.push('Alt')
  const named = /^[a-z]$/i.test(press.key) ? press.key.toUpperCase() : press.key
  if (press.shiftKey && (parts.length > 0 || named.length > 1)) parts.push('Shift')
  return [...parts, named].join('+')
}
