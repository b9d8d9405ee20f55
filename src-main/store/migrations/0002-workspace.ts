import type { Migration } from './migration.ts'

/**
 * What a person works on before and after a run: drafts of prompts, the grid of cases, the setup of a project, ratings; and
 * the log of commands, each with its inverse.
 *
 * A case's values stand in one JSON object by column key; variables have keys of their own (`v7`), so that renaming or
 * deleting a column touches no row. `search` is what a person sees of the case, in lower case, for filters: it is the last
 * column, so that a page of the grid does not read it.
 */
export const workspace: Migration = {
  number: 2,
  name: 'workspace',
  sql: `
CREATE TABLE workspaces (
  project INTEGER PRIMARY KEY REFERENCES projects,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  trashed_at INTEGER,
  description TEXT NOT NULL,
  next_column INTEGER NOT NULL,
  -- Rises with every change of the cases or their columns.
  revision INTEGER NOT NULL,
  columns TEXT NOT NULL,
  setup TEXT NOT NULL
) STRICT;

-- draft: name, template, description, tags, active, isDefault as one JSON object.
CREATE TABLE workspace_prompts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project INTEGER NOT NULL REFERENCES projects,
  position REAL NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  draft TEXT NOT NULL
) STRICT;
CREATE INDEX workspace_prompts_order ON workspace_prompts (project, position, id);

CREATE TABLE workspace_versions (
  prompt INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  label TEXT NOT NULL,
  committed_at INTEGER NOT NULL,
  PRIMARY KEY (prompt, name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project INTEGER NOT NULL REFERENCES projects,
  position REAL NOT NULL,
  case_key TEXT,
  split TEXT,
  cells TEXT NOT NULL,
  search TEXT NOT NULL
) STRICT;
CREATE INDEX workspace_cases_order ON workspace_cases (project, position, id);
CREATE INDEX workspace_cases_key ON workspace_cases (project, case_key);
CREATE INDEX workspace_cases_split ON workspace_cases (project, split, position, id);

-- A person's word on a cell; the evaluators' own stays where it is.
CREATE TABLE annotations (
  experiment INTEGER NOT NULL REFERENCES experiments,
  cell INTEGER NOT NULL,
  at INTEGER NOT NULL,
  passed INTEGER CHECK (passed IN (0, 1)),
  excluded TEXT,
  comment TEXT,
  PRIMARY KEY (experiment, cell)
) STRICT, WITHOUT ROWID;

-- body: the changes of the command, each with the value before and after. Undone ones are the redo branch.
CREATE TABLE workspace_commands (
  project INTEGER NOT NULL REFERENCES projects,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  undone INTEGER NOT NULL CHECK (undone IN (0, 1)),
  gesture TEXT,
  label TEXT NOT NULL,
  reason TEXT,
  touched TEXT NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('json', 'deflate')),
  body BLOB NOT NULL,
  PRIMARY KEY (project, n)
) STRICT;
CREATE INDEX workspace_commands_at ON workspace_commands (at);

-- What cards show of an ended run, kept because a report over half a million rows takes seconds.
CREATE TABLE run_summaries (
  experiment INTEGER PRIMARY KEY REFERENCES experiments,
  results INTEGER NOT NULL,
  score_set INTEGER NOT NULL,
  summary TEXT NOT NULL
) STRICT;

-- Settings and notes of the app: small JSON values by name.
CREATE TABLE app_values (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX test_cases_key ON test_cases (project, case_key);
`,
}
