import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { libcOf } from '../../native/libc.ts';
import { hostTarget } from '../../native/target.ts';
import { NODE_VERSIONS, nodeBinary } from '../node-versions.ts';

const folder = mkdtempSync(join(tmpdir(), 'next-profiling-libc-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform !== 'linux')('the C library of an executable', () => {
  test.each(NODE_VERSIONS)('is glibc for Node %s of npm', (version) => {
    expect(libcOf(nodeBinary(version))).toBe('glibc');
  });

  test('is musl for one that names the loader of musl', () => {
    const file = join(folder, 'node-musl');
    const name = (loader: string): string => loader.padEnd(27, '\0');
    const bytes = readFileSync(nodeBinary(NODE_VERSIONS[0])).subarray(0, 4096).toString('latin1');
    const glibc = /\/lib(?:64)?\/ld-linux-[\w-]+\.so\.\d/.exec(bytes)?.[0] ?? '';
    writeFileSync(file, bytes.replace(name(glibc), name('/lib/ld-musl-x86_64.so.1')), 'latin1');
    expect(libcOf(file)).toBe('musl');
  });

  test.each([
    ['is cut off', (file: string) => truncateSync(file, 100)],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['is a script', (file: string) => writeFileSync(file, '#!/bin/sh\n'.repeat(100))],
    ['is not there', (file: string) => rmSync(file)],
  ])('is unknown if the file %s', (_, breakIt) => {
    const file = join(folder, 'node');
    copyFileSync(nodeBinary(NODE_VERSIONS[0]), file);
    breakIt(file);
    expect(libcOf(file)).toBeUndefined();
  });

  test('of this process is that of its loader', () => {
    const isMusl = existsSync('/proc/self/maps') && readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-');
    expect(hostTarget()).toBe(`linux-${process.arch}-${isMusl ? 'musl' : 'glibc'}`);
  });
});
