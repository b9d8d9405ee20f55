import { experimentId } from '../../../src-core/domain/ids.ts'
import type { Db } from '../database.ts'
import type { ExperimentReads, OpenedExperiment } from '../reads/experiments.ts'

export type RunShape = {
  readonly uid: string
  readonly variants: number
  readonly models: number
  readonly spentUsd: number | null
  readonly dry: boolean
}

/** What lists show of runs beside their records. */
export const runListReads = (db: Db, experiments: ExperimentReads) => {
  const shapes = db.prepare<
    [number | null, number | null],
    { uid: string; variants: number; models: number; summary: string | null; dry: number }
  >(
    `SELECT x.uid, (SELECT count(*) FROM experiment_variants v WHERE v.experiment = x.id) AS variants,
       (SELECT count(*) FROM experiment_models m WHERE m.experiment = x.id) AS models, s.summary,
       EXISTS (SELECT 1 FROM app_values a WHERE a.name = 'dry:' || x.uid) AS dry
     FROM experiments x LEFT JOIN run_summaries s ON s.experiment = x.id WHERE ? IS NULL OR x.project = ?`,
  )
  const projectOf = db.prepare<[string], number>('SELECT project FROM experiments WHERE uid = ?').pluck()
  const caseCount = db.prepare<[number], number>('SELECT count(*) FROM experiment_cases WHERE experiment = ?').pluck()
  const spentSince = db.prepare<[number], { spent: number | null; unknown: number }>(
    `SELECT total(coalesce(cost_usd, max_cost_usd)) AS spent, count(*) FILTER (WHERE coalesce(cost_usd, max_cost_usd) IS NULL) AS unknown
     FROM attempts WHERE sent_at >= ?`,
  )

  const unconfirmed = db.prepare<[string], { usd: number; unknown: number }>(
    `SELECT total(a.max_cost_usd) AS usd, count(*) FILTER (WHERE a.max_cost_usd IS NULL) AS unknown
     FROM experiments x JOIN calls c ON c.experiment = x.id JOIN attempts a ON a.call = c.id
     WHERE x.uid = ? AND a.state IN ('sent', 'unknown')`,
  )

  return {
    runShapes: (project: number | null): readonly RunShape[] =>
      shapes.all(project, project).map(({ uid, variants, models, summary, dry }) => ({
        uid,
        variants,
        models,
        spentUsd:
          summary === null ? null : ((JSON.parse(summary) as { readonly spentUsd?: number | null }).spentUsd ?? null),
        dry: dry === 1,
      })),
    /** The snapshot without its cases. */
    runHead: (
      uid: string,
    ): {
      readonly head: OpenedExperiment['head']
      readonly project: number
      readonly cases: number
      readonly wallSeconds: number
    } => {
      const opened = experiments.openExperiment(experimentId(uid))
      return {
        head: opened.head,
        project: projectOf.get(uid) ?? 0,
        cases: caseCount.get(opened.row) ?? 0,
        wallSeconds: opened.wallSeconds,
      }
    },
    /** Worst case of requests whose answer was not seen; null where a price is unknown. */
    unconfirmedUsd: (uid: string): number | null => {
      const row = unconfirmed.get(uid)
      return row === undefined || row.unknown > 0 ? null : row.usd
    },
    /** Reads all attempts: for the long looks. Null where any price is unknown. */
    spentSince: (ms: number): number | null => {
      const row = spentSince.get(ms)
      return row === undefined || row.unknown > 0 ? null : (row.spent ?? 0)
    },
  }
}
