import { type ShortcutId, shortcutIds, shortcutTable } from './table.ts'

/** Groups that are in force together: those of everywhere with each other group, and each with itself. */
const together = (a: ShortcutId, b: ShortcutId): boolean => {
  const [first, second] = [shortcutTable[a].group, shortcutTable[b].group]
  const general = (group: string): boolean => group === 'Everywhere' || group === 'Running' || group === 'Editing'
  return first === second || general(first) || general(second)
}

/** By shortcut, the others that answer to the same keys at the same time. */
export const conflictsOf = (keysOf: (id: ShortcutId) => string): ReadonlyMap<ShortcutId, readonly ShortcutId[]> => {
  const found = new Map<ShortcutId, readonly ShortcutId[]>()
  for (const id of shortcutIds) {
    const others = shortcutIds.filter(
      (other) => other !== id && keysOf(other).toLowerCase() === keysOf(id).toLowerCase() && together(id, other),
    )
    if (others.length > 0) found.set(id, others)
  }
  return found
}
