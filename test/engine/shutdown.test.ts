import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inMountNamespace, mountsCanChange } from '../../e2e/mount-namespace.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { busyMs } from '../busy-ms.ts';
import { type AppOptions, SDKS, SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
/** How much of the end may be missing. */
const LAST_MS = 100;

let sink: Sink;
let spoolDir: string;
/** Beside it: for a program. */
let binDir: string;
const apps: SentryApp[] = [];

beforeEach(async () => {
  sink = await Sink.listen();
  spoolDir = mkdtempSync(join(tmpdir(), 'next-profiling-spool-'));
  binDir = mkdtempSync(join(tmpdir(), 'next-profiling-bin-'));
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
  sink.close();
  for (const folder of [spoolDir, binDir]) rmSync(folder, { recursive: true, force: true });
});

async function start(options: AppOptions = {}): Promise<SentryApp> {
  const app = await SentryApp.start({ dsn: sink.dsn, init: TRACE, profiling: { spoolDir }, ...options });
  apps.push(app);
  return app;
}

/** Begins a chunk and is at work in it. Resolves to when that was over, Unix milliseconds. */
async function burnInChunk(app: SentryApp, ms: number): Promise<number> {
  await app.call('hold', 'root');
  return app.call('burnUntil', ms);
}

const spooled = (): string[] => readdirSync(spoolDir).filter((name) => name.endsWith('.envelope'));
const untilEmpty = (): Promise<void> => expect.poll(() => readdirSync(spoolDir), { timeout: 20_000 }).toEqual([]);

/** What was sent and not answered is sent again: with the id by which Sentry, and our store, know it. */
const onceEach = (chunks: ProfileChunk[]): ProfileChunk[] => [
  ...new Map(chunks.map((chunk) => [chunk.chunk_id, chunk])).values(),
];

/** Time of the last sample that shows a function, Unix milliseconds. */
function lastSeenMs(chunks: ProfileChunk[], name: string): number {
  const times = chunks.flatMap(({ profile }) =>
    profile.samples
      .filter(({ stack_id }) => profile.stacks[stack_id]?.some((frame) => profile.frames[frame]?.function === name))
      .map(({ timestamp }) => timestamp * 1000),
  );
  return Math.max(...times);
}

const ENDS = {
  'process.exit()': (app: SentryApp) => app.endBy({ call: 'exit', args: [7] }),
  'an uncaught exception': (app: SentryApp) => app.endBy({ call: 'throwUncaught' }),
  'SIGTERM, where the app exits at it': async (app: SentryApp) => {
    await app.call('exitOnSigterm', 143, 0);
    return app.endBy({ signal: 'SIGTERM' });
  },
};

describe.each(Object.entries(SDKS))('with %s', (_name, sdk) => {
  test.each(Object.entries(ENDS))('%s in the middle of a chunk leaves it to the next process', async (_way, end) => {
    const app = await start({ sdk });
    const burnedUntilMs = await burnInChunk(app, 500);
    const ending = await end(app);
    const without = await start({ sdk, env: { NEXT_PROFILING: 'off' } });
    expect(ending).toBe(await end(without));
    await start({ sdk });
    await untilEmpty();
    for (const payload of sink.payloads('profile_chunk')) {
      expect(validateChunk(payload, 'node')).toMatchObject({ ok: true });
    }
    expect(lastSeenMs(sink.chunks, 'hotFunction')).toBeGreaterThan(burnedUntilMs - LAST_MS);
    expect(busyMs(onceEach(sink.chunks), 'hotFunction')).toBeGreaterThan(250);
    expect(busyMs(onceEach(sink.chunks), 'hotFunction')).toBeLessThan(500 + LAST_MS);
  });

  test('a request that ended just before the end is there with its spans', async () => {
    const app = await start({ sdk });
    await app.call('child');
    // SDK 10 makes a transaction of a span some milliseconds after its end, and not where nothing is asynchronous.
    await app.call('wait', 50);
    await app.endBy({ call: 'exit', args: [0] });
    await start({ sdk });
    await sink.until(({ chunks }) => chunks.length === 1, 'the chunk');
    await untilEmpty();
    const spans = sink.payloads(sdk === SDKS['Sentry 11.1.0'] ? 'span' : 'transaction').join('');
    expect(spans).toContain('GET /parent');
    expect(spans).toContain(sink.chunks[0]?.profiler_id);
  });
});

test('an app that takes its time to end sends what there is before it does', async () => {
  const app = await start();
  await app.call('exitOnSigterm', 0, 500);
  const burnedUntilMs = await burnInChunk(app, 300);
  await app.call('end', 'root');
  expect(await app.endBy({ signal: 'SIGTERM' })).toBe('code 0');
  expect(lastSeenMs(sink.chunks, 'hotFunction')).toBeGreaterThan(burnedUntilMs - LAST_MS);
});

test('SIGTERM ends an app that does not listen for it at once, as without us', async () => {
  const app = await start();
  await burnInChunk(app, 50);
  expect(await app.endBy({ signal: 'SIGTERM' })).toBe('SIGTERM');
});

test('what was profiled without a binary is kept, too', async () => {
  const env = { SENTRY_PROFILER_BINARY_DIR: binDir };
  const app = await start({ env });
  await burnInChunk(app, 300);
  expect(await app.endBy({ call: 'exit', args: [7] })).toBe('code 7');
  await start();
  await sink.until(({ chunks }) => chunks.length > 0, 'the chunk');
  expect(busyMs(sink.chunks, 'hotFunction')).toBeGreaterThan(150);
});

test('nothing is kept without spoolDir', async () => {
  const app = await start({ profiling: {} });
  await burnInChunk(app, 50);
  await app.endBy({ call: 'exit', args: [0] });
  expect(spooled()).toEqual([]);
});

test('NEXT_PROFILING_SPOOL_DIR names another folder', async () => {
  const other = join(spoolDir, 'other');
  const app = await start({ env: { NEXT_PROFILING_SPOOL_DIR: other } });
  await burnInChunk(app, 50);
  await app.endBy({ call: 'exit', args: [0] });
  expect(readdirSync(other).length).toBeGreaterThan(0);
  expect(spooled()).toEqual([]);
});

test('of three processes that start at once, one sends what was left', async () => {
  const app = await start();
  await burnInChunk(app, 100);
  await app.endBy({ call: 'exit', args: [0] });
  await Promise.all([start(), start(), start()]);
  await sink.until(({ chunks }) => chunks.length > 0, 'the chunk');
  await untilEmpty();
  expect(sink.chunks).toHaveLength(1);
});

test('what Sentry does not take is left for the next process; what is damaged, for none', async () => {
  const app = await start();
  await burnInChunk(app, 100);
  await app.endBy({ call: 'exit', args: [0] });
  writeFileSync(join(spoolDir, `${Date.now() - 1000}-1-0.envelope`), '{"event_id":"cut o');
  const left = spooled().length;
  sink.fault = { status: 503 };
  const second = await start();
  await sink.until(({ requests }) => requests > 0, 'a request');
  await expect.poll(() => spooled().length).toBe(left - 1);
  await second.stop();
  sink.fault = null;
  await start();
  await sink.until(({ chunks }) => chunks.length === 1, 'the chunk');
  await untilEmpty();
});

test('a folder that cannot be written costs one line, and no other end', async () => {
  writeFileSync(join(spoolDir, 'a-file'), '');
  const app = await start({ profiling: { spoolDir: join(spoolDir, 'a-file', 'spool') } });
  await burnInChunk(app, 50);
  expect(await app.endBy({ call: 'exit', args: [3] })).toBe('code 3');
  expect(app.ourLines).toEqual([expect.stringMatching(/could not be kept in .*ENOTDIR/)]);
});

test.runIf(mountsCanChange())('a full disk costs one line, and no other end', async () => {
  const full = `mount -t tmpfs -o size=4k none "${spoolDir}" && head -c 4096 /dev/zero > "${spoolDir}/full"`;
  const program = join(binDir, 'node-on-a-full-disk');
  const quoted = inMountNamespace(full, [process.execPath]).map((word) => `'${word}'`);
  writeFileSync(program, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 });
  const app = await start({ nodeBinary: program });
  await burnInChunk(app, 50);
  expect(await app.endBy({ call: 'exit', args: [3] })).toBe('code 3');
  expect(app.ourLines).toEqual([expect.stringMatching(/could not be kept in .*ENOSPC/)]);
});

test('SIGKILL while the last chunk is written leaves nothing that is not whole', async () => {
  const app = await start();
  await burnInChunk(app, 100);
  const ended = app.endBy({ call: 'exit', args: [0] });
  await app.stop();
  await ended;
  for (const name of existsSync(spoolDir) ? readdirSync(spoolDir) : [])
    expect(name).toMatch(/\.(envelope|unfinished)$/);
  await start();
  await expect.poll(() => spooled(), { timeout: 20_000 }).toEqual([]);
  for (const payload of sink.payloads('profile_chunk'))
    expect(validateChunk(payload, 'node')).toMatchObject({ ok: true });
});
