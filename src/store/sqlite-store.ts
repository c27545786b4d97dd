import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ProfileChunk } from '../profile/types.ts';
import { openSqlite, storeError } from './open-sqlite.ts';
import type {
  FoundSpan,
  ProfileStore,
  Selection,
  SpanId,
  StoreBatch,
  StoredChunk,
  StoredRequest,
  StoredSpan,
  StoreStatus,
  WriteResult,
} from './profile-store.ts';
import {
  INSERT_CHUNK,
  INSERT_SPAN,
  parametersOf,
  SELECT_CHUNK,
  SELECT_SPAN,
  SELECT_STATUS,
  SELECT_TRACE,
  selectChunkKeys,
  selectRequests,
} from './sqlite-statements.ts';

/** How many spans are looked up before others have a turn; a few milliseconds. */
const SPANS_AT_ONCE = 500;

/** Opens (or creates) a store in one SQLite file. Rejects with `NP_STORE` or `NP_SQLITE`. */
export async function openSqliteStore(file: string): Promise<ProfileStore> {
  return new SqliteStore(file, await openSqlite(file));
}

class SqliteStore implements ProfileStore {
  readonly #file: string;
  readonly #database: DatabaseSync;

  constructor(file: string, database: DatabaseSync) {
    this.#file = file;
    this.#database = database;
  }

  async write(batch: StoreBatch): Promise<WriteResult> {
    return this.#guarded((database) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const chunks = insertChunks(database, batch.chunks);
        const spans = insertSpans(database, batch.spans);
        database.exec('COMMIT');
        return { chunks, duplicateChunks: batch.chunks.length - chunks, spans };
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async *chunks(selection: Selection): AsyncGenerator<StoredChunk> {
    // Keys first, bodies one at a time: an hour of profiles is larger than a reader's memory should be.
    const keys = this.#guarded((database) => database.prepare(selectChunkKeys(selection)).all(parametersOf(selection)));
    for (const { rowid } of keys) {
      // SQLite answers at once, so nothing else would have a turn until the last chunk.
      await setImmediate();
      const row = this.#guarded((database) => database.prepare(SELECT_CHUNK).get(rowid as number));
      if (row !== undefined) yield this.#guarded(() => chunkOf(row));
    }
  }

  async requests(selection: Selection): Promise<StoredRequest[]> {
    const rows = this.#guarded((database) => database.prepare(selectRequests(selection)).all(parametersOf(selection)));
    return rows.map((row) => ({ ...row }) as unknown as StoredRequest);
  }

  async *spans(ids: readonly SpanId[]): AsyncGenerator<FoundSpan> {
    for (let from = 0; from < ids.length; from += SPANS_AT_ONCE) {
      await setImmediate();
      yield* this.#guarded((database) => {
        const select = database.prepare(SELECT_SPAN);
        return ids.slice(from, from + SPANS_AT_ONCE).flatMap(({ projectId, traceId, spanId }) => {
          const row = select.get(projectId, traceId, spanId);
          return row === undefined ? [] : [{ ...row, isRequest: row.isRequest === 1 } as unknown as FoundSpan];
        });
      });
    }
  }

  async trace(traceId: string): Promise<StoredSpan[]> {
    return this.#guarded((database) => database.prepare(SELECT_TRACE).all(traceId).map(spanOf));
  }

  async status(): Promise<StoreStatus> {
    const row = this.#guarded((database) => database.prepare(SELECT_STATUS).get());
    return { driver: 'sqlite', location: this.#file, ...row } as StoreStatus;
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #guarded<T>(use: (database: DatabaseSync) => T): T {
    try {
      return use(this.#database);
    } catch (error) {
      throw storeError(this.#file, error);
    }
  }
}

function insertChunks(database: DatabaseSync, chunks: readonly StoredChunk[]): number {
  const insert = database.prepare(INSERT_CHUNK);
  let inserted = 0;
  for (const { projectId, startMicros, endMicros, chunk } of chunks) {
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
        gzipSync(JSON.stringify(chunk)),
      ).changes,
    );
  }
  return inserted;
}

function insertSpans(database: DatabaseSync, spans: readonly StoredSpan[]): number {
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

function chunkOf(row: Record<string, unknown>): StoredChunk {
  return {
    projectId: row.projectId as string,
    startMicros: row.startMicros as number,
    endMicros: row.endMicros as number,
    chunk: JSON.parse(gunzipSync(row.body as Uint8Array).toString()) as ProfileChunk,
  };
}

function spanOf(row: Record<string, unknown>): StoredSpan {
  return {
    ...row,
    isSegment: row.isSegment === 1,
    isRequest: row.isRequest === 1,
    attributes: JSON.parse(row.attributes as string) as Record<string, unknown>,
  } as unknown as StoredSpan;
}
