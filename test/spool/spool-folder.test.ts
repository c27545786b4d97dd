import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SpoolFolder } from '../../src/spool/spool-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'next-profiling-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string | undefined => found && new TextDecoder().decode(found);

/** Claims and removes all that waits. */
function takeAll(spool: SpoolFolder): (string | undefined)[] {
  const taken = [];
  for (let claimed = spool.claim(); claimed; claimed = spool.claim()) {
    taken.push(text(claimed.bytes));
    claimed.remove();
  }
  return taken;
}

test('gives back what was written, oldest first, and makes its folder', () => {
  const spool = new SpoolFolder(join(folder, 'not', 'there', 'yet'));
  for (const each of ['one', 'two', 'three']) spool.write(bytes(each));
  expect(takeAll(spool)).toEqual(['one', 'two', 'three']);
  expect(readdirSync(spool.path)).toEqual([]);
});

test('what one process has claimed no other gets, until it is released', () => {
  const [mine, others] = [new SpoolFolder(folder), new SpoolFolder(folder)];
  mine.write(bytes('an envelope'));
  const claimed = mine.claim();
  expect(others.claim()).toBeUndefined();
  claimed?.release();
  expect(text(others.claim()?.bytes)).toBe('an envelope');
});

test('a folder that is not there, or cannot be read, holds nothing', () => {
  expect(new SpoolFolder(join(folder, 'missing')).claim()).toBeUndefined();
  writeFileSync(join(folder, 'a-file'), '');
  expect(new SpoolFolder(join(folder, 'a-file')).claim()).toBeUndefined();
});

test('leaves files and folders of others alone, and files that are not whole', () => {
  mkdirSync(join(folder, 'folder.envelope'));
  writeFileSync(join(folder, 'notes.txt'), '');
  writeFileSync(join(folder, `${Date.now()}-1-0.unfinished`), 'half an env');
  const spool = new SpoolFolder(folder);
  expect(spool.claim()).toBeUndefined();
  spool.write(bytes('whole'));
  expect(takeAll(spool)).toEqual(['whole']);
  expect(readdirSync(folder)).toHaveLength(3);
});

test('a folder that nobody reads stays within its bounds', () => {
  const spool = new SpoolFolder(folder);
  const dayOldMs = Date.now() - 25 * 60 * 60 * 1000;
  writeFileSync(join(folder, `${dayOldMs}-1-0.envelope`), 'yesterday');
  const megabyte = new Uint8Array(1024 * 1024);
  for (let i = 0; i < 40; i++) spool.write(megabyte);
  expect(readdirSync(folder)).toHaveLength(32);
  expect(spool.claim()?.bytes.byteLength).toBe(megabyte.byteLength);
});

test('a claim of a process that has died is given to another', () => {
  // Which time of the file counts is set by the kernel, so the clock is moved instead.
  const spool = new SpoolFolder(folder);
  spool.write(bytes('an envelope'));
  expect(spool.claim()).toBeDefined();
  expect(spool.claim()).toBeUndefined();
  const now = Date.now;
  Date.now = () => now() + 11 * 60 * 1000;
  try {
    expect(text(spool.claim()?.bytes)).toBe('an envelope');
  } finally {
    Date.now = now;
  }
});

test('says what the file system says, and leaves no half of a file', () => {
  writeFileSync(join(folder, 'a-file'), '');
  expect(() => new SpoolFolder(join(folder, 'a-file', 'spool')).write(bytes('x'))).toThrow('ENOTDIR');
});
