import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { StoredSpan } from './profile-store.ts';
import type { Deleted, Retention } from './retention.ts';
import { ROLLUP_LEVELS } from './sqlite-rollup-levels.ts';
import { startsOf, touch } from './sqlite-rollups.ts';
import { existsIn, SELECT_MARK, SELECT_OLD_CHUNKS, SELECT_OLD_SPANS } from './sqlite-statements.ts';
import type { Times } from './touched-times.ts';

/** How much goes in one transaction: some tens of milliseconds, for which writers wait. */
const [CHUNKS_AT_ONCE, SPANS_AT_ONCE, PAGES_AT_ONCE] = [100, 2_000, 500];
/** A new mark is made when the last one is older than this. */
const MARK_EVERY_MS = 60_000;
/** Free pages are soon written to again; only where there are many is the file made smaller. */
const MOST_FREE = 0.1;

type Guarded = <T>(use: (database: DatabaseSync) => T) => T;

/** Up to which rows something has come: rows are numbered in the order in which they came. */
interface Mark {
  chunk: number;
  span: number;
}

/** Notes, within a write, by when all rows of now have come; once a minute is enough. */
export function mark(database: DatabaseSync, nowMs: number): void {
  const last = database.prepare('SELECT max(received_ms) AS last FROM receipts').get()?.last as number | null;
  if (last !== null && nowMs - last < MARK_EVERY_MS) return;
  database
    .prepare(
      `INSERT INTO receipts (received_ms, chunk, span)
       VALUES (?, (SELECT coalesce(max(rowid), 0) FROM chunks), (SELECT coalesce(max(rowid), 0) FROM spans))
       ON CONFLICT DO NOTHING`,
    )
    .run(nowMs);
}

/** Deletes what came long ago, or what came first, and what was summed up of it. */
export class SqliteRetention {
  readonly #guarded: Guarded;

  constructor(guarded: Guarded) {
    this.#guarded = guarded;
  }

  async apply({ keepMs, mostBytes }: Retention, isStopped: () => boolean): Promise<Deleted> {
    this.#within((database) => mark(database, Date.now()));
    const deleted: Deleted = { chunks: 0, spans: 0, bytes: 0 };
    const old = this.#guarded((database) => database.prepare(SELECT_MARK).get(Date.now() - keepMs));
    if (old !== undefined) await this.#delete(old as unknown as Mark, deleted, isStopped);
    if (this.#usedBytes > mostBytes) {
      const all = { chunk: Number.MAX_SAFE_INTEGER, span: Number.MAX_SAFE_INTEGER };
      await this.#delete(all, deleted, () => isStopped() || this.#usedBytes <= mostBytes);
    }
    await this.#shrink(deleted, isStopped);
    return deleted;
  }

  /** In pieces, chunks and spans in proportion: both came together. */
  async #delete(to: Mark, deleted: Deleted, isEnough: () => boolean): Promise<void> {
    const [chunk, span] = (['chunks', 'spans'] as const).map((table) => {
      const { first, last } = this.#guarded((database) =>
        database.prepare(`SELECT min(rowid) AS first, max(rowid) AS last FROM ${table}`).get(),
      ) as { first: number | null; last: number | null };
      return { first: (first ?? 1) - 1, last: Math.min(last ?? 0, to[table === 'chunks' ? 'chunk' : 'span']) };
    }) as [Borders, Borders];
    const pieces = Math.ceil(
      Math.max((chunk.last - chunk.first) / CHUNKS_AT_ONCE, (span.last - span.first) / SPANS_AT_ONCE),
    );
    for (let piece = 1; piece <= pieces && !isEnough(); piece++) {
      const at = ({ first, last }: Borders) => Math.floor(first + ((last - first) * piece) / pieces);
      const gone = this.#within((database) => deletePiece(database, { chunk: at(chunk), span: at(span) }));
      deleted.chunks += gone.chunks;
      deleted.spans += gone.spans;
      await setImmediate();
    }
  }

  /** Gives free pages back to the disk. Files of the first versions cannot; theirs are written to again. */
  async #shrink(deleted: Deleted, isStopped: () => boolean): Promise<void> {
    const { pages, free, size } = this.#pages;
    if (free < pages * MOST_FREE) return;
    for (let left = free; left > 0 && !isStopped(); left -= PAGES_AT_ONCE) {
      this.#guarded((database) => database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`));
      await setImmediate();
    }
    deleted.bytes += (pages - this.#pages.pages) * size;
  }

  get #usedBytes(): number {
    const { pages, free, size } = this.#pages;
    return (pages - free) * size;
  }

  get #pages(): { pages: number; free: number; size: number } {
    const read = (name: string) =>
      this.#guarded((database) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]));
    return { pages: read('page_count'), free: read('freelist_count'), size: read('page_size') };
  }

  #within<T>(use: (database: DatabaseSync) => T): T {
    return this.#guarded((database) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = use(database);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }
}

interface Borders {
  first: number;
  last: number;
}

function deletePiece(database: DatabaseSync, { chunk, span }: Mark): Pick<Deleted, 'chunks' | 'spans'> {
  const chunks = database.prepare(SELECT_OLD_CHUNKS).all(chunk) as unknown as Times[];
  const spans = database.prepare(SELECT_OLD_SPANS).all(span) as unknown as StoredSpan[];
  // What was summed up with them is no longer so.
  const starts = touch(database, chunks, spans);
  database.prepare('DELETE FROM chunks WHERE rowid <= ?').run(chunk);
  database.prepare('DELETE FROM spans WHERE rowid <= ?').run(span);
  database.prepare('DELETE FROM receipts WHERE chunk <= ? AND span <= ?').run(chunk, span);
  // In an empty table numbers begin anew.
  database.exec(`
    UPDATE receipts SET chunk = 0 WHERE NOT EXISTS (SELECT 1 FROM chunks);
    UPDATE receipts SET span = 0 WHERE NOT EXISTS (SELECT 1 FROM spans)`);
  const exists = ['chunks', 'spans'].map((table) => database.prepare(existsIn(table)));
  for (const { widthMicros, times, sums, trees } of ROLLUP_LEVELS) {
    for (const start of startsOf(starts, widthMicros)) {
      const range = { $from: start, $to: start + widthMicros };
      if (exists.some((statement) => statement.get(range) !== undefined)) continue;
      for (const table of [times, sums, trees]) {
        database.prepare(`DELETE FROM ${table} WHERE start_us = ?`).run(start);
      }
    }
  }
  return { chunks: chunks.length, spans: spans.length };
}
