import { sum } from './describe.ts'
import { logGamma } from './distributions.ts'
import { type Bounds, type Insufficient, insufficient, requireLevel, requireThat } from './result.ts'
import { increasingRoot } from './solve.ts'

export type FisherTest = {
  readonly p: number
  /** Conditional maximum-likelihood odds ratio; 0 or Infinity at the edge of the support. */
  readonly oddsRatio: number
  readonly ci: Bounds
  readonly level: number
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)

/** Probabilities of the first cell given the margins, at log odds ratio θ. */
const conditional = (logWeights: readonly number[], low: number, theta: number): number[] => {
  const raw = logWeights.map((w, i) => w + theta * (low + i))
  const top = Math.max(...raw)
  const scaled = raw.map((w) => Math.exp(w - top))
  const total = sum(scaled)
  return scaled.map((w) => w / total)
}

const widest = 700

/**
 * Fisher's exact test of two independent shares (rows: groups, columns: yes/no): p sums the tables no more likely than the
 * observed one (relative tolerance 1e-7, as R); odds ratio and interval from the noncentral hypergeometric distribution.
 * Source: Fisher 1935; Cornfield 1956. Insufficient: empty, constant (a margin is 0).
 */
export const fisherExact = (
  first: { readonly successes: number; readonly n: number },
  second: { readonly successes: number; readonly n: number },
  level = 0.95,
): FisherTest | Insufficient => {
  requireLevel(level)
  const counts = [first.successes, first.n - first.successes, second.successes, second.n - second.successes]
  if (counts.some(Number.isNaN)) return insufficient('not-a-number')
  requireThat(
    counts.every((k) => Number.isInteger(k) && k >= 0),
    'counts are whole numbers from 0 on',
  )
  if (first.n === 0 || second.n === 0) return insufficient('empty')
  const yes = first.successes + second.successes
  if (yes === 0 || yes === first.n + second.n) return insufficient('constant')
  const low = Math.max(0, yes - second.n)
  const high = Math.min(first.n, yes)
  const x = first.successes - low
  const logWeights = Array.from(
    { length: high - low + 1 },
    (_, i) => logChoose(first.n, low + i) + logChoose(second.n, yes - low - i),
  )
  const atNull = conditional(logWeights, low, 0)
  const limit = (atNull[x] as number) * (1 + 1e-7)
  const p = Math.min(1, sum(atNull.filter((q) => q <= limit)))
  const meanAt = (theta: number): number => sum(conditional(logWeights, low, theta).map((q, i) => q * i))
  const atMost = (theta: number): number => sum(conditional(logWeights, low, theta).slice(0, x + 1))
  const atLeast = (theta: number): number => sum(conditional(logWeights, low, theta).slice(x))
  const tail = (1 - level) / 2
  const bottom = x === 0
  const top = low + x === high
  const theta = bottom ? -Infinity : top ? Infinity : increasingRoot((t) => meanAt(t) - x, -widest, widest)
  const lower = bottom ? 0 : Math.exp(increasingRoot((t) => atLeast(t) - tail, -widest, widest))
  const upper = top ? Infinity : Math.exp(increasingRoot((t) => tail - atMost(t), -widest, widest))
  return { p, oddsRatio: Math.exp(theta), ci: [lower, upper], level }
}
