import { distance } from 'fastest-levenshtein'

/** The known word most like `word`, where it is near enough to be a slip of the finger; else null. */
export const nearest = (word: string, known: readonly string[]): string | null => {
  const lower = word.toLowerCase()
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const d = distance(lower, candidate.toLowerCase())
    if (d < bestDistance && d < candidate.length) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}

/** ` Did you mean "x"?`, or, where nothing is near, ` Known: a, b, c.` */
export const suggestion = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known)
  if (near !== null) return ` Did you mean "${near}"?`
  return known.length === 0 ? '' : ` Known: ${known.join(', ')}.`
}
