import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import { hostTarget } from '../../native/target.ts';
import { type AppOptions, SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
const name = binaryName(hostTarget());
const prebuilt = join(import.meta.dirname, '..', '..', 'prebuilds', name);

let folder: string;
let app: SentryApp | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'next-profiling-'));
});
afterEach(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true });
});

async function start(env: AppOptions['env']): Promise<SentryApp> {
  app = await SentryApp.start({ init: TRACE, ...(env && { env }) });
  return app;
}

/** The app works, and one line says why it does so without the addon. */
async function expectFallback(app: SentryApp, message: RegExp): Promise<void> {
  expect(await app.call('request', 5)).toBeTypeOf('number');
  expect(app.ourLines).toHaveLength(1);
  expect(app.ourLines[0]).toMatch(message);
  const status = await app.status();
  expect(status).toMatchObject({ state: 'fallback', binding: null });
  expect(app.ourLines[0]).toContain(status.reason);
}

test('SENTRY_PROFILER_BINARY_PATH names the file', async () => {
  const file = join(folder, 'renamed.node');
  copyFileSync(prebuilt, file);
  const { binding } = await (await start({ SENTRY_PROFILER_BINARY_PATH: file })).status();
  expect(binding).toEqual({ file, target: hostTarget() });
});

test('SENTRY_PROFILER_BINARY_DIR names the folder', async () => {
  copyFileSync(prebuilt, join(folder, name));
  const { binding } = await (await start({ SENTRY_PROFILER_BINARY_DIR: `${folder}/` })).status();
  expect(binding?.file).toBe(join(folder, name));
});

test('an app whose binary is missing runs without the addon and says where it was looked for', async () => {
  const app = await start({ SENTRY_PROFILER_BINARY_PATH: join(folder, 'gone.node') });
  await expectFallback(
    app,
    /no usable binary for .*gone\.node \(not found\).*SENTRY_PROFILER_BINARY_PATH \(NP_BINARY\)/,
  );
});

test('an app with a binary for another platform says what it found and how to build for this one', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  copyFileSync(prebuilt, join(folder, 'elsewhere', 'next-profiling-win32-x64.node'));
  const app = await start({ SENTRY_PROFILER_BINARY_DIR: join(folder, 'elsewhere') });
  await expectFallback(app, new RegExp(`${name} \\(not found\\)`));
});

test.each([10, 100, 4096, 60_000])(
  'an app whose binary is cut off after %i bytes runs without the addon',
  async (bytes) => {
    const file = join(folder, name);
    copyFileSync(prebuilt, file);
    truncateSync(file, bytes);
    await expectFallback(await start({ SENTRY_PROFILER_BINARY_DIR: folder }), /truncated|not an ELF file/);
  },
);

test('an app whose binary is of another architecture runs without the addon', async () => {
  const file = join(folder, name);
  const bytes = readFileSync(prebuilt);
  bytes.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 0x12);
  writeFileSync(file, bytes);
  await expectFallback(await start({ SENTRY_PROFILER_BINARY_DIR: folder }), /ELF machine \d+, this process is/);
});

test('an app whose binary is no library at all runs without the addon', async () => {
  writeFileSync(join(folder, name), 'hello '.repeat(100));
  await expectFallback(await start({ SENTRY_PROFILER_BINARY_DIR: folder }), /not an ELF file/);
});

test('--no-addons leaves the app running without the addon', async () => {
  app = await SentryApp.start({ init: TRACE, execArgv: ['--no-addons'] });
  await expectFallback(app, /addons is disabled.*; start Node without --no-addons, or with --allow-addons beside/);
});

test.each([
  ['--permission', '--allow-fs-read=*'],
  ['--disable-proto=throw'],
  ['--disable-proto=delete'],
  ['--disallow-code-generation-from-strings'],
])('an app under %s %s works, and says at most one line', async (...execArgv) => {
  app = await SentryApp.start({ init: { ...TRACE, defaultIntegrations: false }, execArgv });
  expect(await app.call('request', 5)).toBeTypeOf('number');
  const { state, reason } = await app.status();
  if (state !== 'disabled') expect(app.ourLines).toEqual([]);
  else expect(app.ourLines).toEqual([expect.stringContaining(reason)]);
  expect(state).toBe(execArgv.includes('--permission') ? 'disabled' : 'profiling');
});
