import { expect, test } from 'vitest';
import { sink, untilTestEnds } from '../per-test.ts';
import { BurningApp } from './burning-app.ts';

const TREES = 5_000;
const ROUNDS = 4;
/** Of a tree's four spans not even 50 bytes may be kept; one that owns a slot takes more than that. */
const GROWTH_BYTES = 50 * TREES;

test('many requests leave no slot, no lane and no memory behind', async () => {
  const server = untilTestEnds(await BurningApp.start({ dsn: sink.dsn, execArgv: ['--expose-gc'] }));
  const settledHeap = async (): Promise<number> => {
    await server.call('trees', TREES, 0);
    // A tenth of a second after its end a tree is forgotten.
    await server.call('wait', 150);
    await server.call('flush');
    sink.items.length = 0;
    return (await server.call('memory')).heapUsed;
  };
  await settledHeap();
  // What leaks grows every time; compiled code and feedback, which come and go, do not.
  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) heaps.push(await settledHeap());
  const growth = heaps.slice(1).map((heap, index) => heap - (heaps[index] as number));
  expect((await server.status()).attribution).toMatchObject({ slotsInUse: 0, lanesInUse: 0, slotsRefused: 0 });
  expect(Math.min(...growth), `grew by ${growth.join(', ')} bytes`).toBeLessThan(GROWTH_BYTES);
});

test('spans that never end give their slots and lanes back at their maximum age', async () => {
  const app = untilTestEnds(
    await BurningApp.start({ dsn: sink.dsn, profiling: { maxSpanDurationMs: 1_000, idleTimeoutMs: 50 } }),
  );
  await app.call('trees', 2_000, 50);
  const { slotsInUse, lanesInUse } = (await app.status()).attribution;
  expect(slotsInUse).toBeGreaterThan(0);
  expect(slotsInUse).toBeLessThanOrEqual(2_000 * 0.05 * 4);
  expect(lanesInUse).toBeGreaterThan(0);
  expect(lanesInUse).toBeLessThanOrEqual(2_000 * 0.05);
  for (;;) {
    const status = await app.status();
    if (status.state === 'idle') break;
    await app.call('wait', 50);
  }
  expect((await app.status()).attribution).toMatchObject({ slotsInUse: 0, lanesInUse: 0 });
});
