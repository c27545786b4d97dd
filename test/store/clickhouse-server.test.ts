import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { queryRoutes } from '../../src/collector/query.ts';
import { rollUpSettled } from '../../src/collector/roll-up-settled.ts';
import { SCHEMA_VERSION } from '../../src/store/clickhouse/migrate.ts';
import { TABLES, VERSIONS } from '../../src/store/clickhouse/schema.ts';
import { openClickHouseStore } from '../../src/store/clickhouse/store.ts';
import type { ProfileStore, StoreBatch } from '../../src/store/profile-store.ts';
import { chunkItem, envelopeOf, spanItem } from '../collector/envelope-of.ts';
import { openCollector } from '../collector/open-collector.ts';
import { randomProfile } from '../collector/random-profile.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ClickHouseEngine, startEngine } from './clickhouse/engine.ts';
import { hasEngine } from './clickhouse/engine-package.ts';
import { faultyWay } from './clickhouse/faulty-way.ts';
import { requestOf } from './span-of.ts';

const EVERYTHING = { fromMicros: 0, toMicros: 9e15 };
const databaseOf = (address: string): string => new URL(address).pathname.slice(1);

function batchOf(at = 0): StoreBatch {
  const chunk = chunkOf([
    [at, ['burn']],
    [at + 30, ['burn']],
  ]);
  const times = { startMicros: (T0 + at) * 1e6, endMicros: (T0 + at + 30) * 1e6 };
  return { chunks: [{ projectId: '1', ...times, chunk }], spans: [requestOf('/a', at, at + 1)] };
}

describe.skipIf(!hasEngine)('a store on a ClickHouse server', () => {
  let engine: ClickHouseEngine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  async function opened(...parameters: Parameters<typeof openClickHouseStore>): Promise<ProfileStore> {
    const store = await openClickHouseStore(...parameters);
    onTestFinished(() => store.close());
    return store;
  }

  const count = async (database: string, table: string) =>
    Number(await engine.ask(`SELECT count() FROM ${database}.${table}`));

  test.each(['chunk_bodies', 'spans', 'chunks', 'rollup_writes'])(
    'stores once what it sent twice, because the answer about %s was lost',
    async (table) => {
      const address = engine.address();
      let lost = 0;
      const way = await faultyWay(address, (sql) => {
        const isFirst = sql.startsWith(`INSERT INTO ${databaseOf(address)}.${table} `) && lost++ === 0;
        return isFirst ? 'lose' : 'pass';
      });
      const store = await opened(way);
      const batch = batchOf();
      await store.write(batch);
      expect(lost).toBeGreaterThan(1);
      expect(await store.status()).toMatchObject({ chunks: 1, spans: 1, requests: 1 });
      expect(await store.write(batch)).toEqual({ chunks: 0, duplicateChunks: 1, spans: 0 });
      const found = [];
      for await (const { chunk } of store.chunks(EVERYTHING)) found.push(chunk);
      expect(found).toEqual(batch.chunks.map(({ chunk }) => chunk));
      await rollUpSettled(store, 9e15);
      expect((await queryRoutes(store, {})).routes).toMatchObject([{ route: '/a', requests: 1 }]);
    },
  );

  test('takes in many at once while the server is slow, refuses what is too much, and loses nothing that it took', async () => {
    const address = engine.address();
    const [arrived, release] = [new EventEmitter(), new EventEmitter()];
    const inserts: string[] = [];
    let isReleased = false;
    const way = await faultyWay(address, (sql) => {
      if (!/^INSERT INTO \w+\.chunks /.test(sql)) return 'pass';
      inserts.push(sql);
      arrived.emit('now');
      return isReleased ? 'pass' : once(release, 'now');
    });
    const store = await opened(way, { heldBytes: 200_000, batchBytes: 150_000 });
    const { post } = await openCollector({ store });
    const send = (index: number) => {
      const [stored] = batchOf(index * 30).chunks;
      // Such as does not compress.
      const frames = [{ function: randomBytes(15_000).toString('base64'), in_app: true }];
      return post(envelopeOf(chunkItem({ ...stored?.chunk, profile: { ...stored?.chunk.profile, frames } } as never)));
    };
    const waiting = once(arrived, 'now');
    const first = send(0);
    await waiting;
    const answers = Array.from({ length: 20 }, (_, index) => send(index + 1));
    // All that find no room are answered while the others wait.
    const refused = await Promise.race([...answers, first]);
    expect(refused).toMatchObject({ status: 429, body: { detail: expect.stringMatching(/NP_STORE_BUSY/) } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    isReleased = true;
    release.emit('now');
    const statuses = (await Promise.all([first, ...answers])).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const taken = statuses.filter((status) => status === 200).length;
    expect(taken).toBeGreaterThan(5);
    expect(await store.status()).toMatchObject({ chunks: taken });
    expect(inserts.length).toBeLessThan(5);
  });

  test('several collectors without a state of their own answer alike, whoever was written to', async () => {
    const address = engine.address();
    const collectors = await Promise.all(
      Array.from({ length: 3 }, async () => openCollector({ store: await openClickHouseStore(address) })),
    );
    const profile = randomProfile(3, 9, newId(), 40, 5);
    const envelopes = profile.chunks.map((chunk) => envelopeOf(chunkItem(chunk)));
    envelopes.push(...profile.requests.map((request) => envelopeOf(spanItem(request))));
    const posts = envelopes.flatMap((envelope, index) =>
      // Every third comes again, to another collector.
      [0, ...(index % 3 === 0 ? [1] : [])].map((more) => collectors[(index + more) % 3]?.post(envelope)),
    );
    expect(new Set((await Promise.all(posts)).map((answer) => answer?.status))).toEqual(new Set([200]));
    const answers = await Promise.all(collectors.map(async ({ get }) => (await get('/api/v1/routes')).body));
    expect(answers[0].requests).toBe(profile.requests.length);
    const cpuMs = profile.samples.reduce((sum, { cpuMicros }) => sum + cpuMicros / 1e3, 0);
    expect(answers[0].cpuMs).toBeCloseTo(cpuMs, 0);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await Promise.all(collectors.map(({ store }) => rollUpSettled(store, 9e15)));
    for (const { get } of collectors) expect((await get('/api/v1/routes')).body).toEqual(answers[0]);
  });

  describe('its questions', () => {
    const said: string[] = [];
    async function overheard(address: string): Promise<ProfileStore> {
      const way = await faultyWay(address, (sql) => {
        said.push(sql);
        return 'pass';
      });
      return opened(way);
    }

    test('about a week are as many as about an hour', async () => {
      const address = engine.address();
      const { rollups } = await overheard(address);
      const week = Array.from({ length: 2_016 }, (_, index) => (T0 + index * 300) * 1e6);
      const commits = week.map((start) => `(${start}, ${Number.MAX_SAFE_INTEGER}, '0')`);
      await engine.ask(
        `INSERT INTO ${databaseOf(address)}.rollup_commits (start_us, revision, token) VALUES ${commits.join(', ')}`,
      );
      const questions = async (starts: number[]) => {
        said.length = 0;
        for await (const _ of rollups.summaries(starts, EVERYTHING));
        for await (const _ of rollups.trees(starts, EVERYTHING));
        return said.length;
      };
      expect(await questions(week)).toBe(await questions(week.slice(-12)));
    });

    test('are in pieces that the server takes', async () => {
      const store = await overheard(engine.address());
      const spans = Array.from({ length: 2_000 }, () => requestOf('/a', 0, 1));
      await store.write({ chunks: [], spans: spans.slice(-1) });
      said.length = 0;
      const found = [];
      for await (const { spanId } of store.spans(spans)) found.push(spanId);
      expect(found).toEqual([spans.at(-1)?.spanId]);
      expect(said.length).toBeGreaterThan(1);
      for (const question of said) expect(question.length).toBeLessThan(128 * 1_024);
    });
  });

  describe('its tables', () => {
    test('are made once, though several collectors start at the same time on an empty server', async () => {
      const address = engine.address();
      const stores = await Promise.all(Array.from({ length: 4 }, () => opened(address)));
      await Promise.all(stores.map((store, index) => store.write(batchOf(index))));
      for (const store of stores) expect(await store.status()).toMatchObject({ chunks: 4 });
      expect(await engine.ask(`SELECT DISTINCT version FROM ${databaseOf(address)}.${VERSIONS.name}`)).toBe(
        String(SCHEMA_VERSION),
      );
    });

    test('of a newer version are left alone', async () => {
      const address = engine.address();
      await opened(address);
      await engine.ask(`INSERT INTO ${databaseOf(address)}.${VERSIONS.name} (version) VALUES (${SCHEMA_VERSION + 1})`);
      const message = expect.stringMatching(/schema version.*knows up to.*update/);
      await expect(openClickHouseStore(address)).rejects.toMatchObject({ code: 'NP_STORE', message });
    });

    test('of another program are left alone', async () => {
      const address = engine.address();
      const database = databaseOf(address);
      await engine.ask(`CREATE DATABASE ${database}`);
      await engine.ask(`CREATE TABLE ${database}.spans (x Int64) ENGINE = MergeTree ORDER BY x`);
      const message = expect.stringMatching(/tables of another program \(spans\)/);
      await expect(openClickHouseStore(address)).rejects.toMatchObject({ code: 'NP_STORE', message });
      expect(await engine.ask(`SELECT name FROM system.tables WHERE database = '${database}'`)).toBe('spans');
    });
  });

  describe('retention', () => {
    const definitions = (database: string) =>
      engine.ask(`SELECT name, create_table_query FROM system.tables WHERE database = '${database}' ORDER BY name`);
    const expiring = TABLES.filter(({ expires }) => expires?.startsWith('received_at') && !expires.includes('+ 1'));

    /** Makes all rows older, in parts of their own, and lets the server do now what it does in time. */
    async function age(database: string, days: number): Promise<void> {
      // What views fill comes last in the list, and must be older before there is more of it.
      for (const { name } of expiring.toReversed()) {
        await engine.ask(`INSERT INTO ${database}.${name} SELECT * REPLACE (received_at - toIntervalDay(${days}) AS received_at)
          FROM ${database}.${name}`);
      }
    }
    const settle = async (database: string) => {
      for (const { name, engine: kind } of TABLES) {
        if (kind !== 'Null') await engine.ask(`OPTIMIZE TABLE ${database}.${name} FINAL`);
      }
    };

    async function filled(address: string): Promise<ProfileStore> {
      const store = await opened(address);
      const recent = batchOf();
      // Times of today, so that the writes to them are kept as well.
      const now = Math.floor(Date.now() / 1e3) - T0;
      await store.write({ chunks: batchOf(now).chunks, spans: recent.spans });
      await rollUpSettled(store, 9e15);
      const [start = 0] = await store.rollups.ready(EVERYTHING);
      await store.rollups.finish(start, await store.rollups.begin(start), [], ['0'.repeat(32)]);
      return store;
    }

    test('takes what is too old, and nothing else', async () => {
      const address = engine.address();
      const database = databaseOf(address);
      const store = await filled(`${address}?retention_days=30`);
      const before = await Promise.all(expiring.map(({ name }) => count(database, name)));
      expect(before.filter((rows) => rows === 0)).toEqual([]);
      await age(database, 29);
      await age(database, 2);
      await settle(database);
      // 0, 2, 29 and 31 days old: the last are gone, and of the others what has the same key is one.
      const ages = async (table: string) =>
        (
          await engine.ask(
            `SELECT DISTINCT dateDiff('day', received_at, now()) AS age FROM ${database}.${table} ORDER BY age`,
          )
        ).split('\n');
      for (const { name } of expiring) expect([name, await ages(name)]).toEqual([name, ['0', '2', '29']]);
      expect(await store.status()).toMatchObject({ chunks: 1, spans: 1 });
      expect(await store.sessions(EVERYTHING)).toHaveLength(1);
    });

    test('keeps rows even if it is as long as it may be', async () => {
      const address = engine.address();
      const store = await filled(`${address}?retention_days=3650`);
      await settle(databaseOf(address));
      expect(await store.status()).toMatchObject({ chunks: 1, spans: 1, requests: 1 });
      expect(await store.rollups.ready(EVERYTHING)).not.toEqual([]);
    });

    test('is changed by whoever says so, and by nobody else', async () => {
      const address = engine.address();
      const database = databaseOf(address);
      await opened(`${address}?retention_days=7`);
      const seven = await definitions(database);
      expect(seven).toContain('toIntervalDay(7)');
      await opened(address);
      expect(await definitions(database)).toBe(seven);
      await opened(`${address}?retention_days=90`);
      expect(await definitions(database)).toBe(seven.replaceAll(/toIntervalDay\(7( \+ 1)?\)/g, 'toIntervalDay(90$1)'));
    });

    test('that is said again changes nothing', async () => {
      const address = engine.address();
      await opened(`${address}?retention_days=7`);
      const said: string[] = [];
      const way = await faultyWay(`${address}?retention_days=7`, (sql) => {
        said.push(sql);
        return 'pass';
      });
      await opened(way);
      expect(said.filter((sql) => sql.startsWith('ALTER'))).toEqual([]);
      expect(said.length).toBeGreaterThan(2);
    });
  });
});

test('a server that is not there is a clear error', async () => {
  const message = expect.stringMatching(/cannot use the store 'clickhouse:\/\/127\.0\.0\.1:9\/x'.*ECONNREFUSED.*8123/);
  const opening = openClickHouseStore('clickhouse://me:secret@127.0.0.1:9/x');
  await expect(opening).rejects.toMatchObject({ code: 'NP_STORE', message });
  await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
});
