import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse/store.ts';
import { type ClickHouseEngine, startEngine } from './clickhouse/engine.ts';
import { hasEngine } from './clickhouse/engine-package.ts';
import { describeStore } from './store-conformance.ts';

/** Tables of a cluster are others: each a table over the shards, before one of a shard. */
describe.skipIf(!hasEngine).each([
  ['one server', {}],
  ['a cluster', { cluster: true }],
])('on %s', (_, options) => {
  let engine: ClickHouseEngine;
  let address: string;
  beforeAll(async () => {
    engine = await startEngine(options);
  });
  beforeEach(() => {
    address = engine.address();
  });
  afterAll(() => engine.stop());

  describeStore('the ClickHouse store', () => openClickHouseStore(address));
});
