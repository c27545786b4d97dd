import { describe, expect, test } from 'vitest';
import { sampleCpu } from '../../src/profile/sample-weights.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { busyMs } from '../busy-ms.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { type AppOptions, SDKS, SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

let app: SentryApp;

async function start(options: AppOptions = {}): Promise<SentryApp> {
  app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, ...options }));
  return app;
}

/** Waits until the app's profiler does what is wanted. */
async function untilState(wanted: string): Promise<void> {
  for (;;) {
    if ((await app.status()).state === wanted) return;
    await app.call('wait', 20);
  }
}

describe.each(Object.entries(SDKS))('the trace lifecycle with %s', (_name, sdk) => {
  test('delivers a chunk that Relay accepts, and links spans to it', async () => {
    await start({ sdk });
    await app.call('child');
    await app.call('flush');
    const [payload = ''] = sink.payloads('profile_chunk');
    expect(validateChunk(payload, 'node')).toMatchObject({ ok: true });
    const [chunk] = sink.chunks;
    expect(chunk?.client_sdk?.name).toBe('sentry.javascript.nextjs');
    const spans = sink.payloads(sdk === SDKS['Sentry 11.1.0'] ? 'span' : 'transaction').join('');
    expect(spans).toContain(chunk?.profiler_id);
    expect(spans).toMatch(/"thread.id":(\{"value":)?"1001"/);
  });

  test('profiles only while a recording root span is alive, and a little longer', async () => {
    await start({ sdk, profiling: { idleTimeoutMs: 50 } });
    expect((await app.status()).state).toBe('idle');
    await app.call('hold', 'root');
    expect((await app.status()).state).toBe('profiling');
    await app.call('burn', 50);
    await app.call('end', 'root');
    await untilState('idle');
    await sink.until(({ chunks }) => chunks.length === 1, 'the chunk');
  });

  test('a signal of the profiler that comes late does not end the process', async () => {
    await start({ sdk, profiling: { idleTimeoutMs: 50 } });
    await app.call('child');
    await untilState('idle');
    process.kill(app.pid, 'SIGPROF');
    await app.call('wait', 20);
    expect((await app.status()).state).toBe('idle');
  });

  test('stops after the last request though half of the traces are not sampled', async () => {
    await start({ sdk, init: { ...TRACE, tracesSampleRate: 0.5 }, profiling: { idleTimeoutMs: 50 } });
    for (let i = 0; i < 40; i++) await app.call('child');
    await untilState('idle');
    const { counters } = await app.status();
    expect(counters.sessionsStarted).toBeGreaterThan(0);
  });

  test('a span that never ends stops holding the profiler at its maximum age', async () => {
    await start({ sdk, profiling: { idleTimeoutMs: 50, maxSpanDurationMs: 1000 } });
    await app.call('hold', 'forgotten');
    expect((await app.status()).state).toBe('profiling');
    await untilState('idle');
  });

  test.each([[0], [undefined]])('starts nothing at a session sample rate of %s', async (rate) => {
    const { profileSessionSampleRate: _, ...init } = TRACE;
    await start({ sdk, init: { ...init, ...(rate !== undefined && { profileSessionSampleRate: rate }) } });
    await app.call('child');
    expect((await app.status()).state).toBe('unsampled');
    const sigprof = 1n << 26n;
    expect(BigInt(`0x${await app.call('signalsCaught')}`) & sigprof).toBe(0n);
    expect(await app.call('mapped')).toBe(false);
    expect(app.ourLines).toHaveLength(rate === undefined ? 1 : 0);
  });

  test('sends the running chunk on close', async () => {
    await start({ sdk });
    await app.call('hold', 'root');
    await app.call('burn', 50);
    await app.call('close');
    expect(busyMs(sink.chunks, 'hotFunction')).toBeGreaterThan(20);
  });

  test('cuts a long session into chunks without losing what lies between', async () => {
    await start({ sdk, profiling: { chunkDurationMs: 1000 } });
    await app.call('hold', 'root');
    const { counters } = await app.status();
    expect(counters.chunksStarted).toBe(1);
    for (let i = 0; i < 50; i++) await app.call('burn', 50);
    await app.call('flush');
    const chunks = sink.chunks;
    expect(chunks.length).toBeGreaterThanOrEqual(3);
    expect(new Set(chunks.map((chunk) => chunk.profiler_id)).size).toBe(1);
    const total = busyMs(chunks, 'hotFunction');
    expect(total).toBeGreaterThan(2500 * 0.9);
    expect(total).toBeLessThan(2500 * 1.1);
  });
});

test('short requests with silence between them are seen at what they cost', async () => {
  await start();
  // Each is shorter than half an interval, and the sampler has gone to sleep before the next.
  const truthMs = await app.call('requests', 250, 5, 100);
  await app.call('flush');
  const seenMs = busyMs(sink.chunks, 'hotFunction', sampleCpu);
  expect(seenMs / truthMs).toBeGreaterThan(0.75);
  expect(seenMs / truthMs).toBeLessThan(1.25);
});

test('short requests, one right after another, are sampled no more often than was asked for', async () => {
  await start();
  await app.call('requests', 500, 2, 0);
  await app.call('flush');
  // Without those that only say that a thread fell silent.
  const times = sink.chunks.flatMap(({ profile: { samples, stacks } }) =>
    samples.filter(({ stack_id }) => stacks[stack_id]?.length !== 0).map(({ timestamp }) => timestamp * 1000),
  );
  const intervals = (Math.max(...times) - Math.min(...times)) / 10.101;
  expect(intervals).toBeGreaterThan(90);
  // The first of them are shorter.
  expect(times.length / intervals).toBeLessThan(1.3);
});

test('the CPU time of a process that serves now and then is in its samples, or said to be in none', async () => {
  await start();
  // What happens before the first request is over counts for the start of the process.
  await app.call('requests', 5, 5, 100);
  await app.call('flush');
  const before = sink.chunks.length;
  const atStart = await app.call('cpuSinceStart');
  await app.call('requests', 60, 5, 200);
  const atEnd = await app.call('cpuSinceStart');
  await app.call('flush');
  const seenMicros = sink.chunks.slice(before).reduce((sum, { profile, next_profiling }) => {
    const busy = profile.samples.map(({ stack_id }) => profile.stacks[stack_id]?.length !== 0);
    const sampled = next_profiling?.sample_cpu_us?.filter((_, index) => busy[index]) ?? [];
    return sampled.reduce((all, micros) => all + micros, sum + (next_profiling?.unsampled_cpu_us ?? 0));
  }, 0);
  const share = seenMicros / (atEnd.user + atEnd.system - atStart.user - atStart.system);
  expect(share).toBeGreaterThan(0.75);
  expect(share).toBeLessThan(1.25);
});

test('a function that burned 50 ms once in an idle minute weighs 50 ms', async () => {
  await start();
  await app.call('hold', 'root');
  await app.call('wait', 20_000);
  await app.call('burn', 50);
  await app.call('wait', 40_000);
  await app.call('flush');
  const weight = busyMs(sink.chunks, 'hotFunction');
  expect(weight).toBeGreaterThanOrEqual(35);
  expect(weight).toBeLessThanOrEqual(65);
});

test('an error captured while profiling carries the profile of its trace', async () => {
  await start();
  await app.call('throwError');
  await app.call('flush');
  const event = JSON.parse(sink.payloads('event')[0] ?? 'null');
  expect(event.contexts.profile.profiler_id).toMatch(/^[0-9a-f]{32}$/);
  expect(event.contexts.trace.data).toMatchObject({ 'thread.id': '1001', 'thread.name': 'main · lane 1' });
});

test.each(Object.entries(SDKS))(
  'errors and logs of requests in flight together carry their own trace, %s',
  async (_name, sdk) => {
    await start({ sdk, init: { ...TRACE, enableLogs: true } });
    await app.call('overlappingErrors', 4);
    await app.call('flush');
    const events = sink.payloads('event').map((payload) => JSON.parse(payload));
    expect(events).toHaveLength(4);
    const traces = new Set(events.map(({ contexts }) => contexts.trace.trace_id));
    const threads = new Set(events.map(({ contexts }) => contexts.trace.data['thread.id']));
    expect([traces.size, threads.size]).toEqual([4, 4]);
    const profilers = new Set(sink.chunks.map((chunk) => chunk.profiler_id));
    const spans = sink.payloads(sdk === SDKS['Sentry 11.1.0'] ? 'span' : 'transaction').join('');
    for (const { contexts } of events) {
      expect(profilers).toContain(contexts.profile.profiler_id);
      expect(spans).toContain(contexts.trace.trace_id);
    }
    // Each log has the trace of the error beside it.
    const logs = sink.payloads('log').flatMap((payload) => JSON.parse(payload).items);
    expect(logs).toHaveLength(4);
    for (const { body, trace_id } of logs) {
      const event = events.find(({ exception }) => exception.values[0].value === body.replace('log', 'error'));
      expect(trace_id).toBe(event.contexts.trace.trace_id);
    }
  },
);

test('a storm of flushes does not become a storm of chunks', async () => {
  await start();
  await app.call('hold', 'root');
  await app.call('flushes', 500);
  const { counters } = await app.status();
  expect(counters.chunksStarted).toBeLessThan(100);
});
