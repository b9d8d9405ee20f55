import type { JsonValue } from './json.ts'

/** One evaluator of a lab, after defaults are filled in. `params` are parsed by the evaluator's own schema. */
export type EvaluatorSpec = {
  readonly type: string
  /** Unique within an experiment; the type itself unless the lab names it. */
  readonly name: string
  /** Positive share in the cell's weighted mean. */
  readonly weight: number
  /** Passes when score >= threshold; in [0, 1]. */
  readonly threshold: number
  /** Score becomes 1 - score. */
  readonly negate: boolean
  /** Where to look: the output, a JSON path of the output (`$.a.b[0]`), or a variable of the case (`{name}`). */
  readonly field: string
  readonly params: Readonly<Record<string, JsonValue>>
}

/** An evaluator's word on one cell. A failure to evaluate is `failed: true` with score 0, and stays in every denominator. */
export type Score = {
  readonly evaluator: string
  /** In [0, 1]. */
  readonly score: number
  readonly passed: boolean
  readonly reason: string
  readonly failed: boolean
}
