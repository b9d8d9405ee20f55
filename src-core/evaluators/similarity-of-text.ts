import { distance } from 'fastest-levenshtein'

/** Comparisons larger than this would hold the thread for more than about a second: they are refused, not guessed. */
export const largestComparison = 4e9

/**
 * Characters as one UTF-16 unit each, so that a distance counts code points. Units of the private use area stand for
 * characters beyond the basic plane; null where there are more distinct ones than places.
 */
const asUnits = (text: string, places: Map<string, string>): string | null => {
  if (!/[\uD800-\uDFFF]/.test(text)) return text
  let units = ''
  for (const point of text) {
    if (point.length === 1) {
      units += point
      continue
    }
    let unit = places.get(point)
    if (unit === undefined) {
      if (places.size >= 6400) return null
      unit = String.fromCharCode(0xe000 + places.size)
      places.set(point, unit)
    }
    units += unit
  }
  return units
}

/** 1 - distance / length of the longer text, in code points; two empty texts are equal. Null: too long to compare. */
export const levenshteinSimilarity = (a: string, b: string): number | null => {
  if (a === b) return 1
  if (a.length * b.length > largestComparison) return null
  const places = new Map<string, string>()
  const [left, right] = [asUnits(a, places), asUnits(b, places)]
  if (left === null || right === null) return null
  return 1 - distance(left, right) / Math.max(left.length, right.length)
}

/** Length of the longest common subsequence, O(nm) time and O(m) space. */
export const longestCommonSubsequence = (a: readonly string[], b: readonly string[]): number => {
  const ids = new Map<string, number>()
  const idOf = (token: string) => {
    const known = ids.get(token)
    if (known !== undefined) return known
    ids.set(token, ids.size)
    return ids.size - 1
  }
  const left = Uint32Array.from(a, idOf)
  const right = Uint32Array.from(b, idOf)
  let row = new Uint32Array(right.length + 1)
  let above = new Uint32Array(right.length + 1)
  for (const token of left) {
    ;[row, above] = [above, row]
    for (let j = 1; j <= right.length; j++) {
      row[j] =
        right[j - 1] === token ? (above[j - 1] as number) + 1 : Math.max(above[j] as number, row[j - 1] as number)
    }
  }
  return row[right.length] ?? 0
}

/** Counts of n-grams; tokens are joined by a character that no token holds. */
export const ngramCounts = (tokens: readonly string[], n: number): Map<string, number> => {
  const counts = new Map<string, number>()
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = n === 1 ? (tokens[i] as string) : tokens.slice(i, i + n).join('\n')
    counts.set(gram, (counts.get(gram) ?? 0) + 1)
  }
  return counts
}

/**
 * Sentence BLEU as sacreBLEU's `sentence_bleu` computes it: up to 4-grams, effective order, 'exp' smoothing (Chen & Cherry
 * 2014, method 3: the k-th n-gram order without a match counts 1 / (2^k total)), brevity penalty against the closest
 * reference length (the shorter of two equally close). In [0, 1].
 */
export const sentenceBleu = (candidate: readonly string[], references: readonly (readonly string[])[]): number => {
  if (candidate.length === 0 || references.length === 0) return 0
  let logSum = 0
  let orders = 0
  let smoothing = 1
  let matched = false
  for (let n = 1; n <= 4; n++) {
    const total = candidate.length - n + 1
    if (total <= 0) break
    const most = new Map<string, number>()
    for (const reference of references) {
      for (const [gram, count] of ngramCounts(reference, n)) most.set(gram, Math.max(count, most.get(gram) ?? 0))
    }
    let matches = 0
    for (const [gram, count] of ngramCounts(candidate, n)) matches += Math.min(count, most.get(gram) ?? 0)
    if (matches > 0) matched = true
    else smoothing *= 2
    logSum += Math.log(matches > 0 ? matches / total : 1 / (smoothing * total))
    orders += 1
  }
  if (!matched) return 0
  const length = references.reduce((best, { length: next }) => {
    const [near, far] = [Math.abs(next - candidate.length), Math.abs(best - candidate.length)]
    return near < far || (near === far && next < best) ? next : best
  }, references[0]?.length ?? 0)
  const brevity = candidate.length < length ? Math.exp(1 - length / candidate.length) : 1
  return brevity * Math.exp(logSum / orders)
}

/** Cosine of two vectors, in [-1, 1]; null where one has no direction or their dimensions differ. */
export const cosine = (a: readonly number[], b: readonly number[]): number | null => {
  if (a.length !== b.length) return null
  let [dot, left, right] = [0, 0, 0]
  for (const [i, x] of a.entries()) {
    const y = b[i] as number
    dot += x * y
    left += x * x
    right += y * y
  }
  const product = Math.sqrt(left) * Math.sqrt(right)
  return product > 0 && Number.isFinite(dot / product) ? Math.max(-1, Math.min(1, dot / product)) : null
}
