import type { z } from 'zod'
import type { EvaluatorSpec } from '../domain/evaluator.ts'
import type { JsonValue } from '../domain/json.ts'
import type { EvaluationInput, EvaluatorServices } from './evaluator.ts'

/** What an evaluator says before `negate`, threshold and name are applied. */
export type Verdict =
  | { readonly kind: 'scored'; readonly score: number; readonly reason: string }
  /** There was nothing to look at (a JSON path that the output lacks): 0, whether negated or not. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** It could not be evaluated: 0 and `failed`, whether negated or not. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** A person has not spoken yet: left out of the cell's mean while another evaluator has. */
  | { readonly kind: 'pending'; readonly reason: string }

/** What one evaluator sees of a cell. */
export type Subject = {
  /** What the spec's `field` picks, as text. */
  readonly text: string
  /** The same as a value: the output and text variables are strings, a JSON path gives what stands there. */
  readonly value: JsonValue
  /** Accepted answers: the evaluator's own `value`, else the case's `expected`. */
  readonly expected: readonly JsonValue[]
  readonly spec: EvaluatorSpec
  readonly input: EvaluationInput
  readonly services: EvaluatorServices
  /** Evaluates a member of a group on the same cell. */
  readonly member: (spec: EvaluatorSpec) => Promise<MemberOutcome>
}

export type MemberOutcome = 'passed' | 'not-passed' | 'failed' | 'pending'

export type Judgement = (subject: Subject) => Verdict | Promise<Verdict>

/** What an evaluator cannot do without. */
export type Need = 'expected' | 'regex' | 'script' | 'judge' | 'embedding' | 'baseline' | 'rating'

export type EvaluatorEntry = {
  readonly type: string
  readonly name?: string | undefined
  readonly weight?: number | undefined
  readonly threshold?: number | undefined
  readonly negate?: boolean | undefined
  readonly field?: string | undefined
  readonly fields?: string | readonly string[] | undefined
  readonly [parameter: string]: unknown
}

export type ParameterProblem = { readonly path: readonly (string | number)[]; readonly message: string }

/** Model calls that one cell costs at most, a second question after an unreadable answer included. */
export type CallDemand = { readonly judge: number; readonly embedding: number }

export type EvaluatorDefinition = {
  readonly type: string
  readonly label: string
  /** One sentence for the documentation and the form. */
  readonly summary: string
  /** Raised when equal input may get another score: part of the score cache's key. */
  readonly version: number
  readonly needs: readonly Need[]
  /** A lab-file entry to show. */
  readonly example: EvaluatorEntry
  /** Parameters in a lab file, without those every type has. */
  readonly entryShape: (entry: () => z.ZodType<EvaluatorEntry>) => z.ZodRawShape
  /** What is wrong with parameters whose shapes are right. */
  readonly check: (parameters: Readonly<Record<string, unknown>>) => readonly ParameterProblem[]
  /** Entry parameters with defaults filled in -> spec parameters; a group turns its members into specs. */
  readonly toParams: (
    parameters: Readonly<Record<string, unknown>>,
    nested: (entry: EvaluatorEntry, index: number) => EvaluatorSpec,
  ) => Readonly<Record<string, unknown>>
  /** Default threshold in [0, 1]. */
  readonly threshold: (parameters: Readonly<Record<string, unknown>>) => number
  /** Whose models it asks, and how often. */
  readonly demand: (spec: EvaluatorSpec) => { readonly models: readonly string[]; readonly calls: CallDemand }
  /** Work that does not depend on the cell is done here, once per spec. Throws ZodError on parameters that are not its own. */
  readonly prepare: (spec: EvaluatorSpec) => Judgement
}

type Source<S extends z.ZodObject> = {
  readonly type: string
  readonly label: string
  readonly summary: string
  readonly version: number
  readonly needs?: readonly Need[]
  readonly example: EvaluatorEntry
  /** Without transforms, so that a spec's parameters (defaults filled in) parse again to themselves. */
  readonly params: S
  readonly check?: (params: z.output<S>) => readonly ParameterProblem[]
  /** Default threshold; 1 unless given. */
  readonly threshold?: number | ((params: z.output<S>) => number)
  readonly demand?: (params: z.output<S>) => { readonly models: readonly string[]; readonly calls: CallDemand }
  readonly prepare: (params: z.output<S>) => Judgement
}

const noCalls = { models: [], calls: { judge: 0, embedding: 0 } } as const

/** An ordinary evaluator: its lab-file parameters are its spec's parameters. */
export const defineEvaluator = <S extends z.ZodObject>(source: Source<S>): EvaluatorDefinition => {
  const parse = (params: unknown): z.output<S> => source.params.parse(params)
  const { threshold = 1 } = source
  return {
    type: source.type,
    label: source.label,
    summary: source.summary,
    version: source.version,
    needs: source.needs ?? [],
    example: source.example,
    entryShape: () => source.params.shape,
    check: (parameters) => source.check?.(parse(parameters)) ?? [],
    toParams: (parameters) => parse(parameters),
    threshold: (parameters) => (typeof threshold === 'number' ? threshold : threshold(parse(parameters))),
    demand: (spec) => source.demand?.(parse(spec.params)) ?? noCalls,
    prepare: (spec) => source.prepare(parse(spec.params)),
  }
}

export const scored = (score: number, reason: string): Verdict => ({ kind: 'scored', score, reason })
export const failed = (reason: string): Verdict => ({ kind: 'failed', reason })
export const passedIf = (condition: boolean, whenTrue: string, whenFalse: string): Verdict =>
  condition ? scored(1, whenTrue) : scored(0, whenFalse)
