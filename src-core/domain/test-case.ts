import type { EvaluatorSpec } from './evaluator.ts'
import type { JsonValue } from './json.ts'

export const splits = ['train', 'race', 'holdout'] as const
export type Split = (typeof splits)[number]

export type TestCase = {
  /** Unique within an experiment. */
  readonly id: string
  /** Values of the template's variables. Non-text values are rendered as JSON. */
  readonly inputs: Readonly<Record<string, JsonValue>>
  /** Accepted answers; for `set` and `contains-all` the wanted set. Empty where nothing is expected. */
  readonly expected: readonly JsonValue[]
  /** The case's own evaluators instead of the experiment's; null means the experiment's. */
  readonly evaluators: readonly EvaluatorSpec[] | null
  /** Least score in [0, 1] for a pass; null means "all evaluators pass". */
  readonly minimumQuality: number | null
  /** Positive; enters every mean. */
  readonly weight: number
  readonly tags: readonly string[]
  readonly split: Split | null
  /** Cases of one cluster (for instance one document) are not independent; null means a cluster of its own. */
  readonly cluster: string | null
}
