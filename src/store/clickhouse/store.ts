import type { OwnFacts } from '../chunk-facts.ts';
import { unpackChunk } from '../packed-chunk.ts';
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
} from '../profile-store.ts';
import type { Deleted } from '../retention.ts';
import type { RollupStore } from '../rollup-store.ts';
import type { Selection } from '../selection.ts';
import { readAddress } from './address.ts';
import { Connection } from './connection.ts';
import { migrate } from './migrate.ts';
import { ClickHouseRollups } from './rollups.ts';
import type { Row } from './rows.ts';
import {
  parametersOf,
  selectBodies,
  selectChunks,
  selectExtent,
  selectFacts,
  selectNames,
  selectRequests,
  selectSessions,
  selectSpans,
  selectStatus,
  selectTrace,
  type Tables,
} from './statements.ts';
import type { QueueLimits } from './write-queue.ts';
import { Writer } from './writer.ts';

/** How many bodies are read at once; some tens of megabytes at most. */
const BODIES_AT_ONCE = 16;

/** Opens a store on a ClickHouse server, creating what is missing. Rejects with `NP_STORE` or `NP_OPTION`. */
export async function openClickHouseStore(address: string, limits?: QueueLimits): Promise<ProfileStore> {
  const connection = await Connection.open(readAddress(address));
  try {
    await migrate(connection);
    return new ClickHouseStore(connection, limits);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class ClickHouseStore implements ProfileStore {
  readonly rollups: RollupStore;
  readonly #connection: Connection;
  readonly #writer: Writer;
  readonly #tables: Tables;

  constructor(connection: Connection, limits?: QueueLimits) {
    this.#connection = connection;
    this.#writer = new Writer(connection, limits);
    this.#tables = (name) => `${connection.address.database}.${name}`;
    this.rollups = new ClickHouseRollups(connection);
  }

  write(batch: WriteBatch): Promise<WriteResult> {
    return this.#writer.write(batch);
  }

  async *chunks(selection: Selection): AsyncGenerator<StoredChunk> {
    const index = await this.#connection.rows(selectChunks(this.#tables, selection), parametersOf(selection));
    for (let from = 0; from < index.length; from += BODIES_AT_ONCE) {
      const piece = index.slice(from, from + BODIES_AT_ONCE);
      const bodies = await this.#connection.rowsOfKeys<Row>(selectBodies(this.#tables), piece.map(keyOf));
      const byKey = new Map(bodies.map((row) => [keyOf(row).join(' '), row.body as string]));
      for (const row of piece) {
        const body = byKey.get(keyOf(row).join(' '));
        // Retention may have taken it since the index was read.
        if (body !== undefined) yield chunkOf(row, body);
      }
    }
  }

  async *chunkFacts(selection: Selection): AsyncGenerator<ChunkFacts> {
    const rows = await this.#connection.rows<Omit<ChunkFacts, keyof OwnFacts> & { facts: string }>(
      selectFacts(this.#tables, selection),
      parametersOf(selection),
    );
    for (const { facts, ...row } of rows) yield { ...row, ...(JSON.parse(facts) as OwnFacts) };
  }

  sessions(selection: Selection): Promise<StoredSession[]> {
    return this.#connection.rows(selectSessions(this.#tables, selection), parametersOf(selection));
  }

  requests(selection: Selection): Promise<StoredRequest[]> {
    return this.#connection.rows(selectRequests(this.#tables, selection), parametersOf(selection));
  }

  async *spans(ids: readonly SpanId[]): AsyncGenerator<FoundSpan> {
    const keys = ids.map(({ traceId, spanId, projectId }) => [traceId, spanId, projectId]);
    const rows = await this.#connection.rowsOfKeys<FoundSpan>(selectSpans(this.#tables), keys);
    const byKey = new Map(rows.map((row) => [spanKeyOf(row), row]));
    for (const id of ids) {
      const row = byKey.get(spanKeyOf(id));
      if (row !== undefined) yield { ...row, isRequest: Boolean(row.isRequest) };
    }
  }

  async trace(traceId: string): Promise<StoredSpan[]> {
    const rows = await this.#connection.rows<StoredSpan & { attributes: string }>(selectTrace(this.#tables), {
      traceId,
    });
    return rows.map((row) => ({
      ...row,
      isSegment: Boolean(row.isSegment),
      isRequest: Boolean(row.isRequest),
      attributes: JSON.parse(row.attributes) as Record<string, unknown>,
    }));
  }

  async extent(): Promise<Pick<StoreStatus, 'startMicros' | 'endMicros'>> {
    return this.#only(selectExtent(this.#tables));
  }

  async names(): Promise<StoredNames> {
    type Names = Record<'releases' | 'environments', [string | null][]> & Pick<StoredNames, 'routes'>;
    const { releases, environments, routes } = await this.#only<Names>(selectNames(this.#tables));
    return { releases: sorted(releases.flat()), environments: sorted(environments.flat()), routes: sorted(routes) };
  }

  async status(): Promise<StoreStatus> {
    const counts = await this.#only<StoreStatus>(selectStatus(this.#tables));
    return { ...counts, driver: 'clickhouse', location: this.#connection.address.location };
  }

  /** Its tables have a time to live, which the server keeps to. */
  async retain(): Promise<Deleted> {
    return { chunks: 0, spans: 0, bytes: 0 };
  }

  async close(): Promise<void> {
    await this.#writer.drain();
    await this.#connection.close();
  }

  async #only<T>(statement: string): Promise<T> {
    const [row] = await this.#connection.rows<T>(statement);
    return row as T;
  }
}

const keyOf = ({ projectId, profilerId, startMicros, chunkId }: Row): unknown[] => [
  projectId,
  profilerId,
  startMicros,
  chunkId,
];

const spanKeyOf = ({ traceId, spanId, projectId }: SpanId): string => `${traceId} ${spanId} ${projectId}`;

const chunkOf = (row: Row, body: string): StoredChunk =>
  unpackChunk(row as unknown as Parameters<typeof unpackChunk>[0], Buffer.from(body, 'base64'));

/** By their bytes, as SQLite sorts: that of the one who does not say comes first. */
function sorted<T extends string | null>(names: T[]): T[] {
  return names.sort((a, b) => {
    if (a === null || b === null) return Number(b === null) - Number(a === null);
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  });
}
