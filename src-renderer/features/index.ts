import type { Screen } from '../routing/screen.ts'

/**
 * Every `features/<screen>/screen.tsx` registers itself by exporting `screen`: adding a screen touches one folder.
 * Two screens with one id or path would hide each other, so that is refused at start.
 */
const modules = import.meta.glob<{ readonly screen: Screen }>('./*/screen.tsx', { eager: true })

const register = (found: readonly Screen[]): readonly Screen[] => {
  for (const key of ['id', 'path'] as const) {
    const seen = new Set<string>()
    for (const screen of found) {
      if (seen.has(screen[key])) throw new Error(`two screens share the ${key} ${screen[key]}`)
      seen.add(screen[key])
    }
  }
  return found.toSorted((a, b) => a.order - b.order)
}

export const screens: readonly Screen[] = register(Object.values(modules).map((module) => module.screen))
