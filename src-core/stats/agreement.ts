import { sum } from './describe.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

export type Kappa = {
  readonly kappa: number
  /** Fleiss, Cohen and Everitt's standard error. */
  readonly se: number
  /** The same under κ = 0. */
  readonly seNull: number
  readonly observed: number
  readonly expected: number
}

/**
 * Cohen's κ = (p_o−p_e)/(1−p_e) of a square table (rows: first rater, columns: second). Insufficient: empty, not-a-number,
 * constant (a single category in use: 0/0). Source: Cohen 1960; Fleiss, Cohen, Everitt 1969.
 */
export const cohenKappa = (table: readonly (readonly number[])[]): Kappa | Insufficient => {
  const k = table.length
  requireThat(
    table.every((row) => row.length === k),
    'a table of agreement is square',
  )
  const n = sum(table.flat())
  if (Number.isNaN(n)) return insufficient('not-a-number')
  if (k === 0 || n === 0) return insufficient('empty')
  const share = table.map((row) => row.map((x) => x / n))
  const rows = share.map(sum)
  const columns = rows.map((_, j) => sum(share.map((row) => row[j] as number)))
  const margin = (i: number): number => (rows[i] as number) + (columns[i] as number)
  const observed = sum(share.map((row, i) => row[i] as number))
  const expected = sum(rows.map((r, i) => r * (columns[i] as number)))
  if (expected === 1) return insufficient('constant', 'only one category is in use')
  const kappa = (observed - expected) / (1 - expected)
  const diagonal = sum(share.map((row, i) => (row[i] as number) * (1 - margin(i) * (1 - kappa)) ** 2))
  const others = share.flatMap((row, i) =>
    row.map((p, j) => (i === j ? 0 : p * ((columns[i] as number) + (rows[j] as number)) ** 2)),
  )
  const variance = diagonal + (1 - kappa) ** 2 * sum(others) - (kappa - expected * (1 - kappa)) ** 2
  const nullVariance = expected + expected * expected - sum(rows.map((r, i) => r * (columns[i] as number) * margin(i)))
  const scale = (1 - expected) * Math.sqrt(n)
  return {
    kappa,
    se: Math.sqrt(Math.max(0, variance)) / scale,
    seNull: Math.sqrt(Math.max(0, nullVariance)) / scale,
    observed,
    expected,
  }
}
