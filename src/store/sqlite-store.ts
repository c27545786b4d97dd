import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { openSqlite, storeError } from './open-sqlite.ts';
import { packed } from './packed-chunk.ts';
import type {
  ChunkFacts,
  FoundSpan,
  ProfileStore,
  SpanId,
  StoredChunk,
  StoredNames,
  StoredRequest,
  StoredSession,
  StoredSpan,
  StoreStatus,
  WriteBatch,
  WriteResult,
} from './profile-store.ts';
import type { Deleted, Retention } from './retention.ts';
import type { RollupStore } from './rollup-store.ts';
import type { Selection } from './selection.ts';
import { mark, SqliteRetention } from './sqlite-retention.ts';
import { SqliteRollups, touch } from './sqlite-rollups.ts';
import { chunkOf, factsOf, insertChunks, insertSpans, type Row, spanOf } from './sqlite-rows.ts';
import {
  parametersOf,
  SELECT_CHUNK,
  SELECT_CHUNK_FACTS,
  SELECT_ENVIRONMENTS,
  SELECT_EXTENT,
  SELECT_RELEASES,
  SELECT_ROUTES,
  SELECT_SPAN,
  SELECT_STATUS,
  SELECT_TRACE,
  selectChunkKeys,
  selectRequests,
  selectSessions,
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
  readonly rollups: RollupStore = new SqliteRollups((use) => this.#guarded(use));

  constructor(file: string, database: DatabaseSync) {
    this.#file = file;
    this.#database = database;
  }

  async write(batch: WriteBatch): Promise<WriteResult> {
    const packedChunks = batch.chunks.map(packed);
    return this.#guarded((database) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const chunks = insertChunks(database, packedChunks);
        const spans = insertSpans(database, batch.spans);
        touch(database, packedChunks, batch.spans);
        mark(database, Date.now());
        database.exec('COMMIT');
        return { chunks, duplicateChunks: batch.chunks.length - chunks, spans };
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  retain(retention: Retention, isStopped: () => boolean): Promise<Deleted> {
    return new SqliteRetention((use) => this.#guarded(use)).apply(retention, isStopped);
  }

  async *chunks(selection: Selection): AsyncGenerator<StoredChunk> {
    yield* this.#oneByOne(selection, SELECT_CHUNK, chunkOf);
  }

  async *chunkFacts(selection: Selection): AsyncGenerator<ChunkFacts> {
    yield* this.#oneByOne(selection, SELECT_CHUNK_FACTS, factsOf);
  }

  /** Keys first, bodies one at a time: an hour of profiles is larger than a reader's memory should be. */
  async *#oneByOne<T>(selection: Selection, statement: string, read: (row: Row) => T): AsyncGenerator<T> {
    const keys = this.#guarded((database) => database.prepare(selectChunkKeys(selection)).all(parametersOf(selection)));
    const select = this.#guarded((database) => database.prepare(statement));
    for (const { rowid } of keys) {
      // SQLite answers at once, so nothing else would have a turn until the last chunk.
      await setImmediate();
      const row = this.#guarded(() => select.get(rowid as number));
      if (row !== undefined) yield this.#guarded(() => read(row));
    }
  }

  async sessions(selection: Selection): Promise<StoredSession[]> {
    const rows = this.#guarded((database) => database.prepare(selectSessions(selection)).all(parametersOf(selection)));
    return rows.map((row) => ({ ...row }) as unknown as StoredSession);
  }

  async extent(): Promise<Pick<StoreStatus, 'startMicros' | 'endMicros'>> {
    const row = this.#guarded((database) => database.prepare(SELECT_EXTENT).get());
    return { ...row } as Pick<StoreStatus, 'startMicros' | 'endMicros'>;
  }

  async names(): Promise<StoredNames> {
    const list = (statement: string) =>
      this.#guarded((database) =>
        database
          .prepare(statement)
          .all()
          .map(({ name }) => name as string),
      );
    return { releases: list(SELECT_RELEASES), environments: list(SELECT_ENVIRONMENTS), routes: list(SELECT_ROUTES) };
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
