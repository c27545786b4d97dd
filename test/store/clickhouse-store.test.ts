import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { openClickHouseStore } from '../../src/store/clickhouse/store.ts';
import { type ClickHouseEngine, startEngine } from './clickhouse/engine.ts';
import { hasEngine } from './clickhouse/engine-package.ts';
import { describeStore } from './store-conformance.ts';

describe.skipIf(!hasEngine)('on ClickHouse’s engine', () => {
  let engine: ClickHouseEngine;
  let address: string;
  beforeAll(async () => {
    engine = await startEngine();
    address = engine.address();
  });
  beforeEach(() => {
    address = engine.address();
  });
  afterAll(() => engine.stop());

  describeStore('the ClickHouse store', () => openClickHouseStore(address));
});
