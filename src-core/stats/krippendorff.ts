import { sorted, sum } from './describe.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval'

/** Squared distance of two values' positions in the ascending list; `counts` are how often each value was given. */
const distance = (level: MeasurementLevel, values: readonly number[], counts: readonly number[]) => {
  const before: number[] = []
  counts.forEach((n, i) => before.push((before[i - 1] ?? 0) + n))
  return (a: number, b: number): number => {
    if (a === b) return 0
    switch (level) {
      case 'nominal':
        return 1
      case 'interval':
        return ((values[a] as number) - (values[b] as number)) ** 2
      case 'ordinal': {
        const [low, high] = a < b ? [a, b] : [b, a]
        const between = (before[high] as number) - (before[low] as number) + (counts[low] as number)
        return (between - ((counts[low] as number) + (counts[high] as number)) / 2) ** 2
      }
    }
  }
}

/**
 * Krippendorff's α = 1 − D_o/D_e: agreement of any number of raters with missing ratings. `ratings[rater][item]`, null where
 * a rater did not rate; items with fewer than two ratings say nothing and are left out. α is 1 for perfect agreement, 0 for
 * chance. Source: Krippendorff 2004; Hayes and Krippendorff 2007. Insufficient: empty (no item rated twice), not-a-number,
 * constant (only one value was ever given: 0/0).
 */
export const krippendorffAlpha = (
  ratings: readonly (readonly (number | null)[])[],
  level: MeasurementLevel = 'nominal',
): number | Insufficient => {
  const items = ratings[0]?.length ?? 0
  requireThat(
    ratings.every((row) => row.length === items),
    'every rater has one place per item',
  )
  const given = ratings.flat().filter((x): x is number => x !== null)
  if (given.some((x) => !Number.isFinite(x))) return insufficient('not-a-number')
  const byItem = Array.from({ length: items }, (_, i) =>
    ratings.map((row) => row[i] ?? null).filter((x): x is number => x !== null),
  ).filter((values) => values.length >= 2)
  if (byItem.length === 0) return insufficient('empty', 'no item was rated twice')
  const values = [...new Set(sorted(byItem.flat()))]
  if (values.length < 2) return insufficient('constant', 'only one value is in use')
  const place = new Map(values.map((value, i) => [value, i]))
  const coincidences = values.map(() => values.map(() => 0))
  for (const item of byItem) {
    item.forEach((a, r) =>
      item.forEach((b, s) => {
        if (r === s) return
        const row = coincidences[place.get(a) as number] as number[]
        const column = place.get(b) as number
        row[column] = (row[column] as number) + 1 / (item.length - 1)
      }),
    )
  }
  const counts = coincidences.map((row) => sum(row))
  const n = sum(counts)
  const apart = distance(level, values, counts)
  const observed = sum(coincidences.flatMap((row, a) => row.map((o, b) => o * apart(a, b)))) / n
  const expected = sum(counts.flatMap((na, a) => counts.map((nb, b) => na * nb * apart(a, b)))) / (n * (n - 1))
  return 1 - observed / expected
}
