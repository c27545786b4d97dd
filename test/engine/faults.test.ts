import { expect, test } from 'vitest';
import { brokenRules } from '../../e2e/relay-rules.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { type AppOptions, SentryApp } from '../sentry-app.ts';
import type { Fault } from '../sink.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
/** As many as the profiler hands to a transport that does not answer. */
const MOST_HELD = 8;

let app: SentryApp;

/** An app in a long request, so that each flush is a chunk. */
async function start(options: AppOptions = {}): Promise<void> {
  app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, ...options }));
  await app.call('hold', 'root');
}

/** Cuts chunks that have something to say, without waiting for Sentry. */
async function cutChunks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await app.call('burn', 110);
    await app.call('flush', 1);
  }
}

/** Waits until every chunk but the running one, and `held`, is sent or counted as dropped, and returns the counters. */
async function settled(held = 0) {
  for (;;) {
    const { counters, cost } = await app.status();
    const dropped = Object.values(counters.chunksDropped).reduce((sum, count) => sum + count, 0);
    if (counters.chunksSent + dropped + held === counters.chunksStarted - 1) return { ...counters, cost };
    await app.call('wait', 20);
  }
}

const FAULTS: [name: string, fault: Fault, reason: string][] = [
  ['answers 503', { status: 503 }, 'send_failed'],
  ['answers 413', { status: 413 }, 'too_large'],
  ['resets the connection', 'reset', 'held_back'],
];

test.each(FAULTS)(
  'what is lost while Sentry %s is counted, and the first chunk that is sent after it tells of it',
  async (_name, fault, reason) => {
    const startedAt = Date.now() / 1000;
    await start();
    sink.fault = fault;
    await cutChunks(3);
    expect(await settled()).toMatchObject({ chunksSent: 0, chunksDropped: { [reason]: 3 } });
    sink.fault = null;
    await cutChunks(2);
    expect(await settled()).toMatchObject({ chunksSent: 2, chunksDropped: { [reason]: 3 } });
    expect(sink.chunks).toHaveLength(2);
    const [first, second] = sink.chunks;
    const dropped = first?.next_profiling?.dropped ?? [];
    expect(dropped).toEqual([
      { reason, chunks: 3, samples: expect.any(Number), start: expect.any(Number), end: expect.any(Number) },
    ]);
    expect(dropped[0]?.samples).toBeGreaterThan(10);
    expect(dropped[0]?.start).toBeGreaterThanOrEqual(startedAt);
    expect(dropped[0]?.end).toBeGreaterThan(dropped[0]?.start ?? 0);
    expect(dropped[0]?.end).toBeLessThan(first?.profile.samples[0]?.timestamp ?? 0);
    expect(second?.next_profiling).not.toHaveProperty('dropped');
    for (const { header, payload } of sink.items.filter((item) => item.header.type === 'profile_chunk')) {
      expect(brokenRules(header, JSON.parse(payload))).toEqual([]);
    }
  },
);

test.each([
  ['profile_chunk', '60:profile_chunk:organization'],
  ['profile, as the SDK calls it', '60:transaction;profile:organization'],
  ['everything', '60::organization'],
])('nothing is sent while Sentry limits %s', async (_name, limits) => {
  await start();
  sink.fault = { status: 429, headers: { 'x-sentry-rate-limits': limits } };
  await cutChunks(1);
  await settled();
  sink.fault = null;
  const { requests } = sink;
  await cutChunks(3);
  expect(await settled()).toMatchObject({ chunksSent: 0, chunksDropped: { rate_limited: 4 } });
  expect(sink.chunks).toEqual([]);
  expect(sink.requests).toBe(requests);
});

test('a limit on something else is none on profiles', async () => {
  await start();
  sink.fault = { status: 200, headers: { 'x-sentry-rate-limits': '60:error;session:organization' } };
  await cutChunks(1);
  sink.fault = null;
  await cutChunks(2);
  expect(await settled()).toMatchObject({ chunksSent: 3, chunksDropped: {} });
});

test('a limit ends when its time is over', async () => {
  await start();
  sink.fault = { status: 429, headers: { 'retry-after': '1' } };
  await cutChunks(1);
  await settled();
  sink.fault = null;
  await app.call('wait', 1_100);
  await cutChunks(1);
  expect(await settled()).toMatchObject({ chunksSent: 1, chunksDropped: { rate_limited: 1 } });
});

test('a Sentry that never answers is handed no more than a few chunks', async () => {
  await start();
  sink.fault = 'hang';
  await cutChunks(MOST_HELD + 4);
  const { chunksSent, chunksDropped, cost } = await settled(MOST_HELD);
  expect({ chunksSent, chunksDropped }).toEqual({ chunksSent: 0, chunksDropped: { queue_full: 4 } });
  expect(cost.bytesHeld).toBeGreaterThan(0);
  expect(cost.bytesHeld).toBeLessThan(16 * 1024 * 1024);
});
