import type { AnalysisPlan, Budget } from '../domain/objective.ts'

/** What the command line's flags say; a flag beats the lab file. Names are those of the flags. */
export type RunOverrides = {
  readonly seed?: number | undefined
  readonly concurrency?: number | undefined
  readonly limit?: number | undefined
  readonly variants?: readonly string[] | undefined
  readonly models?: readonly string[] | undefined
  readonly cases?: readonly string[] | undefined
  readonly budgetCalls?: number | undefined
  readonly budgetTokens?: number | undefined
  readonly budgetUsd?: number | undefined
  readonly budgetMinutes?: number | undefined
  /** false: --no-cache. */
  readonly cache?: boolean | undefined
}

export type PlanOverrides = {
  readonly baseline?: string | undefined
  readonly alpha?: number | undefined
  readonly margin?: number | undefined
  readonly family?: 'baseline' | 'all-pairs' | undefined
}

type FileBudget = { readonly [Key in keyof Budget]?: number | undefined }

export const budgetWith = (file: FileBudget, flags: RunOverrides): Budget => ({
  calls: flags.budgetCalls ?? file.calls ?? null,
  tokens: flags.budgetTokens ?? file.tokens ?? null,
  usd: flags.budgetUsd ?? file.usd ?? null,
  minutes: flags.budgetMinutes ?? file.minutes ?? null,
})

export const planWith = (plan: AnalysisPlan, flags: PlanOverrides): AnalysisPlan => ({
  ...plan,
  alpha: flags.alpha ?? plan.alpha,
  margin: flags.margin ?? plan.margin,
  family: flags.family ?? plan.family,
})
