import type { Db } from '../database.ts'

/** What must hold in every database, each as a count of rows that break it. */
const invariants: readonly (readonly [sentence: string, sql: string])[] = [
  [
    'results whose call has no final answer or failure in the ledger',
    "SELECT count(*) FROM prompt_executions e JOIN calls c ON c.id = e.call WHERE c.state = 'open'",
  ],
  [
    'answered results without a call in the ledger',
    'SELECT count(*) FROM prompt_executions WHERE call IS NULL AND response IS NOT NULL AND failure_code IS NULL',
  ],
  [
    'calls said to be done without a finished attempt',
    `SELECT count(*) FROM calls c WHERE c.state IN ('done', 'failed')
       AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.call = c.id AND a.n = c.final_attempt AND a.state IN ('done', 'failed'))`,
  ],
  [
    'answered calls without their answer',
    "SELECT count(*) FROM calls WHERE state IN ('done', 'cached') AND response IS NULL",
  ],
  [
    'finished attempts without a time',
    "SELECT count(*) FROM attempts WHERE state IN ('done', 'failed') AND ended_at IS NULL",
  ],
  ['failed attempts without a reason', "SELECT count(*) FROM attempts WHERE state = 'failed' AND failure_code IS NULL"],
  [
    'results whose scores are not all there',
    `SELECT count(*) FROM prompt_executions e
     WHERE e.score_count <> (SELECT count(*) FROM scores s WHERE s.execution = e.id AND s.score_set = e.score_set)`,
  ],
  [
    'results without a cell of their experiment',
    `SELECT count(*) FROM prompt_executions e WHERE e.cell IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM cells c WHERE c.experiment = e.experiment AND c.n = e.cell)`,
  ],
  [
    'experiments whose count of results is not the number of results',
    `SELECT count(*) FROM experiments x WHERE x.results <> (SELECT count(*) FROM prompt_executions e WHERE e.experiment = x.id)`,
  ],
  [
    'experiments whose count of failures is not the number of failures',
    `SELECT count(*) FROM experiments x WHERE x.failed <>
       (SELECT count(*) FROM prompt_executions e WHERE e.experiment = x.id AND e.failure_code IS NOT NULL)`,
  ],
  [
    'experiments whose count of cells is not the number of cells',
    'SELECT count(*) FROM experiments x WHERE x.cells <> (SELECT count(*) FROM cells c WHERE c.experiment = x.id)',
  ],
]

/** Reads the whole file: pages and indexes, references, and the invariants of the ledger. One moment's state. */
export const verify = (db: Db): { readonly ok: boolean; readonly problems: readonly string[] } => {
  const check = db.transaction(() => {
    const damage = (db.pragma('integrity_check') as readonly { readonly integrity_check: string }[])
      .map((row) => row.integrity_check)
      .filter((text) => text !== 'ok')
    // Counts over damaged pages mean nothing.
    if (damage.length > 0) return damage
    const references = db.pragma('foreign_key_check') as readonly { readonly table: string; readonly parent: string }[]
    const dangling = new Map<string, number>()
    for (const { table, parent } of references) {
      const key = `rows of ${table} that point to no row of ${parent}`
      dangling.set(key, (dangling.get(key) ?? 0) + 1)
    }
    const broken = invariants.map(
      ([sentence, sql]) => [sentence, db.prepare<[], number>(sql).pluck().get() ?? 0] as const,
    )
    return [...dangling, ...broken].filter(([, count]) => count > 0).map(([sentence, count]) => `${count} ${sentence}`)
  })
  const problems = check()
  return { ok: problems.length === 0, problems }
}
