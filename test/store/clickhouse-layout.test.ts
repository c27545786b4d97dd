import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAddress } from '../../src/store/clickhouse/address.ts';
import { changeExpiry } from '../../src/store/clickhouse/layout.ts';
import { statements } from '../../src/store/clickhouse/migrate.ts';
import { TABLES } from '../../src/store/clickhouse/schema.ts';
import { storeLocation } from '../../src/store/open-store.ts';
import { type ClickHouseEngine, startEngine } from './clickhouse/engine.ts';
import { hasEngine } from './clickhouse/engine-package.ts';

const CLUSTER_FILE = join(import.meta.dirname, '..', '..', 'docs', 'clickhouse', 'cluster.xml');
const CLUSTER = { database: 'np', cluster: 'profiles', retentionDays: 30 };

describe('the address of a ClickHouse store', () => {
  test.each([
    [
      'clickhouse://host',
      {
        url: 'http://host:8123',
        user: 'default',
        password: '',
        database: 'next_profiling',
        cluster: null,
        retentionDays: null,
      },
    ],
    [
      'clickhouse://me:p%40ss@host:9999/db?tls=true&cluster=c-1&retention_days=90',
      { url: 'https://host:9999', user: 'me', password: 'p@ss', database: 'db', cluster: 'c-1', retentionDays: 90 },
    ],
    ['clickhouse://host/db?tls=true', { url: 'https://host:8443' }],
    ['clickhouse://[::1]/db', { url: 'http://[::1]:8123' }],
  ])('%s is read', (address, expected) => {
    expect(readAddress(address, {})).toMatchObject(expected);
  });

  test('takes the password of the environment, but not before its own, and shows none', () => {
    const env = { NEXT_PROFILING_CLICKHOUSE_PASSWORD: 'from env' };
    expect(readAddress('clickhouse://me@host', env).password).toBe('from env');
    expect(readAddress('clickhouse://me:own@host', env).password).toBe('own');
    expect(storeLocation('clickhouse://me:own@host/db?cluster=c')).toBe('clickhouse://host:8123/db');
  });

  test.each([
    ['clickhouse:', /no host|no URL/],
    ['clickhouse://me:secret@host/db?reten=1', /unknown parameter 'reten'/],
    ['clickhouse://host/a`b', /database/],
    ["clickhouse://host/db?cluster=c'x", /cluster/],
    ['clickhouse://host/db?retention_days=0', /from 1 to 3650/],
    ['clickhouse://host/db?retention_days=30000', /from 1 to 3650/],
    ['clickhouse://host/db?tls=yes', /tls/],
  ])('%s is refused with what is allowed, and without its password', (address, problem) => {
    const reading = () => readAddress(address, {});
    expect(reading).toThrow(expect.objectContaining({ code: 'NP_OPTION' }));
    expect(reading).toThrow(problem);
    expect(reading).toThrow(/allowed: clickhouse:/);
    expect(reading).not.toThrow(/secret/);
  });
});

describe('the tables of a cluster', () => {
  const all = statements(CLUSTER);

  test('are made on all servers, replicated, and each has one over all shards', () => {
    expect(all.filter((statement) => !statement.includes("ON CLUSTER 'profiles'"))).toEqual([]);
    const local = all.filter((statement) => /CREATE TABLE .*_local ON/.test(statement));
    expect(local).toHaveLength(TABLES.length + 1);
    expect(
      local.filter((statement) => !/ENGINE = (Replicated\w*MergeTree\('\/clickhouse|Null)/.test(statement)),
    ).toEqual([]);
    expect(all.filter((statement) => statement.includes("ENGINE = Distributed('profiles', 'np', '"))).toHaveLength(
      local.length,
    );
  });

  test('are the same on one server but for cluster and replicas', () => {
    const plain = statements({ ...CLUSTER, cluster: null });
    expect(plain.filter((statement) => /CLUSTER|Replicated|Distributed|_local/.test(statement))).toEqual([]);
  });

  describe.skipIf(!hasEngine)('to the engine', () => {
    let engine: ClickHouseEngine;
    beforeAll(async () => {
      engine = await startEngine({ configuration: CLUSTER_FILE });
    });
    afterAll(() => engine.stop());

    test('are statements that it understands', async () => {
      const changes = TABLES.filter(({ expires }) => expires !== undefined).map((table) =>
        changeExpiry(CLUSTER, table),
      );
      for (const statement of [...all, ...changes]) {
        expect(await engine.ask(`EXPLAIN AST ${statement}`)).toMatch(/^(CreateQuery|AlterQuery)/);
      }
    });

    test('are on the cluster of the configuration in docs/clickhouse', async () => {
      expect(
        await engine.ask(
          `SELECT groupArray((shard_num, replica_num, host_name, port)) FROM system.clusters WHERE cluster = 'profiles'`,
        ),
      ).toBe(
        "[(1,1,'clickhouse-1-a',9000),(1,2,'clickhouse-1-b',9000),(2,1,'clickhouse-2-a',9000),(2,2,'clickhouse-2-b',9000)]",
      );
      expect(
        await engine.ask('SELECT groupArray((macro, substitution)) FROM (SELECT * FROM system.macros ORDER BY macro)'),
      ).toBe("[('replica','b'),('shard','2')]");
    });
  });
});

test('the compose file runs what this version can', () => {
  const compose = readFileSync(join(CLUSTER_FILE, '..', 'compose.yaml'), 'utf8');
  const store = /--store "(clickhouse:[^"]+)"/.exec(compose)?.[1] ?? expect.fail();
  expect(readAddress(store, {})).toMatchObject({
    url: 'http://clickhouse:8123',
    user: 'profiles',
    database: 'next_profiling',
  });
});
