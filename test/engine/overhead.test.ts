import { expect, test } from 'vitest';
import { sampleCpu } from '../../src/profile/sample-weights.ts';
import { busyMs } from '../busy-ms.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

const intervals = (): (number | undefined)[] => sink.chunks.map((chunk) => chunk.next_profiling?.sampling_interval_us);

test('above maxOverhead samples are taken less often, and each chunk says how often and why', async () => {
  const profiling = { samplingIntervalMicros: 500, chunkDurationMs: 1_000, maxOverhead: 0.001 };
  const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, profiling }));
  await app.call('hold', 'root');
  for (let i = 0; i < 240; i++) await app.call('burn', 50);
  await app.call('flush');
  expect([...new Set(intervals())].slice(0, 3)).toEqual([500, 1_000, 2_000]);
  const after = sink.chunks.find((chunk) => chunk.next_profiling?.sampling_interval_us === 1_000);
  expect(after?.next_profiling?.overhead_ratio).toBeGreaterThan(0.001);
  expect(app.ourLines).toEqual([
    expect.stringMatching(/% of a core, more than maxOverhead 0\.001; it samples every 1\.0 ms/),
  ]);
  // At whichever interval, the CPU time is right.
  const seenMs = busyMs(sink.chunks, 'hotFunction', sampleCpu);
  const { cost } = await app.status();
  expect(cost.samplingIntervalMicros).toBeGreaterThanOrEqual(2_000);
  expect(cost.overheadRatio).toBeGreaterThan(0.001);
  expect(seenMs).toBeGreaterThan(12_000 * 0.7);
  expect(seenMs).toBeLessThan(12_000 * 1.1);
});

test('the default interval stays as it is', async () => {
  const app = untilTestEnds(
    await SentryApp.start({ dsn: sink.dsn, init: TRACE, profiling: { chunkDurationMs: 1_000 } }),
  );
  await app.call('hold', 'root');
  for (let i = 0; i < 120; i++) await app.call('burn', 50);
  await app.call('flush');
  expect(new Set(intervals())).toEqual(new Set([10_101]));
  const { overheadRatio } = (await app.status()).cost;
  expect(overheadRatio).toBeGreaterThan(0);
  expect(overheadRatio).toBeLessThan(0.03);
});
