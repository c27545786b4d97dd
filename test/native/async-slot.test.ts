import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import { hostTarget } from '../../native/target.ts';
import { nodeBinary } from '../node-versions.ts';

const run = promisify(execFile);
const fixture = join(import.meta.dirname, '..', 'fixtures', 'native-slots.cjs');
const binary = join(import.meta.dirname, '..', '..', 'prebuilds', binaryName(hostTarget()));

interface Counts {
  found: boolean;
  right: number;
  wrong: number;
  none: number;
  handlerMicros: number;
}

async function countsOn(version: string, ...flags: string[]): Promise<Counts> {
  const { stdout } = await run(nodeBinary(version), [...flags, fixture, binary]);
  return JSON.parse(stdout);
}

test.each([
  ['22.23.3', ['--experimental-async-context-frame']],
  ['24.21.0', []],
  ['26.10.0', []],
  ['24.21.0', ['--gc-interval=500', '--stress-compaction']],
  ['26.10.0', ['--gc-interval=500', '--stress-compaction']],
  ['24.21.0', ['--stress-scavenge=50']],
])('reads the slot of every sample on Node %s %j', async (version, flags) => {
  const counts = await countsOn(version, ...flags);
  expect(counts).toMatchObject({ found: true, wrong: 0, none: 0 });
  // Under stress most samples show the garbage collector, not the function that it interrupted.
  expect(counts.right).toBeGreaterThan(flags.length < 2 ? 100 : 10);
});

test.each([
  ['18.20.8', []],
  ['20.20.2', []],
  ['22.23.3', []],
  ['24.21.0', ['--no-async-context-frame']],
])('finds no slots on Node %s %j, and samples all the same', async (version, flags) => {
  const counts = await countsOn(version, ...flags);
  expect(counts).toMatchObject({ found: false, right: 0, wrong: 0 });
  expect(counts.none).toBeGreaterThan(100);
});
