import { migrations } from '../migrations/all.ts'
import type { Migration } from '../migrations/migration.ts'

/** A step that takes some hundred milliseconds, so that it can be killed in the middle. */
export const slowStep = { rows: 150_000 }

export const withSecondStep: readonly Migration[] = [
  ...migrations,
  {
    number: migrations.length + 1,
    name: 'added-by-test',
    sql: `CREATE TABLE added_by_test (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
INSERT INTO added_by_test WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${slowStep.rows})
  SELECT n, hex(zeroblob(40)) FROM numbers;
CREATE INDEX added_by_test_text ON added_by_test (text, n);`,
  },
]
