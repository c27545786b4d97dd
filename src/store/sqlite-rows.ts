import type { DatabaseSync } from 'node:sqlite';
import type { ProfileChunk } from '../profile/types.ts';
import { factsIn, type OwnFacts } from './chunk-facts.ts';
import { compress, decompress } from './compression.ts';
import { unpackChunk } from './packed-chunk.ts';
import type { ChunkFacts, PackedChunk, StoredChunk, StoredSpan } from './profile-store.ts';
import { INSERT_CHUNK, INSERT_SPAN } from './sqlite-statements.ts';

/** Chunks and spans as rows of the SQLite store, and back. */

export type Row = Record<string, unknown>;

export function insertChunks(database: DatabaseSync, chunks: readonly PackedChunk[]): number {
  const insert = database.prepare(INSERT_CHUNK);
  let inserted = 0;
  for (const chunk of chunks) {
    inserted += Number(
      insert.run(
        chunk.projectId,
        chunk.profilerId,
        chunk.chunkId,
        chunk.startMicros,
        chunk.endMicros,
        chunk.release,
        chunk.environment,
        JSON.stringify(chunk.threadIds),
        chunk.body,
        chunk.kind,
        chunk.name,
        chunk.platform,
        chunk.sdk,
        pack(chunk.facts),
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

export const chunkOf = (row: Row): StoredChunk =>
  unpackChunk(row as unknown as Parameters<typeof unpackChunk>[0], row.body as Uint8Array);

export function factsOf({ profilerId, startMicros, endMicros, facts, body }: Row): ChunkFacts {
  return {
    profilerId: profilerId as string,
    startMicros: startMicros as number,
    endMicros: endMicros as number,
    // Chunks of the first schema have no facts of their own.
    ...(facts === null ? factsIn(unpack(body) as ProfileChunk) : (unpack(facts) as OwnFacts)),
  };
}

export const pack = (value: unknown): Uint8Array => compress(JSON.stringify(value));
export const unpack = (bytes: unknown): unknown => JSON.parse(decompress(bytes as Uint8Array));

export function spanOf(row: Row): StoredSpan {
  return {
    ...row,
    isSegment: row.isSegment === 1,
    isRequest: row.isRequest === 1,
    attributes: JSON.parse(row.attributes as string) as Record<string, unknown>,
  } as unknown as StoredSpan;
}
