import { cpSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const imported = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)\.ts['"]/g

/**
 * Copies the declarations that some entries need, and no others: most of `src-main` is of no use to a reader of types.
 * `entries` are paths below `from`, without `.d.ts`. Returns how many files were copied.
 */
export const copyDeclarations = (from: string, to: string, entries: readonly string[]): number => {
  const waiting = entries.map((entry) => join(from, entry))
  const seen = new Set(waiting)
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = `${path}.d.ts`
    // A hand-written declaration of a package without its own lies among the sources and is not emitted.
    if (!existsSync(file)) throw new Error(`${relative(from, file)} is imported by a declaration but was not built`)
    cpSync(file, join(to, relative(from, file)))
    for (const [, target] of readFileSync(file, 'utf8').matchAll(imported)) {
      const next = join(dirname(path), target as string)
      if (!seen.has(next)) {
        seen.add(next)
        waiting.push(next)
      }
    }
  }
  return seen.size
}
