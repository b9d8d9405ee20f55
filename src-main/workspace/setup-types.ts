import type { z } from 'zod'
import type { labSchema } from '../../src-core/lab/lab-schema.ts'
import type { Plan } from '../services/plan.ts'
import type { PlacedProblem } from './types.ts'

type LabInput = z.input<typeof labSchema>

/** Sections of a lab file besides its name, prompts and cases: the setup of a project is kept in the file's own shape. */
export const setupSections = [
  'seed',
  'models',
  'evaluators',
  'baseline',
  'repetitions',
  'cache',
  'objectives',
  'constraints',
  'gates',
  'analysis',
  'budget',
  'concurrency',
  'interleaveModels',
  'evolve',
] as const satisfies readonly (keyof LabInput)[]
export type SetupSection = (typeof setupSections)[number]

/** What a person has set; what is absent has the lab schema's default. A section that is being edited may hold problems. */
export type Setup = { readonly [Key in SetupSection]?: LabInput[Key] | undefined }

export type SetupState = {
  readonly setup: Setup
  /** Defaults of the sections that are absent. */
  readonly defaults: Setup
  readonly problems: readonly PlacedProblem[]
}

/** Which part of the project a plan or a run takes; what is absent: all active prompts, all cases, all models. */
export type RunSelection = {
  readonly variants?: readonly string[] | undefined
  readonly models?: readonly string[] | undefined
  readonly split?: 'train' | 'race' | 'holdout' | 'none' | undefined
  /** The first n cases. */
  readonly limit?: number | undefined
}

export type PlanState = {
  /** Null while there are problems. */
  readonly plan: Plan | null
  readonly variants: number
  readonly cases: number
  readonly models: number
  readonly repetitions: number
  readonly problems: readonly PlacedProblem[]
  readonly warnings: readonly string[]
  /** The budget's cap lies under the estimate; a judge is also a candidate; ... in words. */
  readonly cautions: readonly string[]
  /** Minimum detectable difference at other numbers of cases, for the power curve; empty where nothing can be said. */
  readonly power: readonly { readonly cases: number; readonly difference: number }[]
}
