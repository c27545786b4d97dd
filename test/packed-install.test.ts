import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { binaryName } from '../native/binary.ts';
import { hostTarget } from '../native/target.ts';
import { SentryApp } from './sentry-app.ts';

const ROOT = join(import.meta.dirname, '..');
const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'next-profiling-install-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the packed package installs without scripts, a compiler or a network, and profiles', async () => {
  const packed = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const [{ filename }] = JSON.parse(String(packed));

  // All that is on the path: Node and npm.
  const path = join(folder, 'bin');
  mkdirSync(path);
  symlinkSync(process.execPath, join(path, 'node'));
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  symlinkSync(realpathSync(npm), join(path, 'npm'));
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  const install = ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', join(folder, filename)];
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    PATH: path,
    HOME: folder,
    npm_config_registry: 'http://127.0.0.1:9',
    npm_config_cache: join(folder, 'cache'),
  };
  execFileSync(join(path, 'npm'), install, { cwd: app, env, stdio: 'pipe' });

  for (const name of ['sentry-app.mjs', 'hot-function.cjs'])
    cpSync(join(import.meta.dirname, 'fixtures', name), join(app, name));
  const running = await SentryApp.start({ folder: app, init: TRACE });
  try {
    await running.call('hold', 'root');
    const { state, binding } = await running.status();
    const prebuilds = join(app, 'node_modules', 'next-profiling', 'prebuilds');
    expect(state).toBe('profiling');
    expect(dirname(binding?.file ?? '')).toBe(prebuilds);
    expect(binding?.file).toBe(join(prebuilds, binaryName(hostTarget())));
    expect(running.ourLines).toEqual([]);
  } finally {
    await running.stop();
  }
});
