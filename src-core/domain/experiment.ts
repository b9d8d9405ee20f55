import type { EvaluatorSpec } from './evaluator.ts'
import type { ExperimentId } from './ids.ts'
import type { ModelReference } from './model.ts'
import type { AnalysisPlan, Budget, Constraint, Gates, Objective } from './objective.ts'
import type { PromptVariant } from './prompt.ts'
import type { TestCase } from './test-case.ts'

export type CachePolicy = 'read-write' | 'off' | 'only'

/** Everything a run needs, frozen and stored before the first call; runs, resumes and reports read nothing else. */
export type ExperimentSnapshot = {
  readonly project: string
  readonly seed: number
  readonly variants: readonly PromptVariant[]
  readonly cases: readonly TestCase[]
  /** All models, those only for roles included (`experiment: false`). */
  readonly models: readonly ModelReference[]
  readonly evaluators: readonly EvaluatorSpec[]
  /** Name of the variant that comparisons are made against. */
  readonly baseline: string
  readonly repetitions: number
  readonly cache: CachePolicy
  readonly objectives: readonly Objective[]
  readonly constraints: readonly Constraint[]
  readonly gates: Gates
  readonly analysis: AnalysisPlan
  readonly budget: Budget
  /** Over all models. */
  readonly concurrency: number
  readonly interleaveModels: boolean
}

/** `running` with no live lease means interrupted: its host is gone and `run --resume` continues it. */
export type ExperimentStatus = 'running' | 'done' | 'budget' | 'refused' | 'interrupted'

export type ExperimentRecord = {
  readonly id: ExperimentId
  readonly project: string
  readonly status: ExperimentStatus
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly cells: number
  readonly results: number
  readonly failed: number
  readonly snapshotHash: string
  /** Hash of the analysis plan as registered before the first call. */
  readonly planHash: string
  readonly labVersion: string
}
