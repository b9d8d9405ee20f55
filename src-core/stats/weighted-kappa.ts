import { sum } from './describe.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

export type KappaWeights = 'none' | 'linear' | 'quadratic'

export type WeightedKappa = {
  readonly kappa: number
  /** Fleiss, Cohen and Everitt's standard error. */
  readonly se: number
  /** The same under κ = 0. */
  readonly seNull: number
  /** Weighted agreement, observed and expected by the margins. */
  readonly observed: number
  readonly expected: number
}

const credit = (i: number, j: number, k: number, weights: KappaWeights): number => {
  if (i === j) return 1
  if (weights === 'none') return 0
  const distance = Math.abs(i - j) / (k - 1)
  return 1 - (weights === 'linear' ? distance : distance * distance)
}

const shares = (table: readonly (readonly number[])[]): readonly (readonly number[])[] | Insufficient => {
  requireThat(
    table.every((row) => row.length === table.length),
    'a table of agreement is square',
  )
  const n = sum(table.flat())
  if (Number.isNaN(n)) return insufficient('not-a-number')
  return n === 0 ? insufficient('empty') : table.map((row) => row.map((x) => x / n))
}

/**
 * Cohen's weighted κ of a square table of ordered categories (rows: first rater), credit 1−|i−j|/(k−1) or its square:
 * κ_w = (p_o−p_e)/(1−p_e); Var = [Σp_ij(w_ij−(w̄_i.+w̄_.j)(1−κ))² − (κ−p_e(1−κ))²]/(n(1−p_e)²).
 * Source: Cohen 1968; Fleiss, Cohen, Everitt 1969. Insufficient: empty, not-a-number, constant (a single category in use).
 */
export const weightedKappa = (
  table: readonly (readonly number[])[],
  weights: KappaWeights = 'linear',
): WeightedKappa | Insufficient => {
  const p = shares(table)
  if ('kind' in p) return p
  const k = table.length
  const n = sum(table.flat())
  const rows = p.map((row) => sum(row))
  const columns = rows.map((_, j) => sum(p.map((row) => row[j] as number)))
  const w = (i: number, j: number): number => credit(i, j, k, weights)
  const cells = rows.flatMap((r, i) =>
    columns.map((c, j) => ({ i, j, share: p[i]?.[j] as number, chance: r * c, credit: w(i, j) })),
  )
  const observed = sum(cells.map((cell) => cell.share * cell.credit))
  const expected = sum(cells.map((cell) => cell.chance * cell.credit))
  if (!(expected < 1 - 1e-15)) return insufficient('constant', 'only one category is in use')
  const kappa = (observed - expected) / (1 - expected)
  const rowCredit = rows.map((_, i) => sum(columns.map((c, j) => c * w(i, j))))
  const columnCredit = columns.map((_, j) => sum(rows.map((r, i) => r * w(i, j))))
  const margin = (i: number, j: number): number => (rowCredit[i] as number) + (columnCredit[j] as number)
  const spread = sum(cells.map((cell) => cell.share * (cell.credit - margin(cell.i, cell.j) * (1 - kappa)) ** 2))
  const nullSpread = sum(cells.map((cell) => cell.chance * (cell.credit - margin(cell.i, cell.j)) ** 2))
  const scale = (1 - expected) * Math.sqrt(n)
  const root = (variance: number): number => Math.sqrt(Math.max(0, variance)) / scale
  return {
    kappa,
    se: root(spread - (kappa - expected * (1 - kappa)) ** 2),
    seNull: root(nullSpread - expected * expected),
    observed,
    expected,
  }
}

/**
 * Gwet's AC1 of a square table: (p_o−p_e)/(1−p_e), p_e = Σπ_k(1−π_k)/(K−1), π_k the mean of both margins. Stays sensible
 * where one category prevails and κ collapses. Source: Gwet 2008. Insufficient: empty, not-a-number, constant (one category).
 */
export const gwetAc1 = (table: readonly (readonly number[])[]): number | Insufficient => {
  const p = shares(table)
  if ('kind' in p) return p
  const k = table.length
  if (k < 2) return insufficient('constant', 'only one category is in use')
  const margins = p.map((row, i) => (sum(row) + sum(p.map((other) => other[i] as number))) / 2)
  if (margins.some((pi) => pi >= 1 - 1e-15)) return insufficient('constant', 'only one category is in use')
  const observed = sum(p.map((row, i) => row[i] as number))
  const expected = sum(margins.map((pi) => pi * (1 - pi))) / (k - 1)
  return (observed - expected) / (1 - expected)
}

/**
 * Fleiss' κ of a table of counts: rows are items, columns categories, every row sums to the same number of raters.
 * Source: Fleiss 1971. Insufficient: empty, not-a-number, single-unit (one rater), constant (one category in use).
 */
export const fleissKappa = (counts: readonly (readonly number[])[]): number | Insufficient => {
  const [first] = counts
  if (first === undefined) return insufficient('empty')
  if (counts.flat().some((x) => !Number.isFinite(x))) return insufficient('not-a-number')
  const raters = sum(first)
  requireThat(
    counts.every((row) => row.length === first.length && sum(row) === raters),
    'every item is rated equally often',
  )
  if (raters === 0) return insufficient('empty')
  if (raters < 2) return insufficient('single-unit', 'there is only one rater')
  const agreement = counts.map((row) => sum(row.map((x) => x * (x - 1))) / (raters * (raters - 1)))
  const observed = sum(agreement) / counts.length
  const expected = sum(
    first.map((_, j) => (sum(counts.map((row) => row[j] as number)) / (counts.length * raters)) ** 2),
  )
  if (expected >= 1 - 1e-15) return insufficient('constant', 'only one category is in use')
  return (observed - expected) / (1 - expected)
}
