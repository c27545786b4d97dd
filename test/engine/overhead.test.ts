import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleCpu } from '../../src/profile/sample-weights.ts';
import { busyMs } from '../busy-ms.ts';
import { SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

let sink: Sink;
let app: SentryApp;

beforeEach(async () => {
  sink = await Sink.listen();
});
afterEach(async () => {
  await app.stop();
  sink.close();
});

const intervals = (): (number | undefined)[] => sink.chunks.map((chunk) => chunk.next_profiling?.sampling_interval_us);

test('above maxOverhead samples are taken less often, and each chunk says how often and why', async () => {
  const profiling = { samplingIntervalMicros: 500, chunkDurationMs: 1_000, maxOverhead: 0.001 };
  app = await SentryApp.start({ dsn: sink.dsn, init: TRACE, profiling });
  await app.call('hold', 'root');
  for (let i = 0; i < 70; i++) await app.call('burn', 50);
  await app.call('flush');
  expect(intervals()[0]).toBe(500);
  expect(intervals()[1]).toBe(1_000);
  expect(intervals()[2]).toBe(2_000);
  expect(sink.chunks[0]?.next_profiling?.overhead_ratio).toBeGreaterThan(0.001);
  expect(app.ourLines).toEqual([
    expect.stringMatching(/% of a core, more than maxOverhead 0\.001; it samples every 1\.0 ms/),
  ]);
  // At whichever interval, the CPU time is right.
  const seenMs = busyMs(sink.chunks, 'hotFunction', sampleCpu);
  const { cost } = await app.status();
  expect(cost.samplingIntervalMicros).toBeGreaterThan(2_000);
  expect(cost.overheadRatio).toBeGreaterThan(0.001);
  expect(seenMs).toBeGreaterThan(3500 * 0.7);
  expect(seenMs).toBeLessThan(3500 * 1.1);
});

test('the default interval stays as it is', async () => {
  app = await SentryApp.start({ dsn: sink.dsn, init: TRACE, profiling: { chunkDurationMs: 1_000 } });
  await app.call('hold', 'root');
  for (let i = 0; i < 44; i++) await app.call('burn', 50);
  await app.call('flush');
  expect(new Set(intervals())).toEqual(new Set([10_101]));
  expect((await app.status()).cost.overheadRatio).toBeLessThan(0.03);
});
