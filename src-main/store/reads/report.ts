import { createHash } from 'node:crypto'
import { LabError } from '../../../src-core/domain/errors.ts'
import type { ExperimentId } from '../../../src-core/domain/ids.ts'
import { canonicalJson } from '../../../src-core/domain/json.ts'
import type { ExperimentReport, Reproduction } from '../../../src-core/domain/report.ts'
import { evaluatorVersion } from '../../../src-core/evaluators/registry.ts'
import type { CaseFacts, Outcome } from '../../../src-core/experiment/outcome.ts'
import { buildReport } from '../../../src-core/experiment/report.ts'
import type { AnalysisOverrides, LedgerTotals } from '../../../src-core/ports/store.ts'
import type { Db } from '../database.ts'
import type { ExperimentReads, OpenedExperiment } from './experiments.ts'

type Reads = {
  readonly db: Db
  readonly experiments: ExperimentReads
  readonly ledger: (uid: ExperimentId) => LedgerTotals
}

/** In the order of the SELECT: rows come as arrays, half a million objects with names would cost as much as the report. */
type Row = readonly [
  prompt: number,
  model: number,
  testCase: number,
  repetition: number,
  score: number,
  passed: number,
  failure: string | null,
  substituted: number,
  servedModel: string | null,
  inputTokens: number | null,
  outputTokens: number | null,
  costUsd: number | null,
  latencyMs: number | null,
  outputHash: number | null,
  fromCache: number,
]

const outcomesSql = `SELECT prompt_id, model_id, test_case_id, repetition, score, passed, failure_code, substituted, served_model,
  input_tokens, output_tokens, cost_usd, latency_ms, output_hash, from_cache
FROM v_outcomes WHERE experiment = ? AND cell >= 0 ORDER BY cell`

type PersonsWord = {
  readonly prompt: number
  readonly model: number
  readonly test_case: number
  readonly repetition: number
  readonly passed: 0 | 1 | null
  readonly excluded: string | null
}
const cellKey = (prompt: number, model: number, testCase: number, repetition: number): string =>
  `${prompt} ${model} ${testCase} ${repetition}`

/** Ratings and exclusions by people, by cell. */
const readPeople = (db: Db, experiment: number): ReadonlyMap<string, PersonsWord> => {
  const rows = db
    .prepare<[number], PersonsWord>(
      `SELECT c.prompt, c.model, c.test_case, c.repetition, a.passed, a.excluded
       FROM annotations a JOIN cells c ON c.experiment = a.experiment AND c.n = a.cell
       WHERE a.experiment = ? AND (a.passed IS NOT NULL OR a.excluded IS NOT NULL)`,
    )
    .all(experiment)
  return new Map(rows.map((row) => [cellKey(row.prompt, row.model, row.test_case, row.repetition), row]))
}

/** What people changed is always counted in the report, and makes it exploratory: they had seen the answers. */
const withPeople = (report: ExperimentReport, words: readonly PersonsWord[]): ExperimentReport => {
  const excluded = words.filter((word) => word.excluded !== null)
  const rated = words.filter((word) => word.excluded === null)
  if (words.length === 0) return report
  const counted = (n: number, one: string, more: string): string => (n === 1 ? `1 ${one}` : `${n} ${more}`)
  const reasons = [...new Set(excluded.map((word) => word.excluded))].join('; ')
  return {
    ...report,
    label: 'exploratory',
    notes: [
      ...report.notes,
      ...(rated.length === 0
        ? []
        : [
            `${counted(rated.length, 'cell has', 'cells have')} a score by a person instead of the evaluators'; the automated scores are kept.`,
          ]),
      ...(excluded.length === 0
        ? []
        : [`${counted(excluded.length, 'cell was', 'cells were')} left out by a person: ${reasons}.`]),
    ],
  }
}

type Trouble = { readonly what: string; readonly n: number; readonly message: string }

/** Cells without an answer by cause, and scores that could not be computed by evaluator; each with one example. */
const readTroubles = (
  db: Db,
  experiment: number,
): { readonly cells: readonly Trouble[]; readonly scores: readonly Trouble[] } => ({
  cells: db
    .prepare<[number], Trouble>(
      `SELECT failure_code AS what, COUNT(*) AS n, MIN(failure_message) AS message FROM prompt_executions
       WHERE experiment = ? AND cell >= 0 AND failure_code IS NOT NULL GROUP BY failure_code ORDER BY n DESC`,
    )
    .all(experiment),
  scores: db
    .prepare<[number], Trouble>(
      `SELECT n.text AS what, COUNT(*) AS n, MIN(s.reason) AS message
       FROM prompt_executions e JOIN scores s ON s.execution = e.id AND s.score_set = e.score_set JOIN names n ON n.id = s.evaluator
       WHERE e.experiment = ? AND e.cell >= 0 AND e.failure_code IS NULL AND s.failed = 1 GROUP BY s.evaluator ORDER BY n DESC`,
    )
    .all(experiment),
})

/** A zero that was never measured must not look like one that was. */
const withTroubles = (
  report: ExperimentReport,
  { cells, scores }: ReturnType<typeof readTroubles>,
): ExperimentReport => {
  const example = ({ message }: Trouble): string => (message === '' ? '' : `, for instance: ${message.slice(0, 200)}`)
  const notes = [
    ...cells.map(
      (one) => `${one.n === 1 ? '1 cell has' : `${one.n} cells have`} no answer (${one.what})${example(one)}`,
    ),
    ...scores.map(
      (one) =>
        `${one.n === 1 ? '1 score' : `${one.n} scores`} of "${one.what}" could not be computed and count as 0${example(one)}`,
    ),
  ]
  return notes.length === 0 ? report : { ...report, notes: [...report.notes, ...notes] }
}

const readOutcomes = (db: Db, opened: OpenedExperiment, caseKeys: ReadonlyMap<number, string>): readonly Outcome[] => {
  const outcomes: Outcome[] = []
  const people = readPeople(db, opened.row)
  for (const raw of db.prepare<[number], Row>(outcomesSql).raw().iterate(opened.row)) {
    const row = raw as Row
    const variant = opened.variantsByRow.get(row[0])
    const model = opened.modelsByRow.get(row[1])
    const testCase = caseKeys.get(row[2])
    if (variant === undefined || model === undefined || testCase === undefined) {
      throw new LabError(
        'store',
        `The database ${db.name} is damaged: a result names a variant, model or case that its experiment lacks.`,
      )
    }
    const word = people.size === 0 ? undefined : people.get(cellKey(row[0], row[1], row[2], row[3]))
    if (word !== undefined && word.excluded !== null) continue
    outcomes.push({
      variant: variant.name,
      model: model.id,
      case: testCase,
      repetition: row[3],
      score: word?.passed ?? row[4],
      passed: (word?.passed ?? row[5]) === 1,
      failed: row[6] !== null,
      substituted: row[7] === 1,
      servedModel: row[8],
      inputTokens: row[9],
      outputTokens: row[10],
      costUsd: row[11],
      latencyMs: row[12],
      outputHash: row[13] === null ? null : row[13].toString(16),
      fromCache: row[14] === 1,
    })
  }
  return outcomes
}

const reproductionOf = (
  opened: OpenedExperiment,
  hashes: { readonly snapshot: string; readonly plan: string; readonly cases: string },
): Reproduction => {
  const { head, environment } = opened
  return {
    labVersion: environment.labVersion,
    node: environment.node,
    platform: environment.platform,
    seed: head.seed,
    snapshotHash: hashes.snapshot,
    planHash: hashes.plan,
    casesHash: hashes.cases,
    variants: head.variants.map(({ name, version, hash }) => ({ variant: name, version, hash })),
    models: head.models.map((model) => ({
      model: model.id,
      provider: model.provider,
      name: model.model,
      digest: environment.identities[model.id]?.digest ?? null,
      parameters: model.parameters,
      simulated: environment.identities[model.id]?.simulated ?? model.provider === 'simulated',
    })),
    evaluators: (opened.rescoredBy ?? head.evaluators).map(({ name, type }) => ({
      name,
      type,
      version: evaluatorVersion(type),
    })),
    priceTableDate: environment.priceTableDate,
    ...(environment.origin === undefined ? {} : { origin: environment.origin }),
  }
}

/** Computed anew from rows on every read, all of one moment. Output texts are not read. */
export const readReport = (
  { db, experiments, ledger }: Reads,
  uid: ExperimentId,
  overrides: AnalysisOverrides,
): ExperimentReport => {
  const read = db.transaction(() => {
    const opened = experiments.openExperiment(uid)
    const cases = experiments.casesOf(opened.row)
    const keys = new Map(cases.map(({ row, testCase }) => [row, testCase.id]))
    return {
      opened,
      cases,
      outcomes: readOutcomes(db, opened, keys),
      people: [...readPeople(db, opened.row).values()],
      troubles: readTroubles(db, opened.row),
      record: experiments.findExperiment(uid),
      ledger: ledger(uid),
    }
  })
  const { opened, cases, outcomes, people, troubles, record, ledger: totals } = read()
  const { head } = opened
  const plan = { ...head.analysis, ...overrides.analysis }
  const baseline = overrides.baseline ?? head.baseline
  if (!head.variants.some(({ name }) => name === baseline)) {
    throw new LabError(
      'usage',
      `The experiment has no variant "${baseline}" to compare with (${head.variants.map(({ name }) => name).join(', ')}).`,
    )
  }
  const evaluators = opened.rescoredBy ?? head.evaluators
  const registered = canonicalJson({ plan: head.analysis, baseline: head.baseline, evaluators: head.evaluators })
  const hash = createHash('sha256')
  for (const { testCase } of cases) hash.update(canonicalJson(testCase)).update('\n')
  const facts = new Map<string, CaseFacts>(
    cases.map(({ testCase: { id, weight, minimumQuality, cluster } }) => [id, { weight, minimumQuality, cluster }]),
  )
  const report = buildReport({
    record,
    snapshot: { ...head, evaluators, cases: cases.map(({ testCase }) => testCase) },
    outcomes,
    cases: facts,
    plan,
    planChanged: canonicalJson({ plan, baseline, evaluators }) !== registered,
    baseline,
    ledger: totals,
    wallSeconds: opened.wallSeconds === 0 ? null : opened.wallSeconds,
    reproduction: reproductionOf(opened, {
      snapshot: record?.snapshotHash ?? opened.snapshotHash,
      plan: record?.planHash ?? '',
      cases: hash.digest('hex'),
    }),
  })
  return withPeople(withTroubles(report, troubles), people)
}
