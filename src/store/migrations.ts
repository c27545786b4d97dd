import type { DatabaseSync } from 'node:sqlite';
import { foreignStore, newerStore } from '../errors.ts';

/** Marks a file as ours ("NPRF"), so that nobody's other database gets our tables. */
const APPLICATION_ID = 0x4e505246;

/** Step N brings the schema from version N to N + 1. A step that was released is never edited. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE chunks (
    project_id TEXT NOT NULL,
    profiler_id TEXT NOT NULL,
    chunk_id TEXT NOT NULL,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    release TEXT,
    environment TEXT,
    thread_ids TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (project_id, chunk_id)
  ) STRICT;
  CREATE INDEX chunks_by_time ON chunks (profiler_id, start_us);

  CREATE TABLE spans (
    project_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    parent_span_id TEXT,
    segment_id TEXT,
    is_segment INTEGER NOT NULL,
    is_request INTEGER NOT NULL,
    name TEXT NOT NULL,
    op TEXT,
    route TEXT,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    profiler_id TEXT,
    thread_id TEXT,
    release TEXT,
    environment TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY (project_id, trace_id, span_id)
  ) STRICT;
  CREATE INDEX requests_by_time ON spans (start_us) WHERE is_request = 1;
  CREATE INDEX routes_by_segment ON spans (project_id, trace_id, segment_id, start_us) WHERE route IS NOT NULL;
  `,
  `
  ALTER TABLE chunks ADD COLUMN kind TEXT NOT NULL DEFAULT 'continuous';
  ALTER TABLE chunks ADD COLUMN name TEXT;
  ALTER TABLE chunks ADD COLUMN platform TEXT;
  ALTER TABLE chunks ADD COLUMN sdk TEXT;
  ALTER TABLE chunks ADD COLUMN facts BLOB;
  CREATE INDEX chunks_by_start ON chunks (start_us, end_us);
  CREATE INDEX long_chunks ON chunks (start_us, end_us) WHERE end_us - start_us > 66000000;
  DROP INDEX requests_by_time;
  CREATE INDEX requests_by_time ON spans (start_us, end_us) WHERE is_request = 1;
  CREATE INDEX long_requests ON spans (start_us, end_us) WHERE is_request = 1 AND end_us - start_us > 66000000;
  CREATE INDEX spans_by_trace ON spans (trace_id, start_us);
  CREATE INDEX spans_by_route ON spans (route) WHERE route IS NOT NULL;

  CREATE TABLE functions (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  -- The token is NULL where the rollup is ready, '' where something was written since.
  CREATE TABLE rollup_times (start_us INTEGER PRIMARY KEY, token TEXT) STRICT;
  -- Source maps that were not there when functions were named.
  CREATE TABLE lacking_maps (debug_id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE rollups (
    start_us INTEGER NOT NULL,
    scope TEXT NOT NULL,
    summary BLOB NOT NULL,
    PRIMARY KEY (start_us, scope)
  ) STRICT;
  CREATE TABLE rollup_trees (
    start_us INTEGER NOT NULL,
    scope TEXT NOT NULL,
    account TEXT NOT NULL,
    tree BLOB NOT NULL,
    PRIMARY KEY (start_us, account, scope)
  ) STRICT;
  INSERT INTO rollup_times (start_us, token)
    SELECT start_us / 300000000 * 300000000, '' FROM chunks
    UNION SELECT end_us / 300000000 * 300000000, '' FROM chunks
    UNION SELECT start_us / 300000000 * 300000000, '' FROM spans WHERE is_request = 1;
  `,
  `
  -- Rows up to these came by then. They are numbered in the order in which they came.
  CREATE TABLE receipts (received_ms INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, span INTEGER NOT NULL) STRICT;
  ${['hour', 'day']
    .map(
      (length) => `
  CREATE TABLE ${length}_times (start_us INTEGER PRIMARY KEY, token TEXT) STRICT;
  CREATE TABLE ${length}_sums (
    start_us INTEGER NOT NULL, scope TEXT NOT NULL, summary BLOB NOT NULL, PRIMARY KEY (start_us, scope)
  ) STRICT;
  CREATE TABLE ${length}_trees (
    start_us INTEGER NOT NULL, scope TEXT NOT NULL, account TEXT NOT NULL, tree BLOB NOT NULL,
    PRIMARY KEY (start_us, account, scope)
  ) STRICT;`,
    )
    .join('')}
  -- Summaries are of another form now.
  UPDATE rollup_times SET token = '';
  INSERT INTO hour_times (start_us, token) SELECT DISTINCT start_us / 3600000000 * 3600000000, '' FROM rollup_times;
  INSERT INTO day_times (start_us, token) SELECT DISTINCT start_us / 86400000000 * 86400000000, '' FROM rollup_times;
  `,
];

export const SCHEMA_VERSION = STEPS.length;

/**
 * Brings a database to this version's schema, in one transaction that other processes wait for.
 * Throws `NP_STORE` for a newer schema and for a database of another program; both stay untouched.
 */
export function migrate(database: DatabaseSync, file: string): void {
  const version = versionOf(database, file);
  if (version === SCHEMA_VERSION) return;
  // Before its first table is the one moment to say so.
  if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have migrated while we waited for the lock.
    for (const step of STEPS.slice(versionOf(database, file))) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync, file: string): number {
  const read = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  const version = read('PRAGMA user_version');
  const owner = read('PRAGMA application_id');
  if (owner !== APPLICATION_ID && (owner !== 0 || read('SELECT count(*) FROM sqlite_schema') > 0)) {
    throw foreignStore(file);
  }
  if (version > SCHEMA_VERSION) throw newerStore(file, version, SCHEMA_VERSION);
  return version;
}
