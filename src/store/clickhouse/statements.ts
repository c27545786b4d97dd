import type { Selection } from '../selection.ts';

/** What the ClickHouse store asks of its server. Aliases are the field names of `profile-store.ts`. */

/** Tables by their full names. */
export type Tables = (name: string) => string;

/** How far back of a range something may begin that is not long; `requests` keeps apart what is. */
const SHORT_MICROS = 66_000_000;

/** The values of a selection; times as integers, since what is stored is. */
export function parametersOf({ fromMicros, toMicros, ...narrow }: Selection): Record<string, unknown> {
  return { from: Math.ceil(fromMicros), to: Math.floor(toMicros), ...narrow };
}

/** What narrows a range down further. */
export function conditions({ release, environment, profilerId }: Selection): string {
  const named = (column: string, value: string | null | undefined) => {
    if (value === undefined) return '';
    return value === null ? `AND ${column} IS NULL` : `AND ${column} = {${column}:String}`;
  };
  return [
    named('release', release),
    named('environment', environment),
    profilerId === undefined ? '' : 'AND profiler_id = {profilerId:String}',
  ].join(' ');
}

const chunksIn = (tables: Tables, selection: Selection): string => `
  FROM ${tables('chunks')} FINAL
  WHERE start_us <= {to:Int64} AND end_us >= {from:Int64} ${conditions(selection)}`;

/** Imported profiles are looked at one by one; they are no part of what the app used. */
const withoutImports = ({ profilerId }: Selection): string => (profilerId === undefined ? "AND kind != 'import'" : '');

export const selectChunks = (tables: Tables, selection: Selection): string => `
  SELECT project_id AS projectId, profiler_id AS profilerId, start_us AS startMicros, chunk_id AS chunkId,
    end_us AS endMicros, kind, name
  ${chunksIn(tables, selection)} ${withoutImports(selection)} ORDER BY start_us, chunk_id`;

export const selectBodies = (tables: Tables): string => `
  SELECT project_id AS projectId, profiler_id AS profilerId, start_us AS startMicros, chunk_id AS chunkId, body
  FROM ${tables('chunk_bodies')}
  WHERE (project_id, profiler_id, start_us, chunk_id) IN {keys:Array(Tuple(String, String, Int64, String))}
  LIMIT 1 BY project_id, profiler_id, start_us, chunk_id`;

export const selectFacts = (tables: Tables, selection: Selection): string => `
  SELECT profiler_id AS profilerId, start_us AS startMicros, end_us AS endMicros, facts
  ${chunksIn(tables, selection)} ${withoutImports(selection)} ORDER BY start_us, chunk_id`;

/** A session is of one process, so whatever its chunks say besides is the same in all of them. */
export const selectSessions = (tables: Tables, selection: Selection): string => `
  SELECT profiler_id AS profilerId, any(chunks.kind) AS kind, any(chunks.name) AS name, any(chunks.platform) AS platform,
    any(chunks.sdk) AS sdk, any(chunks.release) AS release, any(chunks.environment) AS environment,
    min(start_us) AS startMicros, max(end_us) AS endMicros, count() AS chunks
  FROM (SELECT * ${chunksIn(tables, selection)}) AS chunks
  GROUP BY profiler_id ORDER BY endMicros DESC, profilerId`;

const REQUEST_COLUMNS = `
  root.project_id AS projectId, root.trace_id AS traceId, root.span_id AS spanId, root.name AS name,
  coalesce(root.route, below.route) AS route, root.url_path AS urlPath, root.start_us AS startMicros,
  root.end_us AS endMicros, root.profiler_id AS profilerId, root.thread_id AS threadId, root.release AS release,
  root.environment AS environment`;

/** A root span without a route of its own takes the first that one of its children named. */
const routesBelow = (tables: Tables, traces: string): string => `
  GLOBAL LEFT JOIN (
    SELECT trace_id, segment_id, project_id, argMin(route, (start_us, span_id)) AS route
    FROM ${tables('span_routes')} WHERE trace_id GLOBAL IN (${traces})
    GROUP BY trace_id, segment_id, project_id
  ) AS below
  ON below.trace_id = root.trace_id AND below.segment_id = root.span_id AND below.project_id = root.project_id`;

export function selectRequests(tables: Tables, selection: Selection): string {
  const range = `
    start_us <= {to:Int64} AND end_us >= {from:Int64} AND (is_long = 1 OR start_us >= {from:Int64} - ${SHORT_MICROS})
    ${conditions(selection)}`;
  return `
    SELECT ${REQUEST_COLUMNS}
    FROM (SELECT * FROM ${tables('requests')} FINAL WHERE ${range}) AS root
    ${routesBelow(tables, `SELECT trace_id FROM ${tables('requests')} WHERE ${range} AND route IS NULL`)}
    ORDER BY startMicros, spanId`;
}

const KEYS = '(trace_id, span_id, project_id) IN {keys:Array(Tuple(String, String, String))}';

export const selectSpans = (tables: Tables): string => `
  SELECT ${REQUEST_COLUMNS}, root.is_request AS isRequest
  FROM (SELECT * FROM ${tables('spans')} FINAL WHERE ${KEYS}) AS root
  ${routesBelow(tables, `SELECT trace_id FROM ${tables('spans')} WHERE ${KEYS} AND route IS NULL`)}`;

export const selectTrace = (tables: Tables): string => `
  SELECT
    project_id AS projectId, trace_id AS traceId, span_id AS spanId, parent_span_id AS parentSpanId,
    segment_id AS segmentId, is_segment AS isSegment, is_request AS isRequest, name, op, route,
    start_us AS startMicros, end_us AS endMicros, profiler_id AS profilerId, thread_id AS threadId,
    release, environment, attributes
  FROM ${tables('spans')} FINAL WHERE trace_id = {traceId:String} ORDER BY start_us, span_id`;

/** Of empty tables the least and the greatest are nothing. */
const borders = (from: string): string =>
  `SELECT if(count() = 0, NULL, min(start_us)) AS first, if(count() = 0, NULL, max(end_us)) AS last FROM ${from}`;

export const selectExtent = (tables: Tables): string => `
  SELECT min(first) AS startMicros, max(last) AS endMicros FROM (
    ${borders(`${tables('chunks')} WHERE kind != 'import'`)} UNION ALL ${borders(tables('requests'))}
  )`;

export const selectStatus = (tables: Tables): string => `
  SELECT
    (SELECT count() FROM ${tables('chunks')} FINAL) AS chunks,
    (SELECT count() FROM ${tables('spans')} FINAL) AS spans,
    (SELECT count() FROM ${tables('requests')} FINAL) AS requests,
    min(first) AS startMicros, max(last) AS endMicros
  FROM (${borders(tables('chunks'))} UNION ALL ${borders(tables('spans'))})`;

export const selectNames = (tables: Tables): string => `
  SELECT
    (SELECT groupUniqArray(tuple(release)) FROM ${tables('chunks')}) AS releases,
    (SELECT groupUniqArray(tuple(environment)) FROM ${tables('chunks')}) AS environments,
    (SELECT groupUniqArray(route) FROM ${tables('route_names')}) AS routes`;
