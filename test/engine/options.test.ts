import { afterEach, expect, test } from 'vitest';
import { type AppOptions, SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

let app: SentryApp | undefined;
afterEach(() => app?.stop());

async function linesOf(options: AppOptions): Promise<string[]> {
  app = await SentryApp.start({ init: TRACE, ...options });
  await app.call('burn', 1);
  return app.ourLines;
}

test.each([
  ['samplingIntervalMicros', 0, 'an integer from 100 to 1000000'],
  ['samplingIntervalMicros', '10101', 'an integer from 100 to 1000000'],
  ['chunkDurationMs', 60_001, 'an integer from 1000 to 60000'],
  ['maxSpanDurationMs', 1.5, 'an integer from 1000 to 86400000'],
  ['idleTimeoutMs', -1, 'an integer from 0 to 60000'],
  ['attribution', 'on', "'auto' or 'off'; the default 'auto' is used"],
  ['lanes', 'false', 'true or false; the default true is used'],
])('says what is wrong with %s: %j, and profiles with the default', async (option, value, allowed) => {
  const lines = await linesOf({ profiling: { [option]: value } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`option '${option}' is ${typeof value === 'string' ? `'${value}'` : value}`);
  expect(lines[0]).toContain(allowed);
  expect((await app?.status())?.state).toBe('idle');
});

test('names an unknown option and the known ones', async () => {
  const lines = await linesOf({ profiling: { interval: 5 } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("unknown option 'interval'; known options: samplingIntervalMicros, chunkDurationMs");
});

test.each([
  [{ profileLifecycle: 'always' }, "'profileLifecycle' is 'always'; allowed: 'manual' or 'trace'"],
  [{ profileSessionSampleRate: 2 }, "'profileSessionSampleRate' is 2; allowed: a number from 0 to 1"],
  [{ profileSessionSampleRate: '1' }, "'profileSessionSampleRate' is '1'; allowed: a number from 0 to 1"],
  [{ profilesSampleRate: 1 }, "'profilesSampleRate' is 1"],
])('says what is wrong with Sentry.init(%j)', async (init, message) => {
  const lines = await linesOf({ init: { ...TRACE, ...init } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(message);
});

test.each([
  ['NEXT_PROFILING', 'no', "allowed: 'on' or 'off' or 'sampled'; it counts as 'on'"],
  ['SENTRY_PROFILER_LOGGING_MODE', 'EAGER', "allowed: 'eager' or 'lazy'; it counts as 'eager'"],
])('says what is wrong with %s=%s, and goes on', async (variable, value, message) => {
  const lines = await linesOf({ env: { [variable]: value } });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`${variable} is '${value}'; ${message}`);
  expect((await app?.status())?.state).toBe('idle');
});

test('NEXT_PROFILING=off disables everything', async () => {
  expect(await linesOf({ env: { NEXT_PROFILING: 'off' } })).toEqual([]);
  await app?.call('child');
  expect(await app?.status()).toMatchObject({ state: 'disabled', reason: 'NEXT_PROFILING is off', binding: null });
});

test('SENTRY_PROFILER_LOGGING_MODE=lazy profiles, too', async () => {
  await linesOf({ env: { SENTRY_PROFILER_LOGGING_MODE: 'lazy' } });
  await app?.call('hold', 'root');
  await app?.call('burn', 60);
  expect((await app?.status())?.state).toBe('profiling');
});
