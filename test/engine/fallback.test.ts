import { beforeEach, describe, expect, test } from 'vitest';
import { sampleWeights } from '../../src/profile/sample-weights.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { nodeBinary, SUPPORTED_NODE_VERSIONS } from '../node-versions.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { type AppOptions, SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
const NO_BINARY = { SENTRY_PROFILER_BINARY_PATH: '/nowhere/next-profiling.node' };

let app: SentryApp;

async function start(options: AppOptions = {}): Promise<void> {
  app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, env: NO_BINARY, ...options }));
}

describe.each(SUPPORTED_NODE_VERSIONS)('without a binary, on Node %s,', (version) => {
  beforeEach(() => start({ nodeBinary: nodeBinary(version), profiling: { idleTimeoutMs: 50 } }));

  test('a request is profiled as the addon would have it, but for its span', async () => {
    // Code that is new when it is first sampled may lack its name.
    await app.call('burn', 50);
    await app.call('request', 200);
    await app.call('flush');
    const [payload = ''] = sink.payloads('profile_chunk');
    expect(validateChunk(payload, 'node')).toMatchObject({ ok: true, droppedSamples: 0 });
    const [chunk] = sink.chunks;
    expect(chunk?.next_profiling).toMatchObject({ binding: 'inspector', sampling_interval_us: 10_101 });
    expect(chunk?.profile.frames.filter((frame) => frame.function === 'hotFunction')).toEqual([
      {
        function: 'hotFunction',
        module: expect.stringMatching(/fixtures:hot-function$/),
        filename: expect.stringMatching(/fixtures\/hot-function\.cjs$/),
        abs_path: expect.stringMatching(/^\/.*\/hot-function\.cjs$/),
        lineno: 3,
        colno: 21,
        in_app: true,
      },
    ]);
    expect(chunk?.profile.frames.map((frame) => frame.function)).not.toContain('(root)');
    const frames = chunk?.profile.frames.map((frame) => JSON.stringify(frame));
    expect(new Set(frames).size).toBe(frames?.length);
  });

  test('says so once, in the log and in its status, with the price', async () => {
    await app.call('child');
    const status = await app.status();
    expect(status).toMatchObject({ state: 'fallback', binding: null, lifecycle: 'trace' });
    expect(status.reason).toMatch(
      /nowhere.*\(NP_BINARY\); profiles through node:inspector instead, which samples an idle/,
    );
    expect(status.attribution).toMatchObject({ enabled: false, reason: expect.stringContaining('node:inspector') });
    expect(app.ourLines).toEqual([expect.stringContaining(status.reason)]);
  });

  test('work weighs what it took, and the silence between requests nothing', async () => {
    await app.call('requests', 6, 60, 120);
    await app.call('flush');
    const busyMs = sink.chunks.flatMap(({ profile }) => {
      const weights = sampleWeights(profile.samples);
      return profile.samples.map((sample, index) =>
        profile.stacks[sample.stack_id]?.length ? (weights[index] ?? 0) : 0,
      );
    });
    const sumMs = busyMs.reduce((sum, micros) => sum + micros, 0) / 1000;
    expect(sumMs).toBeGreaterThan(6 * 60 * 0.75);
    expect(sumMs).toBeLessThan(6 * 60 * 1.5);
    // Sessions end between requests; the next chunk does not hold what the one before had.
    expect(sink.chunks.length).toBeGreaterThan(2);
  });

  test('ends in the middle of a chunk as without us', async () => {
    await app.call('hold', 'root');
    await app.call('burn', 20);
    expect(await app.endBy({ call: 'exit', args: [7] })).toBe('code 7');
  });
});

test('the manual lifecycle works through the inspector, too', async () => {
  await start({ init: { ...TRACE, profileLifecycle: 'manual' } });
  await app.call('startProfiler');
  expect((await app.status()).profilerId).toMatch(/^[0-9a-f]{32}$/);
  await app.call('burn', 60);
  await app.call('stopProfiler');
  await sink.until(({ chunks }) => chunks.length === 1, 'the chunk');
  expect(sink.chunks[0]?.profile.frames.map((frame) => frame.function)).toContain('hotFunction');
});

test("an app's own console.profileEnd() costs one chunk, where it ends ours", async () => {
  // Later ones end only what has no title.
  await start({ nodeBinary: nodeBinary('20.20.2') });
  await app.call('request', 100);
  await app.call('endConsoleProfile');
  await app.call('flush');
  expect(sink.chunks).toHaveLength(0);
  await app.call('request', 100);
  await app.call('flush');
  await app.call('request', 100);
  await app.call('flush');
  expect(sink.chunks.length).toBeGreaterThan(0);
  expect(app.ourLines).toContainEqual(expect.stringContaining('somebody else has ended the profile'));
});

test('no later start of a warm process costs what the first one did', async () => {
  await start({ profiling: { idleTimeoutMs: 0 } });
  await app.call('requests', 20, 5, 40);
  const { counters, cost } = await app.status();
  expect(counters.sessionsStarted).toBeGreaterThan(5);
  expect(cost.maxStallMs).toBeLessThan(100);
});

test('where the inspector is not allowed either, the app runs without profiles and says both', async () => {
  const execArgv = ['--permission', '--allow-fs-read=*'];
  await start({ init: { ...TRACE, defaultIntegrations: false }, env: {}, execArgv });
  expect(await app.call('request', 5)).toBeTypeOf('number');
  const { state, reason } = await app.status();
  expect(state).toBe('disabled');
  expect(reason).toMatch(/--allow-addons.*; nor can it profile through node:inspector: .*--allow-inspector/);
  expect(app.ourLines).toEqual([expect.stringContaining(reason)]);
});
