import type { EvaluatorSpec, Score } from '../domain/evaluator.ts'
import type { Failure, ModelResponse } from '../domain/execution.ts'
import type { JsonValue } from '../domain/json.ts'
import type { Message } from '../domain/prompt.ts'
import type { TestCase } from '../domain/test-case.ts'

/** What an evaluator sees of a cell. */
export type EvaluationInput = {
  readonly testCase: TestCase
  readonly response: ModelResponse
  readonly costUsd: number | null
  /** The rendered prompt, for judges. */
  readonly messages: readonly Message[]
  /**
   * For `pairwise`: the baseline's output on the same case, model and repetition once it is known; null where it failed;
   * 'self' where this cell is the baseline's.
   */
  readonly opponent: () => Promise<{ readonly output: string } | 'self' | null>
  /** A person's ratings in [0, 1] by name of the `human` evaluator; one that is not there is pending. */
  readonly ratings?: Readonly<Record<string, number>>
}

export type RegexVerdict =
  | { readonly kind: 'match'; readonly text: string; readonly groups: readonly (string | null)[] }
  | { readonly kind: 'no-match' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'invalid'; readonly message: string }

export type ScriptVerdict =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'timed-out' }

export type JudgeAnswer =
  | { readonly output: string; readonly servedModel: string | null }
  | { readonly failure: Failure }

/** Effects that evaluators need; hosts provide them. All of them answer with data, none throws for untrusted input. */
export type EvaluatorServices = {
  /** Runs a pattern in a worker with a deadline (250 ms). */
  matchRegex(pattern: string, flags: string, text: string): Promise<RegexVerdict>
  /** Runs untrusted JavaScript in a killable isolated process without I/O. */
  runScript(code: string, input: JsonValue): Promise<ScriptVerdict>
  /** A ledger call of kind `judge`. `purpose` is unique within the cell: `<evaluator>:<n>`. */
  judge(request: {
    readonly purpose: string
    readonly model: string
    readonly messages: readonly Message[]
    readonly responseFormat: JsonValue | null
  }): Promise<JudgeAnswer>
  /** A ledger call of kind `embedding`; one vector per text. */
  embed(request: {
    readonly purpose: string
    readonly model: string
    readonly texts: readonly string[]
  }): Promise<{ readonly vectors: readonly (readonly number[])[] } | { readonly failure: Failure }>
}

/** The cell's score: the weighted mean of its evaluators' scores; passed by the rule of docs (minimum quality, else all). */
export type CellScore = { readonly score: number; readonly passed: boolean; readonly scores: readonly Score[] }

/** Implemented in evaluate.ts: evaluateCell(specs, input, services). */
export type EvaluateCell = (
  specs: readonly EvaluatorSpec[],
  input: EvaluationInput,
  services: EvaluatorServices,
) => Promise<CellScore>
