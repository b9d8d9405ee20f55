import type { Migration } from './migration.ts'

/**
 * Projects, prompts, cases, experiments, the ledger of calls and attempts, executions with their scores, two caches.
 *
 * Inside the file everything is an integer key; names, ids and texts stand in one place each. Times are milliseconds since
 * 1970 UTC. Messages of task calls are not stored: they are rendered anew from the snapshot. Small rows that only the ledger
 * reads (`attempts`) are kept apart from long texts (`responses`), and a text column is the last of its row, so that a report
 * over half a million rows never touches the pages that hold outputs.
 */
export const foundation: Migration = {
  number: 1,
  name: 'foundation',
  sql: `
CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Short texts that repeat: evaluators' names, servers' names for models.
CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE prompt_variants (
  id INTEGER PRIMARY KEY,
  project INTEGER NOT NULL REFERENCES projects,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  hash TEXT NOT NULL,
  template TEXT NOT NULL,
  variables TEXT NOT NULL,
  description TEXT NOT NULL,
  tags TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
  parents TEXT NOT NULL,
  created_by TEXT NOT NULL,
  UNIQUE (project, name, version),
  UNIQUE (project, name, hash)
) STRICT;

-- One row per content: a case that is in a hundred experiments is stored once.
CREATE TABLE test_cases (
  id INTEGER PRIMARY KEY,
  project INTEGER NOT NULL REFERENCES projects,
  hash BLOB NOT NULL,
  case_key TEXT NOT NULL,
  content TEXT NOT NULL,
  UNIQUE (project, hash)
) STRICT;

CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  alias TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  reference TEXT NOT NULL
) STRICT;

CREATE TABLE experiments (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  project INTEGER NOT NULL REFERENCES projects,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'budget', 'refused', 'interrupted')),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  wall_seconds REAL NOT NULL DEFAULT 0,
  cells INTEGER NOT NULL,
  results INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  score_set INTEGER NOT NULL DEFAULT 0,
  lease_owner TEXT,
  lease_until INTEGER,
  lease_pid INTEGER,
  lease_host TEXT
) STRICT;

-- Apart from experiments, whose counters change with every group of results.
CREATE TABLE experiment_snapshots (
  experiment INTEGER PRIMARY KEY REFERENCES experiments,
  snapshot_hash TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  lab_version TEXT NOT NULL,
  environment TEXT NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('json', 'deflate')),
  sha256 BLOB NOT NULL,
  snapshot BLOB NOT NULL
) STRICT;

CREATE TABLE experiment_cases (
  experiment INTEGER NOT NULL REFERENCES experiments,
  position INTEGER NOT NULL,
  test_case INTEGER NOT NULL REFERENCES test_cases,
  PRIMARY KEY (experiment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_variants (
  experiment INTEGER NOT NULL REFERENCES experiments,
  position INTEGER NOT NULL,
  prompt INTEGER NOT NULL REFERENCES prompt_variants,
  PRIMARY KEY (experiment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiment_models (
  experiment INTEGER NOT NULL REFERENCES experiments,
  position INTEGER NOT NULL,
  model INTEGER NOT NULL REFERENCES models,
  PRIMARY KEY (experiment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE cells (
  experiment INTEGER NOT NULL REFERENCES experiments,
  n INTEGER NOT NULL,
  prompt INTEGER NOT NULL REFERENCES prompt_variants,
  model INTEGER NOT NULL REFERENCES models,
  test_case INTEGER NOT NULL REFERENCES test_cases,
  repetition INTEGER NOT NULL CHECK (repetition > 0),
  block INTEGER NOT NULL,
  claimed_by TEXT,
  lease_until INTEGER,
  PRIMARY KEY (experiment, n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cells_key ON cells (experiment, test_case, prompt, model, repetition);

CREATE TABLE responses (
  id INTEGER PRIMARY KEY,
  finish_reason TEXT NOT NULL,
  served_model INTEGER REFERENCES names,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cached_input_tokens INTEGER,
  latency_ms REAL NOT NULL,
  first_token_ms REAL,
  batched INTEGER NOT NULL CHECK (batched IN (0, 1)),
  output_hash INTEGER NOT NULL,
  output TEXT NOT NULL
) STRICT;

-- purpose is null where it is 'task:' and the cell's id; uid is null where it equals the purpose.
CREATE TABLE calls (
  id INTEGER PRIMARY KEY,
  experiment INTEGER NOT NULL REFERENCES experiments,
  kind TEXT NOT NULL CHECK (kind IN ('task', 'judge', 'proposer', 'embedding')),
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed', 'cached')),
  cell INTEGER,
  model INTEGER NOT NULL REFERENCES models,
  parent INTEGER REFERENCES calls,
  created_at INTEGER NOT NULL,
  response INTEGER REFERENCES responses,
  final_attempt INTEGER,
  cost_usd REAL,
  purpose TEXT,
  uid TEXT,
  messages TEXT,
  CHECK (purpose IS NOT NULL OR cell IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX calls_task ON calls (experiment, cell) WHERE purpose IS NULL;
CREATE UNIQUE INDEX calls_purpose ON calls (experiment, purpose) WHERE purpose IS NOT NULL;

CREATE TABLE attempts (
  call INTEGER NOT NULL REFERENCES calls,
  n INTEGER NOT NULL CHECK (n > 0),
  model INTEGER NOT NULL REFERENCES models,
  state TEXT NOT NULL CHECK (state IN ('sent', 'done', 'failed', 'unknown')),
  max_cost_usd REAL,
  sent_at INTEGER NOT NULL,
  ended_at INTEGER,
  http_status INTEGER,
  cost_usd REAL,
  response INTEGER REFERENCES responses,
  failure_code TEXT,
  failure_message TEXT,
  PRIMARY KEY (call, n)
) STRICT, WITHOUT ROWID;

-- An execution without a cell is one from production: it has an origin, perhaps no test case.
CREATE TABLE prompt_executions (
  id INTEGER PRIMARY KEY,
  experiment INTEGER REFERENCES experiments,
  cell INTEGER,
  prompt INTEGER NOT NULL REFERENCES prompt_variants,
  model INTEGER NOT NULL REFERENCES models,
  test_case INTEGER REFERENCES test_cases,
  origin TEXT NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  score REAL NOT NULL,
  score_set INTEGER NOT NULL DEFAULT 0,
  score_count INTEGER NOT NULL,
  call INTEGER REFERENCES calls,
  response INTEGER REFERENCES responses,
  answered_by INTEGER REFERENCES models,
  cost_usd REAL,
  from_cache INTEGER NOT NULL CHECK (from_cache IN (0, 1)),
  attempts INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  user_feedback REAL,
  failure_code TEXT,
  failure_message TEXT,
  trace_id TEXT,
  metadata TEXT
) STRICT;
CREATE UNIQUE INDEX prompt_executions_cell ON prompt_executions (experiment, cell) WHERE cell IS NOT NULL;
CREATE INDEX prompt_executions_performance ON prompt_executions (prompt, passed, started_at);

-- Set 0 are the scores of the run; every 'promptlab score' adds a set and leaves the older ones as they were.
CREATE TABLE score_sets (
  experiment INTEGER NOT NULL REFERENCES experiments,
  number INTEGER NOT NULL CHECK (number > 0),
  created_at INTEGER NOT NULL,
  evaluators TEXT NOT NULL,
  PRIMARY KEY (experiment, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE scores (
  execution INTEGER NOT NULL REFERENCES prompt_executions,
  score_set INTEGER NOT NULL,
  position INTEGER NOT NULL,
  evaluator INTEGER NOT NULL REFERENCES names,
  score REAL NOT NULL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  failed INTEGER NOT NULL CHECK (failed IN (0, 1)),
  reason TEXT NOT NULL,
  PRIMARY KEY (execution, score_set, position)
) STRICT, WITHOUT ROWID;

-- What an execution's own score was before its scores were replaced.
CREATE TABLE superseded_outcomes (
  execution INTEGER NOT NULL REFERENCES prompt_executions,
  score_set INTEGER NOT NULL,
  score REAL NOT NULL,
  passed INTEGER NOT NULL,
  score_count INTEGER NOT NULL,
  failure_code TEXT,
  failure_message TEXT,
  PRIMARY KEY (execution, score_set)
) STRICT, WITHOUT ROWID;

CREATE TABLE response_cache (
  key BLOB PRIMARY KEY,
  response INTEGER NOT NULL REFERENCES responses,
  cost_usd REAL
) STRICT, WITHOUT ROWID;

CREATE TABLE score_cache (
  key BLOB PRIMARY KEY,
  evaluator INTEGER NOT NULL REFERENCES names,
  score REAL NOT NULL,
  passed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- LEFT JOINs by primary key: SQLite leaves out those whose columns a query does not ask for.
CREATE VIEW v_outcomes AS
SELECT
  e.id AS execution, e.experiment, x.uid AS experiment_uid, e.cell,
  e.prompt AS prompt_id, p.name AS variant, p.version,
  e.model AS model_id, m.alias AS model,
  e.test_case AS test_case_id, t.case_key AS test_case, c.repetition, c.block,
  e.score, e.passed, e.score_set, e.failure_code, e.failure_message,
  e.answered_by, e.answered_by IS NOT NULL AND e.answered_by <> e.model AS substituted,
  r.served_model AS served_model_id, s.text AS served_model, r.finish_reason,
  r.input_tokens, r.output_tokens, r.cached_input_tokens, r.latency_ms, r.first_token_ms, r.batched,
  e.response, r.output_hash, e.cost_usd, e.from_cache, e.attempts, e.started_at, e.trace_id, e.user_feedback, e.origin,
  r.output
FROM prompt_executions e
LEFT JOIN experiments x ON x.id = e.experiment
LEFT JOIN cells c ON c.experiment = e.experiment AND c.n = e.cell
LEFT JOIN prompt_variants p ON p.id = e.prompt
LEFT JOIN models m ON m.id = e.model
LEFT JOIN test_cases t ON t.id = e.test_case
LEFT JOIN responses r ON r.id = e.response
LEFT JOIN names s ON s.id = r.served_model;

CREATE VIEW v_attempts AS
SELECT c.experiment, c.kind, c.cell, a.call, a.n, m.alias AS model, a.state, a.max_cost_usd, a.cost_usd,
  a.sent_at, a.ended_at, a.http_status, a.failure_code, a.failure_message, r.input_tokens, r.output_tokens
FROM attempts a
JOIN calls c ON c.id = a.call
LEFT JOIN models m ON m.id = a.model
LEFT JOIN responses r ON r.id = a.response;

-- Unknown is null: one finished attempt without a price makes the sum unknown.
CREATE VIEW v_ledger AS
SELECT
  x.id AS experiment, x.uid AS experiment_uid,
  count(DISTINCT c.id) AS calls,
  count(a.call) AS attempts,
  count(*) FILTER (WHERE a.state = 'unknown') AS unknown,
  count(DISTINCT c.id) FILTER (WHERE c.state = 'cached') AS cached,
  CASE WHEN count(*) FILTER (WHERE a.state IN ('done', 'failed') AND a.cost_usd IS NULL) = 0
    THEN total(a.cost_usd) FILTER (WHERE a.state IN ('done', 'failed')) END AS spent_usd,
  CASE WHEN count(*) FILTER (WHERE a.state IN ('sent', 'unknown') AND a.max_cost_usd IS NULL) = 0
    THEN total(a.max_cost_usd) FILTER (WHERE a.state IN ('sent', 'unknown')) END AS unconfirmed_usd,
  coalesce(sum(r.input_tokens), 0) AS input_tokens,
  coalesce(sum(r.output_tokens), 0) AS output_tokens
FROM experiments x
LEFT JOIN calls c ON c.experiment = x.id
LEFT JOIN attempts a ON a.call = c.id
LEFT JOIN responses r ON r.id = a.response
GROUP BY x.id;
`,
}
