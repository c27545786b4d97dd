import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse/store.ts';
import { type ClickHouseEngine, startEngine } from './clickhouse/engine.ts';
import { hasEngine } from './clickhouse/engine-package.ts';
import { describeStore } from './store-conformance.ts';

/** Tables of a cluster are others: each a table over the shards, before one of a shard. */
const PLACES = [{ cluster: false }, ...(process.env.NEXT_PROFILING_ALL === '1' ? [{ cluster: true }] : [])];

describe.skipIf(!hasEngine).each(PLACES)('on ClickHouse, %o', (options) => {
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
