import type { Outcome } from './outcome.ts'

export type CopyRules = {
  /** Equal output is an equal draw: the model is deterministic, or nothing is known of it. */
  readonly sameOutputIsCopy: boolean
  /** Rows that agree in every number, the latency included, are copies (tables made elsewhere carry no output). */
  readonly sameNumbersAreCopy: boolean
}

export type Copies = {
  /** Repetitions that repeat another one: all but one, or none. */
  readonly copies: number
  /** Not the output alone but cost and latency too are copied, so that they measure nothing new either. */
  readonly whole: boolean
}

const sameNumbers = (a: Outcome, b: Outcome): boolean =>
  a.score === b.score &&
  a.passed === b.passed &&
  a.failed === b.failed &&
  a.outputHash === b.outputHash &&
  a.inputTokens === b.inputTokens &&
  a.outputTokens === b.outputTokens &&
  a.costUsd === b.costUsd &&
  a.latencyMs === b.latencyMs

/**
 * Repetitions of one case that are copies of one answer (statistics.md 3.4) tell nothing about the model's variance and
 * count once. Only when all of them agree: where some differ the model is random after all, and folding the equal ones
 * would tilt the mean towards the rare answer.
 */
export const copiesIn = (repetitions: readonly Outcome[], rules: CopyRules): Copies => {
  const [first, ...rest] = repetitions
  if (first === undefined || rest.length === 0) return { copies: 0, whole: false }
  const whole = rest.every((other) => sameNumbers(first, other))
  const sameOutput = first.outputHash !== null && rest.every((other) => other.outputHash === first.outputHash)
  const sameScore = rest.every((other) => other.score === first.score && other.passed === first.passed)
  const copied =
    (rules.sameOutputIsCopy && sameOutput && sameScore) ||
    (rules.sameNumbersAreCopy && whole && first.latencyMs !== null)
  return copied ? { copies: rest.length, whole } : { copies: 0, whole: false }
}
