/** Where each item's text is folded once, so that a key press only compares. */
export type Indexed<T> = { readonly item: T; readonly text: string; readonly starts: readonly number[] }

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Folds the texts and notes where words start. Do it when the items change, not per key press. */
export const indexItems = <T>(items: readonly T[], textOf: (item: T) => string): readonly Indexed<T>[] =>
  items.map((item) => {
    const text = fold(textOf(item))
    const starts: number[] = []
    for (let at = 0; at < text.length; at += 1) {
      if (at === 0 || /[\s:_./-]/.test(text[at - 1] ?? '')) starts.push(at)
    }
    return { item, text, starts }
  })

/** Lower is better; null: no match. Whole beginnings come before word beginnings, those before places inside words. */
const scoreWord = (entry: Indexed<unknown>, word: string): number | null => {
  const at = entry.text.indexOf(word)
  if (at === -1) return subsequence(entry, word)
  if (at === 0) return 0
  if (entry.starts.some((start) => entry.text.startsWith(word, start))) return 1 + at / 1000
  return 3 + at / 1000
}

/** "gsp" finds "go to sample prompts": every letter in order, the first at the start of a word. */
const subsequence = (entry: Indexed<unknown>, word: string): number | null => {
  if (word.length < 2) return null
  let at = -1
  let jumps = 0
  for (const letter of word) {
    const start = entry.starts.find((candidate) => candidate > at && entry.text[candidate] === letter)
    if (entry.text[at + 1] === letter && at >= 0) at += 1
    else if (start !== undefined) {
      at = start
      jumps += 1
    } else return null
  }
  return 6 + jumps
}

/** The best `limit` items whose text holds every word of the query, best first; ties keep the given order. */
export const rank = <T>(index: readonly Indexed<T>[], query: string, limit: number): readonly T[] => {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return index.slice(0, limit).map(({ item }) => item)
  const found: { readonly item: T; readonly score: number; readonly place: number }[] = []
  for (const [place, entry] of index.entries()) {
    let score = entry.text.length / 10_000
    for (const word of words) {
      const one = scoreWord(entry, word)
      if (one === null) {
        score = Number.POSITIVE_INFINITY
        break
      }
      score += one
    }
    if (score !== Number.POSITIVE_INFINITY) found.push({ item: entry.item, score, place })
  }
  return found
    .sort((a, b) => a.score - b.score || a.place - b.place)
    .slice(0, limit)
    .map(({ item }) => item)
}
