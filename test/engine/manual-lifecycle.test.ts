import { expect, test } from 'vitest';
import { sink, untilTestEnds } from '../per-test.ts';
import { type AppOptions, SentryApp } from '../sentry-app.ts';

const MANUAL = { tracesSampleRate: 1, profileSessionSampleRate: 1 };

let app: SentryApp;

async function start(options: AppOptions = {}): Promise<void> {
  app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: MANUAL, ...options }));
}

const functions = (): (string | undefined)[] =>
  sink.chunks.flatMap((chunk) => chunk.profile.frames.map((frame) => frame.function));

test('manual is the default: requests alone start nothing', async () => {
  await start();
  await app.call('child');
  expect(await app.status()).toMatchObject({ state: 'idle', lifecycle: 'manual' });
});

test.each([
  ['our profiler', 'startProfiler', 'stopProfiler'],
  ['Sentry.profiler', 'sentryStartProfiler', 'sentryStopProfiler'],
])('%s starts and stops a session', async (_name, startCall, stopCall) => {
  await start();
  await app.call(startCall);
  expect((await app.status()).state).toBe('profiling');
  await app.call('burn', 60);
  await app.call(stopCall);
  expect((await app.status()).state).toBe('idle');
  await sink.until(({ chunks }) => chunks.length === 1, 'the chunk');
  expect(functions()).toContain('hotFunction');
});

test('an error outside of a session is not linked to a profile', async () => {
  await start();
  await app.call('startProfiler');
  await app.call('burn', 30);
  await app.call('stopProfiler');
  await app.call('throwError');
  await app.call('flush');
  expect(JSON.parse(sink.payloads('event')[0] ?? 'null').contexts.profile).toBeUndefined();
  expect(sink.payloads('span').join('')).not.toContain('profiler_id');
});

test('under the trace lifecycle manual calls do nothing and say so once', async () => {
  await start({ init: { ...MANUAL, profileLifecycle: 'trace' } });
  await app.call('startProfiler');
  await app.call('startProfiler');
  expect((await app.status()).state).toBe('idle');
  expect(app.ourLines).toHaveLength(1);
  expect(app.ourLines[0]).toContain("startProfiler() does nothing: profileLifecycle is 'trace'");
});
