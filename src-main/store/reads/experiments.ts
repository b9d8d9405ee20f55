import { LabError } from '../../../src-core/domain/errors.ts'
import type { EvaluatorSpec } from '../../../src-core/domain/evaluator.ts'
import type { ExperimentRecord, ExperimentSnapshot, ExperimentStatus } from '../../../src-core/domain/experiment.ts'
import { type ContentHash, type ExperimentId, experimentId } from '../../../src-core/domain/ids.ts'
import type { TestCase } from '../../../src-core/domain/test-case.ts'
import type { NewExperiment } from '../../../src-core/ports/store.ts'
import type { Db } from '../database.ts'
import { toIso } from '../keys.ts'
import { isLive, type LeaseRow } from '../lease.ts'
import { toEvaluators } from '../rows.ts'
import { type PackedSnapshot, type SnapshotHead, unpackSnapshot } from '../snapshot-text.ts'

type RecordRow = LeaseRow & {
  readonly uid: string
  readonly project: string
  readonly status: ExperimentStatus
  readonly started_at: number
  readonly finished_at: number | null
  readonly cells: number
  readonly results: number
  readonly failed: number
  readonly snapshot_hash: string
  readonly plan_hash: string
  readonly lab_version: string
}

/** An experiment by its row, with the snapshot but for its cases. */
export type OpenedExperiment = {
  readonly row: number
  readonly head: SnapshotHead
  readonly environment: NewExperiment['environment']
  /** By the models' and variants' rows. */
  readonly variantsByRow: ReadonlyMap<number, SnapshotHead['variants'][number]>
  readonly modelsByRow: ReadonlyMap<number, SnapshotHead['models'][number]>
  /** Evaluators of the newest `promptlab score`; null where the scores are those of the run. */
  readonly rescoredBy: readonly EvaluatorSpec[] | null
  readonly wallSeconds: number
  readonly snapshotHash: ContentHash
}

const recordColumns = `x.uid, p.name AS project, x.status, x.started_at, x.finished_at, x.cells, x.results, x.failed,
  s.snapshot_hash, s.plan_hash, s.lab_version, x.lease_owner, x.lease_until, x.lease_pid, x.lease_host`
const recordTables =
  'experiments x JOIN projects p ON p.id = x.project JOIN experiment_snapshots s ON s.experiment = x.id'

export const experimentReads = (db: Db, now: () => number) => {
  const all = db.prepare<[], RecordRow>(`SELECT ${recordColumns} FROM ${recordTables} ORDER BY x.id DESC`)
  const newest = db.prepare<[], RecordRow>(`SELECT ${recordColumns} FROM ${recordTables} ORDER BY x.id DESC LIMIT 1`)
  const exact = db.prepare<[string], RecordRow>(`SELECT ${recordColumns} FROM ${recordTables} WHERE x.uid = ?`)
  // By comparison of prefixes, not LIKE: an id may hold % or _.
  const beginning = db.prepare<{ text: string }, RecordRow>(
    `SELECT ${recordColumns} FROM ${recordTables} WHERE substr(x.uid, 1, length(@text)) = @text ORDER BY x.id DESC LIMIT 2`,
  )
  const open = db.prepare<
    [string],
    PackedSnapshot & { id: number; environment: string; wall_seconds: number; score_set: number; snapshot_hash: string }
  >(
    `SELECT x.id, x.wall_seconds, x.score_set, s.environment, s.encoding, s.sha256, s.snapshot, s.snapshot_hash
     FROM experiments x JOIN experiment_snapshots s ON s.experiment = x.id WHERE x.uid = ?`,
  )
  const positions = (table: string, column: string) =>
    db.prepare<[number], { row: number }>(
      `SELECT ${column} AS row FROM ${table} WHERE experiment = ? ORDER BY position`,
    )
  const variantRows = positions('experiment_variants', 'prompt')
  const modelRows = positions('experiment_models', 'model')
  const cases = db.prepare<[number], { id: number; content: string }>(
    'SELECT t.id, t.content FROM experiment_cases e JOIN test_cases t ON t.id = e.test_case WHERE e.experiment = ? ORDER BY e.position',
  )
  const evaluatorsOf = db.prepare<[number, number], { evaluators: string }>(
    'SELECT evaluators FROM score_sets WHERE experiment = ? AND number = ?',
  )

  const toRecord = (row: RecordRow): ExperimentRecord => ({
    id: experimentId(row.uid),
    project: row.project,
    status: row.status === 'running' && !isLive(row, now()) ? 'interrupted' : row.status,
    startedAt: toIso(row.started_at),
    finishedAt: row.finished_at === null ? null : toIso(row.finished_at),
    cells: row.cells,
    results: row.results,
    failed: row.failed,
    snapshotHash: row.snapshot_hash,
    planHash: row.plan_hash,
    labVersion: row.lab_version,
  })

  const openExperiment = (uid: ExperimentId): OpenedExperiment => {
    const row = open.get(uid)
    if (row === undefined) throw new LabError('not-found', `There is no experiment ${uid} in ${db.name}.`)
    const head = unpackSnapshot(row, uid)
    const byRow = <T>(rows: readonly { readonly row: number }[], items: readonly T[]): ReadonlyMap<number, T> =>
      new Map(rows.map(({ row: key }, position) => [key, items[position] as T]))
    const rescoredBy = row.score_set === 0 ? undefined : evaluatorsOf.get(row.id, row.score_set)?.evaluators
    return {
      row: row.id,
      head,
      environment: JSON.parse(row.environment) as NewExperiment['environment'],
      variantsByRow: byRow(variantRows.all(row.id), head.variants),
      modelsByRow: byRow(modelRows.all(row.id), head.models),
      rescoredBy: rescoredBy === undefined ? null : toEvaluators(rescoredBy),
      wallSeconds: row.wall_seconds,
      snapshotHash: row.snapshot_hash as ContentHash,
    }
  }

  const casesOf = (experiment: number): readonly { readonly row: number; readonly testCase: TestCase }[] =>
    cases.all(experiment).map(({ id, content }) => ({ row: id, testCase: JSON.parse(content) as TestCase }))

  const findExperiment = (reference: string | null): ExperimentRecord | null => {
    if (reference === null) {
      const row = newest.get()
      return row === undefined ? null : toRecord(row)
    }
    const row = exact.get(reference)
    if (row !== undefined) return toRecord(row)
    const [first, second] = reference === '' ? [] : beginning.all({ text: reference })
    if (first !== undefined && second !== undefined) {
      throw new LabError(
        'usage',
        `More than one experiment begins with "${reference}" (${first.uid}, ${second.uid}, ...). Give more of the id.`,
      )
    }
    return first === undefined ? null : toRecord(first)
  }

  return {
    openExperiment,
    casesOf,
    findExperiment,
    experiments: (): readonly ExperimentRecord[] => all.all().map(toRecord),
    snapshot: (uid: ExperimentId): ExperimentSnapshot => {
      const opened = openExperiment(uid)
      return { ...opened.head, cases: casesOf(opened.row).map(({ testCase }) => testCase) }
    },
  }
}

export type ExperimentReads = ReturnType<typeof experimentReads>
