import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import { hostTarget } from '../../native/target.ts';
import { sampleWeights } from '../../src/profile/sample-weights.ts';
import type { Frame, ProfileChunk } from '../../src/profile/types.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { NODE_VERSIONS, nodeBinary } from '../node-versions.ts';

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, '..', 'fixtures');
const binary = join(import.meta.dirname, '..', '..', 'prebuilds', binaryName(hostTarget()));

type Chunks = Record<string, { json: string | null; samples: number; busySamples: number }>;

describe.each(NODE_VERSIONS)('the one binary on Node %s', (version) => {
  let chunks: Chunks;

  beforeAll(async () => {
    const { stdout } = await run(nodeBinary(version), [join(fixtures, 'native-chunks.cjs'), binary], {
      maxBuffer: 1 << 26,
    });
    chunks = JSON.parse(stdout);
  });

  const chunk = (name: string): ProfileChunk => JSON.parse(chunks[name]?.json ?? 'null');

  test('serialises chunks that Relay accepts', () => {
    for (const name of ['bursts', 'deep']) {
      expect(validateChunk(chunks[name]?.json ?? '', 'node')).toMatchObject({ ok: true, droppedSamples: 0 });
    }
  });

  test('reports a function at the file, line and column of its definition', () => {
    const hot = chunk('bursts').profile.frames.filter((frame) => frame.function === 'hotFunction');
    expect(hot).toEqual([
      {
        function: 'hotFunction',
        module: 'hot-function',
        filename: 'hot-function.cjs',
        abs_path: join(fixtures, 'hot-function.cjs'),
        lineno: 3,
        colno: 21,
        in_app: true,
      },
    ]);
  });

  test('weighs the bursts and not the silences between them', () => {
    const { profile } = chunk('bursts');
    const weights = sampleWeights(profile.samples);
    const busyMs = profile.samples.reduce((sum, sample, index) => {
      const idle = profile.stacks[sample.stack_id]?.length === 0;
      return idle ? sum : sum + (weights[index] ?? 0) / 1000;
    }, 0);
    // Five bursts of 60 ms among as much silence.
    expect(busyMs).toBeGreaterThan(200);
    expect(busyMs).toBeLessThan(420);
  });

  test('closes every silence with one empty stack and ends with one', () => {
    const { samples, stacks } = chunk('bursts').profile;
    const empty = samples.map((sample) => stacks[sample.stack_id]?.length === 0);
    expect(empty.at(-1)).toBe(true);
    expect(empty.some((isEmpty, index) => isEmpty && empty[index + 1])).toBe(false);
  });

  test('never shows V8s root, and keeps frames unique', () => {
    const { frames } = chunk('deep').profile;
    expect(frames.map((frame) => frame.function)).not.toContain('(root)');
    expect(frames.map((frame) => frame.function)).not.toContain('(idle)');
    expect(new Set(frames.map((frame) => JSON.stringify(frame))).size).toBe(frames.length);
  });

  test('marks frames of Node and of V8 as not the apps', () => {
    const foreign = (frame: Frame): boolean => !frame.abs_path || frame.abs_path.startsWith('node:');
    for (const frame of chunk('deep').profile.frames) expect(frame.in_app, JSON.stringify(frame)).toBe(!foreign(frame));
  });

  test('keeps both ends of a deep stack', () => {
    const { stacks, frames } = chunk('deep').profile;
    const named = stacks.map((stack) => stack.map((frame) => frames[frame]?.function));
    const deep = named.filter((stack) => stack.includes('(frames omitted)'));
    expect(deep.filter((stack) => stack.includes('hotFunction')).length).toBeGreaterThan(0);
    for (const stack of deep) {
      expect(stack.length).toBe(160 + 1 + 64);
      // A tick may also fall into the descent, before the leaf is reached.
      expect(stack.slice(0, 160)).toContain(stack.includes('hotFunction') ? 'hotFunction' : 'recurse');
      expect(stack.indexOf('(frames omitted)')).toBe(160);
    }
  });

  test('points to the debug images of the scripts that ran, and of no others', () => {
    expect(chunk('bursts').debug_meta?.images).toEqual([
      { type: 'sourcemap', code_file: join(fixtures, 'hot-function.cjs'), debug_id: 'id-of-hot-function' },
    ]);
  });

  test('makes no chunk of a silent time, though it sampled', () => {
    expect(chunks.idle?.json).toBeNull();
    expect(chunks.idle?.samples).toBeGreaterThan(10);
  });

  test('keeps a lone sample, at its own weight', () => {
    expect(validateChunk(chunks.lone?.json ?? '', 'node')).toMatchObject({ ok: true, droppedSamples: 0 });
    const { samples, stacks } = chunk('lone').profile;
    expect(samples.map((sample) => stacks[sample.stack_id]?.length === 0)).toEqual([false, false, true]);
    const [weight = 0, sameWeight = 0] = sampleWeights(samples);
    expect(Math.abs(weight - sameWeight)).toBeLessThanOrEqual(1);
  });
});
