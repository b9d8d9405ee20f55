import type { Random } from '../../../src-core/ports/random.ts'
import { normalQuantile } from '../../../src-core/stats/distributions.ts'

/** Samples as pure functions of (seed, stream, index): a prompt's outcome must not depend on the order of evaluation. */
export type Draws = {
  uniform(stream: string, index: number): number
  normal(stream: string, index: number, mean: number, sd: number): number
  integer(stream: string, index: number, bound: number): number
  /** `size` positive numbers that sum to 1, from the symmetric Dirichlet distribution. */
  dirichlet(stream: string, size: number, concentration: number): readonly number[]
}

export const createDraws = (random: Random): Draws => {
  const uniform = (stream: string, index: number): number => random.uniform(stream, index)
  const standard = (stream: string, index: number): number =>
    normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, uniform(stream, index))))

  /** Marsaglia and Tsang (2000) at shape + 1, brought down by U^(1/shape), which is exact for shapes below 1. */
  const logGammaSample = (stream: string, shape: number): number => {
    const d = shape + 1 - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (let i = 0; ; i += 2) {
      const x = standard(stream, i + 1)
      const v = (1 + c * x) ** 3
      if (v <= 0) continue
      const u = uniform(stream, i + 2)
      if (Math.log(Math.max(u, 1e-300)) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return Math.log(d * v) + Math.log(Math.max(uniform(stream, 0), 1e-300)) / shape
      }
    }
  }

  return {
    uniform,
    normal: (stream, index, mean, sd) => mean + sd * standard(stream, index),
    integer: (stream, index, bound) => Math.floor(uniform(stream, index) * bound),
    dirichlet: (stream, size, concentration) => {
      // In logs, because at a concentration of 0.3 single shares fall below the smallest double.
      const logs = Array.from({ length: size }, (_, i) => logGammaSample(`${stream}:${i}`, concentration))
      const largest = Math.max(...logs)
      const shares = logs.map((log) => Math.exp(log - largest))
      const sum = shares.reduce((total, share) => total + share, 0)
      return shares.map((share) => share / sum)
    },
  }
}
