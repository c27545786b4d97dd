import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchPackage } from '../fetch-package.ts';

const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'runtimes');
const fixture = join(import.meta.dirname, '..', 'fixtures', 'other-runtime.mjs');
const sdk = createRequire(import.meta.url).resolve('@sentry/node');

const isAll = process.env.NEXT_PROFILING_ALL === '1' && process.platform === 'linux' && process.arch === 'x64';

test.skipIf(!isAll).each([
  ['@oven/bun-linux-x64-baseline@1.4.5', 'bin/bun', []],
  ['@deno/linux-x64-glibc@2.9.6', 'deno', ['run', '--allow-all', '--node-modules-dir=manual']],
])('an app on %s works, and one line says that it is not profiled, and why', (name, executable, args) => {
  const folder = join(CACHE, name.replaceAll('/', '+'));
  fetchPackage(name, folder, console.log);
  const runtime = spawnSync(join(folder, executable), [...args, fixture, sdk], { encoding: 'utf8', timeout: 60_000 });
  expect(runtime.stderr.split('\n').filter((line) => line.includes('[next-profiling]'))).toHaveLength(1);
  expect(runtime.status).toBe(0);
  const { answers, status } = JSON.parse(runtime.stdout.trim().split('\n').at(-1) ?? '');
  expect(answers).toEqual([0, 1, 2]);
  expect(status.state).toBe('disabled');
  expect(status.reason).toMatch(/does not export _ZN.*; nor can it profile through node:inspector/);
  expect(runtime.stderr).toContain(status.reason);
});
