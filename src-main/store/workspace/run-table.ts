import type { ExperimentId } from '../../../src-core/domain/ids.ts'
import type { TestCase } from '../../../src-core/domain/test-case.ts'
import type { Db } from '../database.ts'
import type { ExperimentReads } from '../reads/experiments.ts'

export type TableColumn = {
  readonly variant: string
  readonly version: number
  readonly model: string
  readonly prompt: number
  readonly modelRow: number
}
export type AnnotationRow = {
  readonly cell: number
  readonly at: number
  readonly passed: number | null
  readonly excluded: string | null
  readonly comment: string | null
}

/**
 * The results of one run in columns of numbers: 22 bytes a case and column, so that half a million results take 11 MB of this
 * thread and none of a window. Grows by the results that came since; ratings lie over it.
 */
export type RunTable = {
  readonly experiment: number
  readonly columns: readonly TableColumn[]
  readonly cases: readonly { readonly row: number; readonly key: string }[]
  readonly repetitions: number
  /** Rises whenever anything in the table changed. */
  readonly revision: number
  readonly results: number
  at(position: number, column: number): TableCell
  readonly annotations: ReadonlyMap<number, AnnotationRow>
}
export type TableCell = {
  readonly recorded: number
  readonly passed: number
  readonly failed: number
  readonly score: number | null
  readonly output: number | null
}

type Row = readonly [
  id: number,
  prompt: number,
  model: number,
  testCase: number,
  score: number,
  passed: number,
  failed: number,
  output: number | null,
]
type Rated = AnnotationRow & {
  readonly prompt: number
  readonly model: number
  readonly test_case: number
  readonly score: number
  readonly was: number
}

type Held = {
  table: RunTable
  readonly recorded: Uint16Array
  readonly passed: Uint16Array
  readonly failed: Uint16Array
  readonly scores: Float64Array
  readonly outputs: Float64Array
  overlay: ReadonlyMap<number, { readonly passed: number; readonly score: number }>
  lastId: number
  results: number
  scoreSet: number
  ratingMark: string
}

const kept = 3
const columnsSql = 'e.id, e.prompt, e.model, e.test_case, e.score, e.passed, e.failure_code IS NOT NULL, r.output_hash'

export const runTables = (db: Db, experiments: ExperimentReads) => {
  const counts = db.prepare<[string], { results: number; score_set: number }>(
    'SELECT results, score_set FROM experiments WHERE uid = ?',
  )
  const whole = db.prepare<[number], Row>(
    `SELECT ${columnsSql} FROM prompt_executions e LEFT JOIN responses r ON r.id = e.response WHERE e.experiment = ? AND e.cell >= 0`,
  )
  const since = db.prepare<[number, number], Row>(
    `SELECT ${columnsSql} FROM prompt_executions e LEFT JOIN responses r ON r.id = e.response WHERE e.id > ? AND +e.experiment = ? AND e.cell IS NOT NULL`,
  )
  const mark = db
    .prepare<[number], string>(
      "SELECT count(*) || ':' || coalesce(sum(at), 0) || ':' || coalesce(total(passed), 0) FROM annotations WHERE experiment = ?",
    )
    .pluck()
  const rated = db.prepare<[number], Rated>(
    `SELECT a.cell, a.at, a.passed, a.excluded, a.comment, e.prompt, e.model, e.test_case, e.score, e.passed AS was
     FROM annotations a LEFT JOIN prompt_executions e ON e.experiment = a.experiment AND e.cell = a.cell WHERE a.experiment = ?`,
  )
  const held = new Map<string, Held>()
  let revision = 0

  const open = (uid: ExperimentId): Held => {
    const opened = experiments.openExperiment(uid)
    const { head } = opened
    const promptRow = new Map([...opened.variantsByRow].map(([row, variant]) => [variant.name, row]))
    const modelRow = new Map([...opened.modelsByRow].map(([row, model]) => [model.id, row]))
    const columns = head.variants.flatMap(({ name, version }) =>
      head.models
        .filter(({ experiment }) => experiment)
        .map(
          ({ id }): TableColumn => ({
            variant: name,
            version,
            model: id,
            prompt: promptRow.get(name) ?? 0,
            modelRow: modelRow.get(id) ?? 0,
          }),
        ),
    )
    const cases = experiments
      .casesOf(opened.row)
      .map(({ row, testCase }: { row: number; testCase: TestCase }) => ({ row, key: testCase.id }))
    const size = cases.length * columns.length
    const fresh: Held = {
      table: undefined as unknown as RunTable,
      recorded: new Uint16Array(size),
      passed: new Uint16Array(size),
      failed: new Uint16Array(size),
      scores: new Float64Array(size),
      outputs: new Float64Array(size),
      overlay: new Map(),
      lastId: 0,
      results: 0,
      scoreSet: -1,
      ratingMark: '',
    }
    const at = (position: number, column: number): TableCell => {
      const index = position * columns.length + column
      const recorded = fresh.recorded[index] ?? 0
      const over = fresh.overlay.get(index)
      const output = fresh.outputs[index] ?? 0
      return {
        recorded,
        passed: (fresh.passed[index] ?? 0) + (over?.passed ?? 0),
        failed: fresh.failed[index] ?? 0,
        score: recorded === 0 ? null : ((fresh.scores[index] ?? 0) + (over?.score ?? 0)) / recorded,
        output: output === 0 ? null : output,
      }
    }
    fresh.table = {
      experiment: opened.row,
      columns,
      cases,
      repetitions: head.repetitions,
      revision: 0,
      results: 0,
      at,
      annotations: new Map(),
    }
    return fresh
  }

  const places = new WeakMap<
    Held,
    { readonly position: ReadonlyMap<number, number>; readonly column: ReadonlyMap<string, number> }
  >()
  const placeOf = (entry: Held) => {
    const known = places.get(entry)
    if (known !== undefined) return known
    const made = {
      position: new Map(entry.table.cases.map(({ row }, index) => [row, index])),
      column: new Map(entry.table.columns.map(({ prompt, modelRow }, index) => [`${prompt} ${modelRow}`, index])),
    }
    places.set(entry, made)
    return made
  }

  const take = (entry: Held, rows: Iterable<Row>) => {
    const place = placeOf(entry)
    const width = entry.table.columns.length
    for (const row of rows) {
      const position = place.position.get(row[3])
      const column = place.column.get(`${row[1]} ${row[2]}`)
      entry.lastId = Math.max(entry.lastId, row[0])
      entry.results += 1
      if (position === undefined || column === undefined) continue
      const index = position * width + column
      entry.recorded[index] = (entry.recorded[index] ?? 0) + 1
      entry.passed[index] = (entry.passed[index] ?? 0) + row[5]
      entry.failed[index] = (entry.failed[index] ?? 0) + row[6]
      entry.scores[index] = (entry.scores[index] ?? 0) + row[4]
      if (entry.outputs[index] === 0) entry.outputs[index] = row[7] ?? 0
    }
  }

  const readRatings = (entry: Held) => {
    const rows = rated.all(entry.table.experiment)
    const place = placeOf(entry)
    const overlay = new Map<number, { passed: number; score: number }>()
    for (const row of rows) {
      const position = place.position.get(row.test_case)
      const column = place.column.get(`${row.prompt} ${row.model}`)
      if (row.passed === null || position === undefined || column === undefined) continue
      const index = position * entry.table.columns.length + column
      const known = overlay.get(index) ?? { passed: 0, score: 0 }
      overlay.set(index, { passed: known.passed + row.passed - row.was, score: known.score + row.passed - row.score })
    }
    entry.overlay = overlay
    entry.table = { ...entry.table, annotations: new Map(rows.map((row) => [row.cell, row])) }
  }

  return (uid: ExperimentId): RunTable => {
    const now = counts.get(uid)
    let entry = held.get(uid)
    const stale =
      entry !== undefined && now !== undefined && (now.results < entry.results || now.score_set !== entry.scoreSet)
    let changed = false
    if (entry === undefined || stale) {
      entry = open(uid)
      entry.scoreSet = now?.score_set ?? 0
      take(entry, whole.raw().iterate(entry.table.experiment) as Iterable<Row>)
      held.delete(uid)
      const oldest = held.size >= kept ? held.keys().next().value : undefined
      if (oldest !== undefined) held.delete(oldest)
      held.set(uid, entry)
      changed = true
    } else if (now !== undefined && now.results !== entry.results) {
      take(entry, since.raw().iterate(entry.lastId, entry.table.experiment) as Iterable<Row>)
      changed = true
    }
    const rating = mark.get(entry.table.experiment) ?? ''
    if (rating !== entry.ratingMark || changed) {
      entry.ratingMark = rating
      readRatings(entry)
      revision += 1
      entry.table = { ...entry.table, revision, results: entry.results }
    }
    return entry.table
  }
}

export type RunTables = ReturnType<typeof runTables>
