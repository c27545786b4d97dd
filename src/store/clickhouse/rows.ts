import { toUSVString } from 'node:util';
import { brokenRow } from '../../errors.ts';
import { packed } from '../packed-chunk.ts';
import type { PackedChunk, StoredSpan, WriteBatch } from '../profile-store.ts';

/** Chunks and spans as rows of the ClickHouse store. */

export type Row = Record<string, unknown>;

/** What one batch comes to. `bytes` is about what its rows take. */
export interface BatchRows {
  chunks: Row[];
  bodies: Row[];
  spans: Row[];
  bytes: number;
}

/** Keys as one text each: to tell what is there already. A file that is imported again has another time, and is the same. */
export const chunkKey = (row: Row): string => `${row.project_id} ${row.profiler_id} ${row.chunk_id}`;
export const spanKey = (row: Row): string => `${row.trace_id} ${row.span_id} ${row.project_id}`;

/** Throws `NP_STORE` where a value is missing: the server would take its default instead. */
export function rowsOf({ chunks: all, spans }: WriteBatch, location: string): BatchRows {
  const chunks = all.map(packed);
  const rows = { chunks: chunks.map(chunkRow), bodies: chunks.map(bodyRow), spans: spans.map(spanRow) };
  let bytes = 0;
  for (const row of [...rows.chunks, ...rows.bodies, ...rows.spans]) {
    for (const [column, value] of Object.entries(row)) {
      if (value === undefined || (typeof value === 'number' && !Number.isSafeInteger(value))) {
        throw brokenRow(location, column, value);
      }
      bytes += typeof value === 'string' ? value.length : 8;
    }
  }
  return { ...rows, bytes };
}

const keyOf = ({ projectId, profilerId, startMicros, chunkId }: PackedChunk) => ({
  project_id: text(projectId),
  profiler_id: text(profilerId),
  start_us: startMicros,
  chunk_id: text(chunkId),
});

const chunkRow = (chunk: PackedChunk): Row => ({
  ...keyOf(chunk),
  end_us: chunk.endMicros,
  kind: chunk.kind,
  name: text(chunk.name),
  platform: text(chunk.platform),
  sdk: text(chunk.sdk),
  release: text(chunk.release),
  environment: text(chunk.environment),
  thread_ids: chunk.threadIds.map(text),
  facts: JSON.stringify(chunk.facts),
});

const bodyRow = (chunk: PackedChunk): Row => ({
  ...keyOf(chunk),
  body: Buffer.from(chunk.body.buffer, chunk.body.byteOffset, chunk.body.byteLength).toString('base64'),
});

function spanRow(span: StoredSpan): Row {
  const { attributes } = span;
  const path = attributes['url.path'] ?? attributes['http.target'] ?? null;
  return {
    trace_id: text(span.traceId),
    span_id: text(span.spanId),
    project_id: text(span.projectId),
    name: text(span.name),
    route: text(span.route),
    url_path: path === null ? null : text(String(path)),
    start_us: span.startMicros,
    end_us: span.endMicros,
    profiler_id: text(span.profilerId),
    thread_id: text(span.threadId),
    release: text(span.release),
    environment: text(span.environment),
    parent_span_id: text(span.parentSpanId),
    segment_id: text(span.segmentId),
    is_segment: Number(span.isSegment),
    is_request: Number(span.isRequest),
    op: text(span.op),
    attributes: JSON.stringify(attributes),
  };
}

/** The server refuses a whole insert for half of a surrogate pair in it. */
const text = <T extends string | null | undefined>(value: T): T =>
  (typeof value === 'string' ? toUSVString(value) : value) as T;
