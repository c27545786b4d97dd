import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NextConfig } from 'next';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostTarget } from '../../native/target.ts';
import { copyEngine } from '../../plugin/copy-engine.ts';
import { deliver } from '../../plugin/deliver.ts';
import { type PluginOptions, withProfiling } from '../../plugin/index.ts';

const HOST = hostTarget();
const BINARY = `next-profiling-${HOST}.node`;
const PREBUILDS = join(import.meta.dirname, '../../prebuilds');

let projectDir: string;
let distDir: string;

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'next-profiling-'));
  distDir = join(projectDir, 'build', 'out');
  mkdirSync(distDir, { recursive: true });
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(projectDir, { recursive: true });
});

/** Does what Next does once a build is compiled. */
const compiled = (config: NextConfig = {}, options?: PluginOptions): Promise<void> | undefined =>
  withProfiling(config, options).compiler?.runAfterProductionCompile?.({ projectDir, distDir });

const delivered = (): string[] => readdirSync(join(distDir, 'next-profiling')).sort();

function writeTrace(path: string, trace: object): void {
  mkdirSync(dirname(join(distDir, path)), { recursive: true });
  writeFileSync(join(distDir, path), JSON.stringify(trace));
}
const readTrace = (path: string) => JSON.parse(readFileSync(join(distDir, path), 'utf8'));

const TRACE = 'server/instrumentation.js.nft.json';
const turbopackTrace = {
  files: ['chunks/a.js', '../node_modules/x-0123456789abcdef'],
  fileHashes: ['541bb65bc4e6b3967930b7dbb931b006', '60d4217e4006578ce5d8f7ee693d6cd6'],
  symlinks: [[1, '../../node_modules/x']],
  version: 1,
  entryHash: '4fd1f3d6bf043241687139d84384e669',
};

test('puts the engine and exactly the host’s binary beside the server output', async () => {
  await compiled();
  expect(delivered()).toEqual(['engine.cjs', BINARY]);
});

test('a binary of an earlier build does not stay', async () => {
  mkdirSync(join(distDir, 'next-profiling'));
  writeFileSync(join(distDir, 'next-profiling', 'next-profiling-darwin-x64.node'), 'old');
  await compiled({}, { target: HOST as never });
  expect(delivered()).toEqual(['engine.cjs', BINARY]);
});

test('the trace of instrumentation lists both, hashes stay parallel, and the rest is untouched', async () => {
  writeTrace(TRACE, turbopackTrace);
  await compiled();
  const { files, fileHashes, ...rest } = readTrace(TRACE);
  expect(files).toEqual([...turbopackTrace.files, '../next-profiling/engine.cjs', `../next-profiling/${BINARY}`]);
  for (const file of files.slice(2)) expect(existsSync(join(distDir, 'server', file))).toBe(true);
  expect(fileHashes.slice(0, 2)).toEqual(turbopackTrace.fileHashes);
  expect(fileHashes.slice(2)).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
  ]);
  expect(rest).toEqual({ symlinks: turbopackTrace.symlinks, version: 1, entryHash: turbopackTrace.entryHash });
  expect(console.warn).not.toHaveBeenCalled();
});

test('a trace that was patched before is not patched twice', async () => {
  writeTrace(TRACE, turbopackTrace);
  await compiled();
  const once = readTrace(TRACE);
  await compiled();
  expect(readTrace(TRACE)).toEqual(once);
});

test('webpack’s traces have no hashes and get none', async () => {
  writeTrace(TRACE, { version: 1, files: ['webpack-runtime.js'] });
  await compiled();
  expect(readTrace(TRACE)).toEqual({
    version: 1,
    files: ['webpack-runtime.js', '../next-profiling/engine.cjs', `../next-profiling/${BINARY}`],
  });
});

test('without an instrumentation file every route’s trace gets both, and one warning says what is missing', async () => {
  const routes = ['server/app/api/busy/route.js.nft.json', 'server/pages/api/legacy.js.nft.json'];
  for (const route of routes) writeTrace(route, { version: 1, files: [] });
  await compiled();
  for (const route of routes) {
    const { files } = readTrace(route);
    expect(files).toHaveLength(2);
    for (const file of files) expect(existsSync(join(distDir, dirname(route), file))).toBe(true);
  }
  expect(console.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no instrumentation file'));
});

test('one printed line says what was copied, for which target, how many bytes and where', async () => {
  writeTrace(TRACE, turbopackTrace);
  await compiled();
  const bytes = delivered().reduce((sum, name) => sum + statSync(join(distDir, 'next-profiling', name)).size, 0);
  const where = join('build', 'out');
  expect(console.log).toHaveBeenCalledExactlyOnceWith(
    `[next-profiling] copied the engine and the binary for ${HOST} (${bytes} bytes) to ${where}/next-profiling`,
  );
});

test('a target whose binary is missing fails the build, names those there are, and writes nothing', async () => {
  const packageFolder = join(projectDir, 'package');
  mkdirSync(join(packageFolder, 'prebuilds'), { recursive: true });
  cpSync(join(PREBUILDS, '..', 'dist', 'engine.cjs'), join(packageFolder, 'dist', 'engine.cjs'));
  cpSync(join(PREBUILDS, BINARY), join(packageFolder, 'prebuilds', BINARY));
  const missing = HOST === 'linux-arm64-musl' ? 'linux-x64-musl' : 'linux-arm64-musl';
  await expect(copyEngine(distDir, [HOST, missing], packageFolder)).rejects.toThrow(
    new RegExp(`no binary for target '${missing}' in .*prebuilds; found: ${HOST}; .*'target' option`),
  );
  expect(existsSync(join(distDir, 'next-profiling'))).toBe(false);
});

test('a target that no binary is published for gets the engine alone, and the printed line says so', async () => {
  writeTrace(TRACE, turbopackTrace);
  // As the platform that builds; to name it would be an error.
  await deliver({ projectDir, distDir }, { targets: ['freebsd-x64'], instrument: true, readableFrames: false });
  expect(delivered()).toEqual(['engine.cjs']);
  expect(console.log).toHaveBeenCalledExactlyOnceWith(
    expect.stringContaining('copied the engine, which profiles through node:inspector on freebsd-x64 ('),
  );
});

test('the user’s own hook runs first, and ours not at all if it fails', async () => {
  const seen: boolean[] = [];
  const config = (fails: boolean): NextConfig => ({
    compiler: {
      runAfterProductionCompile: async (build) => {
        seen.push(build.distDir === distDir && existsSync(join(distDir, 'next-profiling')));
        if (fails) throw new Error('upload failed');
      },
    },
  });
  await expect(compiled(config(true))).rejects.toThrow('upload failed');
  expect(existsSync(join(distDir, 'next-profiling'))).toBe(false);
  await compiled(config(false));
  expect(seen).toEqual([false, false]);
  expect(delivered()).toHaveLength(2);
});

test('a static export has no server: says so in one line and copies nothing', async () => {
  await compiled({ output: 'export' });
  expect(existsSync(join(distDir, 'next-profiling'))).toBe(false);
  expect(console.log).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("output is 'export'"));
});
