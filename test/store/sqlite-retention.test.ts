import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { queryRoutes } from '../../src/collector/query.ts';
import { rollUpSettled } from '../../src/collector/roll-up-settled.ts';
import type { ProfileStore, StoreBatch } from '../../src/store/profile-store.ts';
import { DEFAULT_RETENTION } from '../../src/store/retention.ts';
import { ROLLUP_MICROS } from '../../src/store/rollup-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { chunkOf, T0 } from '../profile/chunk-of.ts';
import { requestOf } from './span-of.ts';

const DAY_MS = 86_400e3;
const EVERYTHING = { fromMicros: 0, toMicros: 9e15 };
const notStopped = () => false;

interface Opened {
  file: string;
  store: ProfileStore;
  /** Lets all that has come until now have come so much earlier. */
  age(days: number): void;
}

async function opened(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-retention-'));
  const file = join(folder, 'profiles.db');
  const store = await openSqliteStore(file);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const age = (days: number) => {
    const database = new DatabaseSync(file);
    // As after a minute.
    database
      .prepare(
        'INSERT OR REPLACE INTO receipts SELECT ?, (SELECT max(rowid) FROM chunks), (SELECT max(rowid) FROM spans)',
      )
      .run(Date.now());
    database.prepare('UPDATE receipts SET received_ms = received_ms - ?').run(days * DAY_MS);
    database.close();
  };
  return { file, store, age };
}

/** Half a minute of a server; `ballast` is text that does not compress. */
function batchAt(at: number, route = '/a', ballast = 0): StoreBatch {
  const frame = `burn${randomBytes(ballast).toString('base64')}`;
  const chunk = chunkOf([
    [at, [frame]],
    [at + 30, [frame]],
  ]);
  const times = { startMicros: (T0 + at) * 1e6, endMicros: (T0 + at + 30) * 1e6 };
  return { chunks: [{ projectId: '1', ...times, chunk }], spans: [requestOf(route, at, at + 1)] };
}

async function chunkIds(store: ProfileStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { chunk } of store.chunks(EVERYTHING)) ids.push(chunk.chunk_id);
  return ids;
}

const idOf = ({ chunks }: StoreBatch) => chunks[0]?.chunk.chunk_id;

describe('the retention of a SQLite store', () => {
  test('takes what came too long ago, the sums of it too, and nothing else', async () => {
    const { store, age } = await opened();
    // The second is of the same five minutes, the third of others.
    const old = [batchAt(0, '/old'), batchAt(30, '/old'), batchAt(900, '/old')];
    for (const batch of old) await store.write(batch);
    await rollUpSettled(store, 9e15);
    age(31);
    // What is young by its arrival is kept, though its time is as old.
    const young = [batchAt(60, '/young'), batchAt(2_000, '/young')];
    for (const batch of young) await store.write(batch);
    age(29);
    const now = batchAt(60, '/now');
    await store.write(now);
    await rollUpSettled(store, 9e15);
    // The marks are 60, 29 and 0 days old.
    expect(await store.retain(DEFAULT_RETENTION, notStopped)).toMatchObject({ chunks: 3, spans: 3 });
    expect(await chunkIds(store)).toEqual([
      ...[now, young[0] as StoreBatch].map(idOf).sort(),
      idOf(young[1] as StoreBatch),
    ]);
    expect(await store.status()).toMatchObject({ chunks: 3, spans: 3, requests: 3 });
    const routes = await queryRoutes(store, {});
    expect(routes.routes.map(({ route }) => route).sort()).toEqual(['/now', '/young']);
    // Sums of a time that lost something are made again; of one that lost all, there are none.
    await rollUpSettled(store, 9e15);
    const ready = await store.rollups.ready(EVERYTHING);
    const bucketOf = (at: number) => Math.floor(((T0 + at) * 1e6) / ROLLUP_MICROS) * ROLLUP_MICROS;
    expect(ready).toContain(bucketOf(60));
    expect(ready).toContain(bucketOf(2_000));
    expect(ready).not.toContain(bucketOf(900));
    expect(await queryRoutes(store, {})).toEqual(routes);
    expect(await store.retain(DEFAULT_RETENTION, notStopped)).toEqual({ chunks: 0, spans: 0, bytes: 0 });
  });

  test('takes all of it if all is old, and what comes afterwards stays', async () => {
    const { store, age } = await opened();
    for (let index = 0; index < 5; index++) await store.write(batchAt(index * 30));
    await store.retain(DEFAULT_RETENTION, notStopped);
    age(31);
    expect(await store.retain(DEFAULT_RETENTION, notStopped)).toMatchObject({ chunks: 5, spans: 5 });
    expect(await store.status()).toMatchObject({ chunks: 0, spans: 0 });
    const next = batchAt(500);
    await store.write(next);
    expect(await store.retain(DEFAULT_RETENTION, notStopped)).toMatchObject({ chunks: 0 });
    expect(await chunkIds(store)).toEqual([idOf(next)]);
  });

  test('takes what came first until the rest is small enough, and gives the disk back', async () => {
    const { file, store } = await opened();
    const batches = Array.from({ length: 400 }, (_, index) => batchAt(index * 30, '/a', 10_000));
    for (const batch of batches) await store.write(batch);
    const mostBytes = 2e6;
    const deleted = await store.retain({ ...DEFAULT_RETENTION, mostBytes }, notStopped);
    const left = await chunkIds(store);
    expect(left).toEqual(batches.slice(deleted.chunks).map(idOf));
    // About a hundred go at once.
    expect(left.length).toBeGreaterThan(50);
    expect(left.length).toBeLessThan(250);
    expect(await store.status()).toMatchObject({ spans: left.length });
    expect(deleted.bytes).toBeGreaterThan(1e6);
    await store.close();
    expect(statSync(file).size).toBeLessThan(mostBytes * 1.2);
  });

  test('takes nothing of what another process writes meanwhile', async () => {
    const { file, store, age } = await opened();
    for (let index = 0; index < 500; index++) await store.write(batchAt(index * 30));
    await store.retain(DEFAULT_RETENTION, notStopped);
    age(31);
    const other = await openSqliteStore(file);
    const young = Array.from({ length: 100 }, (_, index) => batchAt(index * 30));
    const writing = (async () => {
      for (const batch of young) {
        await other.write(batch);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const [deleted] = await Promise.all([store.retain(DEFAULT_RETENTION, notStopped), writing]);
    expect(deleted).toMatchObject({ chunks: 500, spans: 500 });
    expect((await chunkIds(other)).sort()).toEqual(young.map((batch) => idOf(batch) ?? '').sort());
    await other.close();
  });
});
