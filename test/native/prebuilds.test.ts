import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import { cachedBinary } from '../../native/prebuild/build-target.ts';
import { MOST_BYTES_TOGETHER, nodeApiOf, problemsOf } from '../../native/prebuild/check-prebuild.ts';
import { readLibrary } from '../../native/prebuild/library-file.ts';
import { PREBUILT_TARGETS } from '../../native/prebuild/recipe.ts';
import type { Target } from '../../native/target.ts';
import { FOREIGN_NODES, foreignNode } from '../foreign-nodes.ts';
import { namesLookedUp } from '../names-looked-up.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const fileOf = (target: Target): string => join(ROOT, 'prebuilds', binaryName(target));
const read = (target: Target): Buffer => readFileSync(fileOf(target));
const isBuilt = (target: Target): boolean =>
  [fileOf(target), cachedBinary(target)].every((file) => existsSync(file)) &&
  read(target).equals(readFileSync(cachedBinary(target)));
/** `npm run prebuild` makes them from the present sources; a run of all tests does not do without. */
const areBuilt = PREBUILT_TARGETS.every(isBuilt);
const isAll = process.env.NEXT_PROFILING_ALL === '1';

describe.skipIf(!areBuilt && !isAll)('the prebuilt binaries', () => {
  test.each(PREBUILT_TARGETS)('%s: right format, machine, C library, exports and size', (target) => {
    expect(problemsOf(read(target), target)).toEqual([]);
  });

  test('are small together', () => {
    const bytes = PREBUILT_TARGETS.reduce((sum, target) => sum + statSync(fileOf(target)).size, 0);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES_TOGETHER);
  });

  test.each<[string, Target, (bytes: Buffer) => Buffer, RegExp]>([
    ['one for another machine', 'linux-arm64-glibc', () => read('linux-x64-glibc'), /architecture x64/],
    ['one for another system', 'darwin-arm64', () => read('linux-arm64-glibc'), /format elf/],
    ['one for another Windows', 'win32-x64', () => read('win32-arm64'), /architecture arm64/],
    [
      'Node under another name',
      'win32-x64',
      replacing('node.exe', 'nope.exe'),
      /needs nope\.exe.*napi_\w+ in nope\.exe/,
    ],
    ['half a file for Windows', 'win32-arm64', (bytes) => bytes.subarray(0, bytes.length / 2), /truncated/],
    ['one for musl', 'linux-x64-glibc', () => read('linux-x64-musl'), /needs libc\.so/],
    ['one for glibc', 'linux-x64-musl', () => read('linux-x64-glibc'), /needs .*libc\.so\.6.*versions of glibc/],
    ['a newer glibc', 'linux-x64-glibc', replacing('GLIBC_2.14', 'GLIBC_2.34'), /needs GLIBC_2\.34/],
    [
      'a C++ runtime',
      'linux-arm64-glibc',
      replacing('napi_throw', '_Znwm\0\0\0\0\0'),
      /C\+\+ symbols to others: _Znwm/,
    ],
    ['no entry', 'darwin-x64', replacing('napi_register_module_v1', 'napi_register_module_v9'), /no entry for Node/],
    ['half a file', 'linux-x64-musl', (bytes) => bytes.subarray(0, bytes.length / 2), /truncated/],
    ['no library', 'linux-x64-musl', () => Buffer.from('hello '.repeat(100)), /neither ELF, Mach-O nor PE/],
    ['too much', 'linux-x64-glibc', (bytes) => Buffer.concat([bytes, Buffer.alloc(1 << 18)]), /bytes, more than/],
  ])('with %s do not pass', (_, target, breakIt, problem) => {
    expect(problemsOf(breakIt(read(target)), target).join('; ')).toMatch(problem);
  });

  describe.skipIf(!isAll).each(FOREIGN_NODES)('on $package $version', (node) => {
    test.each(node.targets)('%s finds every function of Node-API and of V8 there', (target) => {
      const { exports } = readLibrary(readFileSync(foreignNode(node)));
      const names = [...nodeApiOf(readLibrary(read(target))), ...namesLookedUp(target, node.version)];
      expect(names.length).toBeGreaterThan(55);
      expect(names.filter((name) => !exports.has(name))).toEqual([]);
      // The check is one that can fail.
      expect(exports.has('napi_invented')).toBe(false);
    });
  });

  // One of each linker.
  test.skipIf(!isAll)(
    'are the same bytes when built again, in another folder',
    () => {
      const targets: Target[] = ['linux-x64-glibc', 'darwin-arm64', 'win32-x64'];
      const folder = mkdtempSync(join(tmpdir(), 'next-profiling-clone-'));
      try {
        cpSync(join(ROOT, 'native'), join(folder, 'native'), { recursive: true });
        cpSync(join(ROOT, 'src', 'errors.ts'), join(folder, 'src', 'errors.ts'));
        mkdirSync(join(folder, '.cache'));
        for (const shared of ['node_modules', '.cache/zig']) symlinkSync(join(ROOT, shared), join(folder, shared));
        execFileSync(process.execPath, [join(folder, 'native', 'prebuild', 'build-all.ts'), ...targets]);
        for (const target of targets) {
          const again = readFileSync(join(folder, 'prebuilds', binaryName(target)));
          expect(again.equals(read(target)), target).toBe(true);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    300_000,
  );
});

function replacing(text: string, other: string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const changed = bytes.toString('latin1').replaceAll(text, other);
    expect(changed).toHaveLength(bytes.length);
    return Buffer.from(changed, 'latin1');
  };
}
