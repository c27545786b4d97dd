import type { Selection } from './selection.ts';

/** What the SQLite store asks of its database. Column aliases are the field names of `profile-store.ts`. */

export const INSERT_CHUNK = `
  INSERT INTO chunks
    (project_id, profiler_id, chunk_id, start_us, end_us, release, environment, thread_ids, body,
     kind, name, platform, sdk, facts)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (project_id, chunk_id) DO NOTHING`;

export const INSERT_SPAN = `
  INSERT INTO spans
    (project_id, trace_id, span_id, parent_span_id, segment_id, is_segment, is_request, name, op, route,
     start_us, end_us, profiler_id, thread_id, release, environment, attributes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (project_id, trace_id, span_id) DO NOTHING`;

/**
 * The rows of a table that overlap the range, by its indexes: what lasts at most a minute begins near the range, and of what
 * lasts longer there is little, with an index of its own. Without the two, all that ever began before the end is read.
 */
const overlapping = (table: string, narrow: string): string => `
  rowid IN (
    SELECT rowid FROM ${table}
    WHERE start_us >= $from - 66000000 AND start_us <= $to AND end_us >= $from ${narrow}
    UNION ALL
    SELECT rowid FROM ${table}
    WHERE end_us - start_us > 66000000 AND start_us < $from - 66000000 AND end_us >= $from ${narrow}
  )`;

/** Whether something of a table is in a range, which for spans is a request. */
export const existsIn = (table: string): string =>
  `SELECT 1 FROM ${table} WHERE ${overlapping(table, table === 'spans' ? 'AND is_request = 1' : '')} LIMIT 1`;

/** The latest mark of a time. */
export const SELECT_MARK = 'SELECT chunk, span FROM receipts WHERE received_ms <= ? ORDER BY received_ms DESC LIMIT 1';

/** As much of the first rows as says which sums change without them. */
export const SELECT_OLD_CHUNKS = 'SELECT start_us AS startMicros, end_us AS endMicros FROM chunks WHERE rowid <= ?';
export const SELECT_OLD_SPANS = `
  SELECT project_id AS projectId, trace_id AS traceId, segment_id AS segmentId, is_segment AS isSegment, route,
    start_us AS startMicros, end_us AS endMicros
  FROM spans WHERE rowid <= ?`;

const chunksIn = (selection: Selection): string => `
  FROM chunks WHERE ${overlapping('chunks', '')} ${conditions(selection)}`;

/** Imported profiles are looked at one by one; they are no part of what the app used. */
const withoutImports = ({ profilerId }: Selection): string => (profilerId === undefined ? "AND kind <> 'import'" : '');

export const selectChunkKeys = (selection: Selection): string =>
  `SELECT rowid ${chunksIn(selection)} ${withoutImports(selection)} ORDER BY start_us, chunk_id`;

/** A session is of one process, so whatever its chunks say besides is the same in all of them. */
export const selectSessions = (selection: Selection): string => `
  SELECT profiler_id AS profilerId, kind, name, platform, sdk, release, environment,
    min(start_us) AS startMicros, max(end_us) AS endMicros, count(*) AS chunks
  ${chunksIn(selection)} GROUP BY profiler_id ORDER BY max(end_us) DESC, profiler_id`;

/** What narrows a range down further. `IS` finds `NULL` too. */
function conditions({ release, environment, profilerId }: Selection): string {
  return [
    release === undefined ? '' : 'AND release IS $release',
    environment === undefined ? '' : 'AND environment IS $environment',
    profilerId === undefined ? '' : 'AND profiler_id = $profilerId',
  ].join(' ');
}

/** The values of what a selection's statement names, and of no more: SQLite refuses names that it does not know. */
export function parametersOf({ fromMicros, toMicros, ...narrow }: Selection): Record<string, string | number | null> {
  const named = Object.entries(narrow).filter(([, value]) => value !== undefined);
  return { $from: fromMicros, $to: toMicros, ...Object.fromEntries(named.map(([name, value]) => [`$${name}`, value])) };
}

export const SELECT_CHUNK = `
  SELECT project_id AS projectId, start_us AS startMicros, end_us AS endMicros, kind, name, body
  FROM chunks WHERE rowid = ?`;

export const SELECT_CHUNK_FACTS = `
  SELECT profiler_id AS profilerId, start_us AS startMicros, end_us AS endMicros, facts,
    CASE WHEN facts IS NULL THEN body END AS body
  FROM chunks WHERE rowid = ?`;

export const SELECT_RELEASES = `SELECT DISTINCT release AS name FROM chunks ORDER BY release`;

export const SELECT_ENVIRONMENTS = `SELECT DISTINCT environment AS name FROM chunks ORDER BY environment`;

/** Jumps through the index from one route to the next, instead of reading each of its millions of entries. */
export const SELECT_ROUTES = `
  WITH RECURSIVE known (route) AS (
    SELECT min(route) FROM spans WHERE route IS NOT NULL
    UNION ALL
    SELECT (SELECT min(spans.route) FROM spans WHERE spans.route > known.route) FROM known
    WHERE known.route IS NOT NULL
  )
  SELECT route AS name FROM known WHERE route IS NOT NULL`;

/** A root span without a route of its own takes the first that one of its children named. */
const REQUEST_COLUMNS = `
    project_id AS projectId,
    trace_id AS traceId,
    span_id AS spanId,
    name,
    coalesce(route, (
      SELECT child.route FROM spans AS child
      WHERE child.project_id = root.project_id AND child.trace_id = root.trace_id
        AND child.segment_id = root.span_id AND child.route IS NOT NULL
      ORDER BY child.start_us LIMIT 1
    )) AS route,
    coalesce(attributes ->> '$."url.path"', attributes ->> '$."http.target"') AS urlPath,
    start_us AS startMicros,
    end_us AS endMicros,
    profiler_id AS profilerId,
    thread_id AS threadId,
    release,
    environment`;

export const selectRequests = (selection: Selection): string => `
  SELECT ${REQUEST_COLUMNS}
  FROM spans AS root
  WHERE ${overlapping('spans', 'AND is_request = 1')} ${conditions(selection)}
  ORDER BY start_us, span_id`;

export const SELECT_TRACE = `
  SELECT
    project_id AS projectId, trace_id AS traceId, span_id AS spanId, parent_span_id AS parentSpanId,
    segment_id AS segmentId, is_segment AS isSegment, is_request AS isRequest, name, op, route,
    start_us AS startMicros, end_us AS endMicros, profiler_id AS profilerId, thread_id AS threadId,
    release, environment, attributes
  FROM spans WHERE trace_id = ? ORDER BY start_us, span_id`;

export const SELECT_SPAN = `
  SELECT ${REQUEST_COLUMNS}, is_request AS isRequest
  FROM spans AS root
  WHERE project_id = ? AND trace_id = ? AND span_id = ?`;

/** The latest ends are among the latest starts, but for what is very long. */
export const SELECT_EXTENT = `
  SELECT
    (SELECT min(start_us) FROM (
      SELECT start_us FROM (SELECT start_us FROM chunks WHERE kind <> 'import' ORDER BY start_us LIMIT 1)
      UNION ALL SELECT min(start_us) FROM spans WHERE is_request = 1
    )) AS startMicros,
    (SELECT max(end_us) FROM (
      SELECT end_us FROM (SELECT end_us FROM chunks WHERE kind <> 'import' ORDER BY start_us DESC LIMIT 1000)
      UNION ALL SELECT end_us FROM (SELECT end_us FROM spans WHERE is_request = 1 ORDER BY start_us DESC LIMIT 1000)
      UNION ALL SELECT end_us FROM spans WHERE is_request = 1 AND end_us - start_us > 66000000
    )) AS endMicros`;

export const SELECT_STATUS = `
  SELECT
    (SELECT count(*) FROM chunks) AS chunks,
    (SELECT count(*) FROM spans) AS spans,
    (SELECT count(*) FROM spans WHERE is_request = 1) AS requests,
    (SELECT min(start_us) FROM (SELECT start_us FROM chunks UNION ALL SELECT start_us FROM spans)) AS startMicros,
    (SELECT max(end_us) FROM (SELECT end_us FROM chunks UNION ALL SELECT end_us FROM spans)) AS endMicros`;
