import type { DatabaseSync } from 'node:sqlite';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readDrops } from '../profile/read-drops.ts';
import type { ProfileChunk } from '../profile/types.ts';
import type { ChunkFacts, ChunkKind, StoredChunk, StoredSpan } from './profile-store.ts';
import { INSERT_CHUNK, INSERT_SPAN } from './sqlite-statements.ts';

/** Chunks and spans as rows of the SQLite store, and back. */

export type Row = Record<string, unknown>;

export function insertChunks(database: DatabaseSync, chunks: readonly StoredChunk[]): number {
  const insert = database.prepare(INSERT_CHUNK);
  let inserted = 0;
  for (const { projectId, startMicros, endMicros, kind = 'continuous', name, chunk } of chunks) {
    const { client_sdk } = chunk;
    const threads = JSON.stringify([...new Set(chunk.profile.samples.map((sample) => sample.thread_id))]);
    inserted += Number(
      insert.run(
        projectId,
        chunk.profiler_id,
        chunk.chunk_id,
        startMicros,
        endMicros,
        chunk.release || null,
        chunk.environment || null,
        threads,
        pack(chunk),
        kind,
        name ?? null,
        chunk.platform,
        client_sdk === undefined ? null : `${client_sdk.name} ${client_sdk.version}`,
        pack(factsIn(chunk)),
      ).changes,
    );
  }
  return inserted;
}

export function insertSpans(database: DatabaseSync, spans: readonly StoredSpan[]): number {
  const insert = database.prepare(INSERT_SPAN);
  let inserted = 0;
  for (const span of spans) {
    inserted += Number(
      insert.run(
        span.projectId,
        span.traceId,
        span.spanId,
        span.parentSpanId,
        span.segmentId,
        Number(span.isSegment),
        Number(span.isRequest),
        span.name,
        span.op,
        span.route,
        span.startMicros,
        span.endMicros,
        span.profilerId,
        span.threadId,
        span.release,
        span.environment,
        JSON.stringify(span.attributes),
      ).changes,
    );
  }
  return inserted;
}

export function chunkOf(row: Row): StoredChunk {
  return {
    projectId: row.projectId as string,
    ...(row.kind !== 'continuous' && { kind: row.kind as ChunkKind }),
    ...(row.name !== null && { name: row.name as string }),
    startMicros: row.startMicros as number,
    endMicros: row.endMicros as number,
    chunk: unpack(row.body) as ProfileChunk,
  };
}

export function factsOf({ profilerId, startMicros, endMicros, facts, body }: Row): ChunkFacts {
  return {
    profilerId: profilerId as string,
    startMicros: startMicros as number,
    endMicros: endMicros as number,
    // Chunks of the first schema have no facts of their own.
    ...(facts === null ? factsIn(unpack(body) as ProfileChunk) : (unpack(facts) as OwnFacts)),
  };
}

type OwnFacts = Pick<ChunkFacts, 'measurements' | 'extension'>;

function factsIn({ measurements = {}, next_profiling }: ProfileChunk): OwnFacts {
  if (next_profiling == null) return { measurements, extension: null };
  const { end, stall_ms, unsampled_cpu_us } = next_profiling;
  const dropped = readDrops(next_profiling.dropped);
  return {
    measurements,
    extension: {
      end,
      stall_ms,
      ...(unsampled_cpu_us !== undefined && { unsampled_cpu_us }),
      ...(dropped.length > 0 && { dropped }),
    },
  };
}

export const pack = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value));
export const unpack = (bytes: unknown): unknown => JSON.parse(gunzipSync(bytes as Uint8Array).toString());

export function spanOf(row: Row): StoredSpan {
  return {
    ...row,
    isSegment: row.isSegment === 1,
    isRequest: row.isRequest === 1,
    attributes: JSON.parse(row.attributes as string) as Record<string, unknown>,
  } as unknown as StoredSpan;
}
