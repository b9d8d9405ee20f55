import { describe, expect, test } from 'vitest'
import { conflictsOf } from './conflicts.ts'
import { chordOf, isSingleCharacter, keyNames, matches } from './keys.ts'
import { type ShortcutId, shortcutIds, shortcutTable } from './table.ts'

const press = (key: string, mods: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...mods,
})

describe('matches', () => {
  test.each([
    ['Mod+K', press('k', { ctrlKey: true }), false, true],
    ['Mod+K', press('k', { metaKey: true }), true, true],
    ['Mod+K', press('k', { ctrlKey: true }), true, false],
    ['Mod+K', press('k', { ctrlKey: true, metaKey: true }), false, false],
    ['Mod+K', press('k', { ctrlKey: true, shiftKey: true }), false, false],
    ['Mod+K', press('k'), false, false],
    ['Mod+Shift+P', press('P', { ctrlKey: true, shiftKey: true }), false, true],
    ['Mod+Shift+Z', press('z', { ctrlKey: true }), false, false],
    // Caps lock changes the letter, not the shortcut.
    ['Mod+Z', press('Z', { ctrlKey: true }), false, true],
    ['J', press('j'), false, true],
    ['J', press('J', { shiftKey: true }), false, false],
    ['J', press('j', { ctrlKey: true }), false, false],
    ['?', press('?', { shiftKey: true }), false, true],
    ['?', press('?'), false, true],
    ['Mod+.', press('.', { ctrlKey: true }), false, true],
    ['Mod+Shift+.', press('>', { ctrlKey: true, shiftKey: true }), false, true],
    ['Mod+Shift+.', press(':', { ctrlKey: true, shiftKey: true }), false, true],
    ['Mod+Shift+.', press('.', { ctrlKey: true }), false, false],
    ['Alt+ArrowUp', press('ArrowUp', { altKey: true }), false, true],
    ['Alt+ArrowUp', press('ArrowUp'), false, false],
    ['F2', press('F2'), false, true],
    ['Mod+Enter', press('Enter', { ctrlKey: true }), false, true],
    ['1', press('1'), false, true],
  ])('%s, %o, mac %s: %s', (keys, pressed, mac, expected) => {
    expect(matches(keys, pressed, mac)).toBe(expected)
  })

  test('a recorded chord matches the press it was recorded from', () => {
    const presses = [
      press('k', { ctrlKey: true }),
      press('P', { ctrlKey: true, shiftKey: true }),
      press('ArrowUp', { altKey: true }),
      press('F5'),
      press('x'),
      press('?', { shiftKey: true }),
    ]
    for (const one of presses) expect(matches(chordOf(one, false) ?? '', one, false), JSON.stringify(one)).toBe(true)
    expect(chordOf(press('Control', { ctrlKey: true }), false)).toBeNull()
  })
})

test('the table as it is shipped has no two shortcuts on one key at the same time', () => {
  expect([...conflictsOf((id) => shortcutTable[id].keys)]).toEqual([])
})

test('a conflict is named on both sides, and only where both are in force', () => {
  const keys = (id: ShortcutId): string => (id === 'settings' ? 'Mod+K' : shortcutTable[id].keys)
  expect(conflictsOf(keys)).toEqual(
    new Map([
      ['palette', ['settings']],
      ['settings', ['palette']],
    ]),
  )
  const apart = (id: ShortcutId): string => (id === 'moveUp' ? 'F2' : shortcutTable[id].keys)
  expect(conflictsOf(apart).size).toBe(0)
})

test('a key that types a letter never works inside a text field', () => {
  for (const id of shortcutIds) {
    const { keys, inText } = shortcutTable[id]
    if (isSingleCharacter(keys)) expect(inText, id).toBe(false)
  }
  // Undo and redo are text-editing keys: they belong to the focused field.
  expect([shortcutTable.undo.inText, shortcutTable.redo.inText]).toEqual([false, false])
})

test('keys read as people know them on their system', () => {
  expect(keyNames('Mod+Shift+P', false)).toEqual(['Ctrl', 'Shift', 'P'])
  expect(keyNames('Mod+Shift+P', true)).toEqual(['⌘', '⇧', 'P'])
})
