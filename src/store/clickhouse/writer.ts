import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredSpan, WriteBatch, WriteResult } from '../profile-store.ts';
import { namesItsRoot, TouchedTimes } from '../touched-times.ts';
import { type Connection, isTransient } from './connection.ts';
import { type BatchRows, chunkKey, type Row, rowsOf, spanKey } from './rows.ts';
import { type QueueLimits, WriteQueue } from './write-queue.ts';

/** Waits before further attempts, milliseconds: a server that starts again, or a connection that broke. */
const RETRY_AFTER_MS = [250, 2_000];

const LIMITS: QueueLimits = { heldBytes: 128 * 2 ** 20, batchBytes: 16 * 2 ** 20 };

interface Pending {
  batch: WriteBatch;
  rows: BatchRows;
}

/**
 * Writes batches, many at once. What was written is idempotent: rows of the same key are one. The index of chunks is written
 * after their bodies, and rollups learn of a write before and after it; so a collector that dies in between leaves
 * nothing that is found and broken.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #queue: WriteQueue<Pending, WriteResult>;

  constructor(connection: Connection, limits = LIMITS) {
    const { location } = connection.address;
    this.#connection = connection;
    this.#queue = new WriteQueue(location, limits, (pending) => this.#write(pending));
  }

  async write(batch: WriteBatch): Promise<WriteResult> {
    const rows = rowsOf(batch, this.#connection.address.location);
    return this.#queue.add({ batch, rows }, rows.bytes);
  }

  async drain(): Promise<void> {
    await this.#queue.drain();
  }

  async #write(pending: readonly Pending[]): Promise<WriteResult[]> {
    const [isNewChunk, isNewSpan] = await retrying(() =>
      Promise.all([this.#newChunks(pending), this.#newSpans(pending)]),
    );
    const [chunks, bodies, spans]: [Row[], Row[], Row[]] = [[], [], []];
    const results = pending.map(({ rows }) => {
      const wanted = rows.chunks.map((row) => isNewChunk(chunkKey(row)));
      const newSpans = rows.spans.filter((row) => isNewSpan(spanKey(row)));
      chunks.push(...rows.chunks.filter((_, index) => wanted[index]));
      bodies.push(...rows.bodies.filter((_, index) => wanted[index]));
      spans.push(...newSpans);
      const stored = wanted.filter(Boolean).length;
      return { chunks: stored, duplicateChunks: wanted.length - stored, spans: newSpans.length };
    });
    // Also of what is known: whoever sends it again may have learned that it was not written to the end.
    const starts = await retrying(() => this.#touched(pending));
    const touch = () =>
      this.#connection.insert(
        'rollup_writes',
        starts.map((start_us) => ({ start_us, writes: randomInt(1, 2 ** 31) })),
      );
    await retrying(() =>
      Promise.all([touch(), this.#connection.insert('chunk_bodies', bodies), this.#connection.insert('spans', spans)]),
    );
    await retrying(() => this.#connection.insert('chunks', chunks));
    await retrying(touch);
    return results;
  }

  async #newChunks(pending: readonly Pending[]): Promise<(key: string) => boolean> {
    const rows = await this.#connection.rowsOfKeys<Row>(
      `SELECT project_id, profiler_id, chunk_id FROM ${this.#database}.chunks
       WHERE (project_id, profiler_id, chunk_id) IN {keys:Array(Tuple(String, String, String))}`,
      pending.flatMap(({ rows: { chunks } }) => chunks.map((row) => [row.project_id, row.profiler_id, row.chunk_id])),
    );
    return firstOf(rows.map(chunkKey));
  }

  async #newSpans(pending: readonly Pending[]): Promise<(key: string) => boolean> {
    const rows = await this.#connection.rowsOfKeys<Row>(
      `SELECT trace_id, span_id, project_id FROM ${this.#database}.spans
       WHERE (trace_id, span_id, project_id) IN {keys:Array(Tuple(String, String, String))}`,
      pending.flatMap(({ rows: { spans } }) => spans.map((row) => [row.trace_id, row.span_id, row.project_id])),
    );
    return firstOf(rows.map(spanKey));
  }

  async #touched(pending: readonly Pending[]): Promise<number[]> {
    const spans = pending.flatMap(({ batch }) => batch.spans);
    const times = new TouchedTimes(
      pending.flatMap(({ batch }) => batch.chunks),
      spans,
    );
    const roots = await this.#connection.rowsOfKeys<Pick<StoredSpan, 'startMicros' | 'endMicros'>>(
      `SELECT start_us AS startMicros, end_us AS endMicros FROM ${this.#database}.spans
       WHERE (trace_id, span_id, project_id) IN {keys:Array(Tuple(String, String, String))}`,
      spans.filter(namesItsRoot).map(({ traceId, segmentId, projectId }) => [traceId, segmentId, projectId]),
    );
    for (const root of roots) times.addRoot(root);
    return times.starts;
  }

  get #database(): string {
    return this.#connection.address.database;
  }
}

/** Whether a key is seen for the first time, these being known. */
function firstOf(known: readonly string[]): (key: string) => boolean {
  const seen = new Set(known);
  return (key) => !seen.has(key) && seen.add(key).size > 0;
}

/** Rows that were written already are written again: they are of the same keys. */
async function retrying<T>(use: () => Promise<T>): Promise<T> {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      return await use();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await delay(waitMs);
    }
  }
  return use();
}
