import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import { executableProblem } from '../../native/binary-check.ts';
import { frameOf } from '../../native/inspector/frame-of.ts';
import { hostTarget } from '../../native/target.ts';
import { framePath } from '../../src/profile/frame-kind.ts';
import type { Frame } from '../../src/profile/types.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('a script of Windows', () => {
  const frames: Frame[] = JSON.parse(
    execFileSync(process.execPath, [
      join(ROOT, 'test', 'fixtures', 'native-windows-paths.cjs'),
      join(ROOT, 'prebuilds', binaryName(hostTarget())),
    ]).toString(),
  );

  test.each<[string, Pick<Frame, 'filename' | 'module' | 'in_app'>]>([
    [
      'C:\\app\\.next\\server\\app\\page.js',
      { filename: '.next/server/app/page.js', module: 'next.server.app:page', in_app: true },
    ],
    ['file:///C:/app/lib/task.mjs', { filename: 'lib/task.mjs', module: 'lib:task', in_app: true }],
    [
      'C:\\app\\node_modules\\next\\dist\\server\\base-server.js',
      {
        filename: 'node_modules/next/dist/server/base-server.js',
        module: 'next.dist.server:base-server',
        in_app: false,
      },
    ],
    ['D:\\elsewhere\\worker.js', { filename: 'D:/elsewhere/worker.js', module: 'D:.elsewhere:worker', in_app: true }],
    [
      '\\\\server\\share\\app\\job.js',
      { filename: '//server/share/app/job.js', module: 'server.share.app:job', in_app: true },
    ],
    [
      'C:\\app\\.next\\next-profiling\\engine.cjs',
      { filename: '.next/next-profiling/engine.cjs', module: 'next.next-profiling:engine', in_app: false },
    ],
  ])('%s is named by its place in the app', (script, named) => {
    const frame = frames.find(({ abs_path }) => abs_path === script);
    expect(frame).toMatchObject(named);
    // Without a binary, too; there Node makes a path of a URL, which it does in its own platform's way.
    if (!script.startsWith('file:')) expect(frameOf('burn', script, 1, 15, 'C:\\app')).toEqual(frame);
  });

  test('is one file, by path or by URL', () => {
    expect(framePath({ function: 'f', abs_path: 'file:///C:/app/lib/task.mjs' })).toBe('C:/app/lib/task.mjs');
    expect(framePath({ function: 'f', abs_path: 'file:///srv/app/lib/task.mjs' })).toBe('/srv/app/lib/task.mjs');
  });
});

describe('an executable that has another name than node.exe', () => {
  test('is refused on Windows, where it would load a second Node', () => {
    expect(executableProblem('win32', 'C:\\app\\server.exe')).toMatch(/runs server\.exe/);
  });

  test.each([
    ['win32', 'C:\\Program Files\\nodejs\\node.exe'],
    ['win32', 'C:\\nodejs\\NODE.EXE'],
    ['linux', '/opt/app/server'],
  ])('is none of our business on %s for %s', (platform, executable) => {
    expect(executableProblem(platform, executable)).toBeUndefined();
  });
});
