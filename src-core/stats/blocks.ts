import { finiteMean, isConstant, ranks, sum, tieSizes, unusable } from './describe.ts'
import { chiSquareSf, fLogSf, fSf, studentTQuantile } from './distributions.ts'
import { type Insufficient, insufficient, requireThat } from './result.ts'

/** Rows are cases, columns variants. */
export type CaseByVariant = readonly (readonly number[])[]

const checkedTable = (rows: CaseByVariant): Insufficient | null => {
  const variants = rows[0]?.length ?? 0
  requireThat(
    rows.every((row) => row.length === variants),
    'every case has one value per variant',
  )
  if (rows.length === 0 || variants === 0) return insufficient('empty')
  const bad = unusable(rows.flat())
  if (bad !== null) return bad
  if (variants < 2) return insufficient('single-unit', 'there is only one variant')
  return null
}

export type OmnibusTest = {
  readonly statistic: number
  readonly df: number
  readonly p: number
  /** Cases. */
  readonly n: number
}

/**
 * Cochran's Q on 0/1 rows: (k−1)(kΣG² − (ΣG)²)/(kΣL − ΣL²), χ² with k−1 df; G column and L row totals. Source: Cochran 1950.
 * Insufficient: empty, not-a-number, single-unit (one variant), no-discordant-pairs (no case tells the variants apart).
 */
export const cochranQ = (rows: CaseByVariant): OmnibusTest | Insufficient => {
  const bad = checkedTable(rows)
  if (bad !== null) return bad
  requireThat(
    rows.flat().every((x) => x === 0 || x === 1),
    "Cochran's Q needs 0 and 1",
  )
  const k = (rows[0] as readonly number[]).length
  const columns = Array.from({ length: k }, (_, j) => sum(rows.map((row) => row[j] as number)))
  const rowTotals = rows.map(sum)
  const total = sum(columns)
  const divisor = k * total - sum(rowTotals.map((l) => l * l))
  if (divisor === 0) return insufficient('no-discordant-pairs')
  const statistic = ((k - 1) * (k * sum(columns.map((g) => g * g)) - total * total)) / divisor
  return { statistic, df: k - 1, p: chiSquareSf(statistic, k - 1), n: rows.length }
}

export type FriedmanTest = OmnibusTest & {
  /** Sum of within-case ranks per variant (1 = smallest value). */
  readonly rankSums: readonly number[]
  /** Iman and Davenport's F = (n−1)χ²/(n(k−1)−χ²) and its p; null when all cases agree completely. */
  readonly imanDavenport: { readonly statistic: number; readonly p: number } | null
  /** Two rank sums further apart than this differ at `alpha` (Conover), without correction for several looks. */
  readonly criticalDifference: number
}

/**
 * Friedman's test with tie correction: χ² = (k−1)Σ(R_j − n(k+1)/2)²/(Σr² − nk(k+1)²/4), k−1 df; Conover's critical
 * difference t_{1−α/2,(n−1)(k−1)}·√(2(nA − ΣR²)/((n−1)(k−1))), A = Σr². Source: Friedman 1937; Conover, Practical
 * Nonparametric Statistics; irace R/race.R. Insufficient: empty, not-a-number, single-unit, constant (all tied).
 */
export const friedman = (rows: CaseByVariant, alpha = 0.05): FriedmanTest | Insufficient => {
  const bad = checkedTable(rows)
  if (bad !== null) return bad
  const n = rows.length
  const k = (rows[0] as readonly number[]).length
  if (n < 2) return insufficient('single-unit')
  const ranked = rows.map((row) => ranks(row))
  const rankSums = Array.from({ length: k }, (_, j) => sum(ranked.map((row) => row[j] as number)))
  const squares = sum(ranked.map((row) => sum(row.map((r) => r * r))))
  const spread = squares - (n * k * (k + 1) ** 2) / 4
  if (spread <= 0) return insufficient('constant', 'every case ties all variants')
  const statistic = ((k - 1) * sum(rankSums.map((r) => (r - (n * (k + 1)) / 2) ** 2))) / spread
  const df = (n - 1) * (k - 1)
  const rest = n * (k - 1) - statistic
  const f = ((n - 1) * statistic) / rest
  const left = Math.max(0, n * squares - sum(rankSums.map((r) => r * r)))
  return {
    statistic,
    df: k - 1,
    p: chiSquareSf(statistic, k - 1),
    n,
    rankSums,
    imanDavenport: rest <= 1e-12 * n ? null : { statistic: f, p: fSf(f, k - 1, df) },
    criticalDifference: studentTQuantile(1 - alpha / 2, df) * Math.sqrt((2 * left) / df),
  }
}

export type VariantByCase = {
  readonly meanSquares: {
    readonly variant: number
    readonly case: number
    readonly interaction: number
    /** Null with one repetition. */
    readonly error: number | null
  }
  /** MS_V/MS_VC: variants against their interaction with cases. */
  readonly statistic: number
  readonly df: readonly [numerator: number, denominator: number]
  readonly p: number
  readonly logP: number
  /** √(2·MS_VC/(C·R)), the standard error of a difference of two variants. */
  readonly seDifference: number
  readonly means: readonly number[]
}

/**
 * Balanced variant × case × repetition analysis, y[variant][case][repetition], cases random: F = MS_V/MS_VC on
 * (V−1), (V−1)(C−1) df. The residual MS_e as denominator would treat repetitions as new cases. Source: statistics.md 3.5.
 * Insufficient: empty, not-a-number, single-unit (fewer than two variants or cases), constant (no interaction left to divide by).
 */
export const variantByCase = (scores: readonly (readonly (readonly number[])[])[]): VariantByCase | Insufficient => {
  const variants = scores.length
  const cases = scores[0]?.length ?? 0
  const repetitions = scores[0]?.[0]?.length ?? 0
  const balanced = scores.every((v) => v.length === cases && v.every((c) => c.length === repetitions))
  requireThat(balanced, 'a variant-by-case analysis needs the same cases and repetitions everywhere')
  const all = scores.flat(2)
  const bad = unusable(all)
  if (bad !== null) return bad
  if (variants < 2 || cases < 2) return insufficient('single-unit')
  const cell = scores.map((v) => v.map(finiteMean))
  const grand = finiteMean(all)
  const means = cell.map(finiteMean)
  const caseMeans = Array.from({ length: cases }, (_, c) => finiteMean(cell.map((v) => v[c] as number)))
  const square = (values: readonly number[]): number => sum(values.map((x) => x * x))
  const interactions = cell.flatMap((v, i) =>
    v.map((x, c) => x - (means[i] as number) - (caseMeans[c] as number) + grand),
  )
  const df1 = variants - 1
  const df2 = df1 * (cases - 1)
  const interaction = (repetitions * square(interactions)) / df2
  if (isConstant(interactions, Math.max(...all.map(Math.abs)))) return insufficient('constant')
  const variant = (cases * repetitions * square(means.map((m) => m - grand))) / df1
  const residuals = scores.flatMap((v, i) =>
    v.flatMap((c, j) => c.map((y) => y - ((cell[i] as number[])[j] as number))),
  )
  const statistic = variant / interaction
  return {
    meanSquares: {
      variant,
      case: (variants * repetitions * square(caseMeans.map((m) => m - grand))) / (cases - 1),
      interaction,
      error: repetitions > 1 ? square(residuals) / (variants * cases * (repetitions - 1)) : null,
    },
    statistic,
    df: [df1, df2],
    p: fSf(statistic, df1, df2),
    logP: fLogSf(statistic, df1, df2),
    seDifference: Math.sqrt((2 * interaction) / (cases * repetitions)),
    means,
  }
}

export type OneWay = {
  readonly betweenMeanSquare: number
  readonly withinMeanSquare: number
  readonly statistic: number
  readonly df: readonly [between: number, within: number]
  readonly p: number
}

/** One-way analysis of variance of independent groups. Insufficient: empty, not-a-number, single-unit, constant. */
export const oneWayAnova = (groups: readonly (readonly number[])[]): OneWay | Insufficient => {
  const all = groups.flat()
  const bad = unusable(all) ?? (groups.some((g) => g.length === 0) ? insufficient('empty') : null)
  if (bad !== null) return bad
  const within = all.length - groups.length
  if (groups.length < 2 || within < 1) return insufficient('single-unit')
  // Shifting by one of the values loses nothing and keeps digits of data far from 0 (NIST AtmWtAg, SmLs).
  const origin = all[0] as number
  const shifted = groups.map((g) => g.map((x) => x - origin))
  const grand = finiteMean(shifted.flat())
  const means = shifted.map(finiteMean)
  if (groups.every((g) => isConstant(g))) return insufficient('constant')
  const betweenSquares = sum(shifted.map((g, i) => g.length * ((means[i] as number) - grand) ** 2))
  const withinSquares = sum(shifted.map((g, i) => sum(g.map((x) => (x - (means[i] as number)) ** 2))))
  const betweenMeanSquare = betweenSquares / (groups.length - 1)
  const withinMeanSquare = withinSquares / within
  const statistic = betweenMeanSquare / withinMeanSquare
  const df1 = groups.length - 1
  return { betweenMeanSquare, withinMeanSquare, statistic, df: [df1, within], p: fSf(statistic, df1, within) }
}

/** Kruskal and Wallis' H with tie correction, independent groups. Insufficient: empty, not-a-number, single-unit, constant. */
export const kruskalWallis = (groups: readonly (readonly number[])[]): OmnibusTest | Insufficient => {
  const all = groups.flat()
  const bad = unusable(all) ?? (groups.some((g) => g.length === 0) ? insufficient('empty') : null)
  if (bad !== null) return bad
  if (groups.length < 2) return insufficient('single-unit')
  const n = all.length
  const rankOf = ranks(all)
  let at = 0
  let weighted = 0
  for (const g of groups) {
    weighted += sum(rankOf.slice(at, at + g.length)) ** 2 / g.length
    at += g.length
  }
  const correction = 1 - sum(tieSizes(all).map((t) => t ** 3 - t)) / (n ** 3 - n)
  if (!(correction > 0)) return insufficient('constant')
  const statistic = ((12 * weighted) / (n * (n + 1)) - 3 * (n + 1)) / correction
  return { statistic, df: groups.length - 1, p: chiSquareSf(statistic, groups.length - 1), n }
}
