import type { Problem } from '../domain/errors.ts'

/** Keys and 0-based positions from the top of a file down to one value. */
export type Path = readonly (string | number)[]

export type Position = { readonly line: number | null; readonly column: number | null }

/** Where a value stands, or its key; the nearest enclosing value where the path leads nowhere. */
export type Locate = (path: Path, part?: 'key' | 'value') => Position

/** For objects that were never a file (the library): problems name the path only. */
export const nowhere: Locate = () => ({ line: null, column: null })

/** `models[0].temperature`; 'the file' for the top. */
export const pathText = (path: Path): string => {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return text === '' ? 'the file' : text.replace(/^\./, '')
}

/** Collects every problem of a load, so that a person sees all of them at once, in the order of the file. */
export type Reporter = {
  /** A problem of the lab file itself. */
  readonly report: (path: Path, message: string, part?: 'key' | 'value') => void
  /** A problem of another file. */
  readonly add: (problem: Problem) => void
  /** Something worth a look that stops nothing; located like `report`. */
  readonly warn: (path: Path | null, message: string) => void
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

export const createReporter = (file: string | null, locate: Locate): Reporter => {
  const problems: Problem[] = []
  const warnings: string[] = []
  const at = (path: Path, part?: 'key' | 'value') => locate(path, part)
  return {
    report: (path, message, part) => problems.push({ message, file, ...at(path, part) }),
    add: (problem) => problems.push(problem),
    warn: (path, message) => {
      const line = path === null ? null : at(path).line
      warnings.push(line === null ? message : `${file ?? 'lab'}:${line}: ${message}`)
    },
    problems,
    warnings,
  }
}
