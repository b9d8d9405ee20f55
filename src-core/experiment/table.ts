import { LabError, type Problem } from '../domain/errors.ts'
import type { JsonValue } from '../domain/json.ts'
import { type AnalysisPlan, defaultAnalysis } from '../domain/objective.ts'
import type { CaseFacts, Outcome, ReportInput } from './outcome.ts'
import { amount, flag, optionalText, Rejected, repetitionOf, scoreOf, text, weightOf } from './table-fields.ts'
import { listed } from './wording.ts'

/** A row of a table made elsewhere: texts from CSV, JSON values from JSON lines. */
export type TableRow = { readonly line: number | null; readonly cells: Readonly<Record<string, JsonValue>> }

export type TableOptions = {
  /** For error messages. */
  readonly file: string | null
  /** The first variant of the table unless given. */
  readonly baseline?: string | undefined
  readonly plan?: Partial<AnalysisPlan> | undefined
  readonly labVersion: string
}

/** What a table without a `model` column calls its one model. */
export const unnamedModel = 'model'

const required = ['case', 'variant', 'score'] as const

type Draft = Omit<Outcome, 'repetition'> & { readonly repetition: number | null; readonly facts: CaseFacts }

const readRow = ({ cells }: TableRow): Draft => ({
  case: text(cells.case, 'case'),
  variant: text(cells.variant, 'variant'),
  model: optionalText(cells.model, 'model') ?? unnamedModel,
  repetition: repetitionOf(cells.repetition),
  score: scoreOf(cells.score),
  passed: flag(cells.passed, 'passed'),
  failed: false,
  substituted: false,
  servedModel: null,
  inputTokens: amount(cells.input_tokens, 'input_tokens'),
  outputTokens: amount(cells.output_tokens, 'output_tokens'),
  costUsd: amount(cells.cost_usd, 'cost_usd'),
  latencyMs: amount(cells.latency_ms, 'latency_ms'),
  outputHash: null,
  fromCache: false,
  facts: { weight: weightOf(cells.weight), minimumQuality: null, cluster: optionalText(cells.cluster, 'cluster') },
})

/** Case facts come with every row of the case and must agree. */
const addFacts = (cases: Map<string, CaseFacts>, { case: id, facts }: Draft): void => {
  const known = cases.get(id)
  if (known === undefined) cases.set(id, facts)
  else if (known.cluster !== facts.cluster) throw new Rejected(`case ${id} is in two clusters`)
  else if (known.weight !== facts.weight) throw new Rejected(`case ${id} has two weights`)
}

/** Rows that do not number their repetitions are numbered in order; numbered ones must not repeat. */
const numberRepetition = (seen: Map<string, Set<number>>, draft: Draft): number => {
  const key = `${draft.case}\u0000${draft.variant}\u0000${draft.model}`
  const taken = seen.get(key) ?? new Set<number>()
  seen.set(key, taken)
  const repetition = draft.repetition ?? taken.size + 1
  if (taken.has(repetition)) {
    throw new Rejected(`case ${draft.case} of ${draft.variant} has repetition ${repetition} twice`)
  }
  taken.add(repetition)
  return repetition
}

const missingColumns = (rows: readonly TableRow[]): string[] => {
  const columns = new Set(rows.flatMap((row) => Object.keys(row.cells)))
  return required.filter((column) => !columns.has(column))
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]

const fail = (problems: readonly Problem[]): never => {
  const [first] = problems
  throw new LabError('lab-file', first?.message ?? 'the table cannot be read', { problems })
}

/** Without `passed`: score = 1 where all scores are 0 or 1, else unknown. */
const withPasses = (outcomes: readonly Outcome[], stated: boolean): Outcome[] => {
  const binary = outcomes.every(({ score }) => score === 0 || score === 1)
  return outcomes.map((outcome) => (stated || !binary ? outcome : { ...outcome, passed: outcome.score === 1 }))
}

const baselineOf = (variants: readonly string[], wanted: string | undefined): string => {
  if (wanted !== undefined && !variants.includes(wanted)) {
    throw new LabError('usage', `The table has no variant ${wanted} to be the baseline. It has ${listed(variants)}.`)
  }
  return wanted ?? variants[0] ?? ''
}

/**
 * Results made elsewhere, ready to be analysed. Columns: `case, variant, score` and optional `model, repetition, passed,
 * cost_usd, latency_ms, cluster, weight, input_tokens, output_tokens`; others are ignored. Variants and models keep the
 * table's order. Throws LabError `lab-file` with every bad row, `usage` for an unknown baseline.
 */
export const tableInput = (rows: readonly TableRow[], options: TableOptions): ReportInput => {
  const place = (line: number | null, message: string): Problem => ({ message, file: options.file, line, column: null })
  if (rows.length === 0) fail([place(null, 'the table holds no rows')])
  const missing = missingColumns(rows)
  if (missing.length > 0) {
    fail([
      place(
        1,
        `the table has no column ${listed(missing.map((name) => `\`${name}\``))}; it needs case, variant and score`,
      ),
    ])
  }
  const problems: Problem[] = []
  const outcomes: Outcome[] = []
  const cases = new Map<string, CaseFacts>()
  const seen = new Map<string, Set<number>>()
  for (const row of rows) {
    try {
      const draft = readRow(row)
      addFacts(cases, draft)
      const { facts: _, ...outcome } = draft
      outcomes.push({ ...outcome, repetition: numberRepetition(seen, draft) })
    } catch (error) {
      if (!(error instanceof Rejected)) throw error
      problems.push(place(row.line, error.message))
    }
  }
  if (problems.length > 0) fail(problems)
  const variants = unique(outcomes.map((outcome) => outcome.variant))
  const models = unique(outcomes.map((outcome) => outcome.model))
  const clustered = [...cases.values()].some((facts) => facts.cluster !== null)
  const passStated = rows.some((row) => 'passed' in row.cells)
  return {
    record: null,
    snapshot: null,
    outcomes: withPasses(outcomes, passStated),
    cases,
    plan: { ...defaultAnalysis, cluster: clustered ? 'cluster' : null, ...options.plan },
    planChanged: false,
    baseline: baselineOf(variants, options.baseline),
    ledger: null,
    wallSeconds: null,
    reproduction: {
      labVersion: options.labVersion,
      node: null,
      platform: null,
      seed: null,
      snapshotHash: null,
      planHash: null,
      casesHash: null,
      variants: variants.map((variant) => ({ variant, version: 1, hash: '' })),
      models: models.map((model) => ({
        model,
        provider: '',
        name: '',
        digest: null,
        parameters: null,
        simulated: false,
      })),
      evaluators: [],
      priceTableDate: null,
    },
  }
}
