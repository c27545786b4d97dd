import { expect, test } from 'vitest';
import { cutTransaction } from '../../src/profile/transaction-profile.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';

const START = 1_795_000_000;

/** A chunk of one function per stack; each sample is `[milliseconds, function, thread]`, `''` for idle. */
function chunkOf(samples: [ms: number, name: string, thread?: string][]): ProfileChunk {
  const names = [...new Set(samples.map(([, name]) => name).filter(Boolean))];
  return {
    version: '2',
    chunk_id: 'c'.repeat(32),
    profiler_id: 'a'.repeat(32),
    platform: 'node',
    measurements: {
      cpu_usage: { unit: 'percent', values: samples.map(([ms]) => ({ timestamp: START + ms / 1000, value: ms })) },
    },
    profile: {
      samples: samples.map(([ms, name, thread = '0']) => ({
        timestamp: START + ms / 1000,
        stack_id: name === '' ? 0 : names.indexOf(name) + 1,
        thread_id: thread,
      })),
      stacks: [[], ...names.map((_, index) => [index])],
      frames: names.map((name) => ({ function: name })),
      thread_metadata: { 0: { name: 'main' }, 1001: { name: 'main · lane 1' } },
    },
  };
}

/** What a cut says, as `[milliseconds since its start, function]`. */
function read(chunks: ProfileChunk[], startMs: number, endMs: number, thread = '0'): [number, string][] | null {
  const window = { start: START + startMs / 1000, end: START + endMs / 1000, thread_id: thread };
  const cut = cutTransaction(chunks, window);
  if (cut === null) return null;
  const { samples, stacks, frames } = cut.profile;
  return samples.map(({ elapsed_since_start_ns, stack_id }) => [
    Math.round(elapsed_since_start_ns / 1e6),
    frames[stacks[stack_id]?.[0] ?? -1]?.function ?? '',
  ]);
}

test('begins and ends with work, clipped to the transaction', () => {
  const chunk = chunkOf([
    [0, 'before'],
    [10, 'a'],
    [20, 'b'],
    [30, ''],
    [40, 'after'],
    [50, ''],
  ]);
  expect(read([chunk], 15, 35)).toEqual([
    [0, 'a'],
    [5, 'b'],
    [15, 'b'],
  ]);
});

test('joins chunks, and keeps silences between', () => {
  const first = chunkOf([
    [0, 'a'],
    [10, ''],
  ]);
  const second = chunkOf([
    [30, 'b'],
    [40, ''],
  ]);
  expect(read([first, second], 0, 100)).toEqual([
    [0, 'a'],
    [10, ''],
    [30, 'b'],
    [40, 'b'],
  ]);
});

test('takes the samples of its lane alone', () => {
  const chunk = chunkOf([
    [0, 'mine', '1001'],
    [10, '', '1001'],
    [10, 'other', '1002'],
    [20, '', '1002'],
  ]);
  expect(read([chunk], 0, 50, '1001')).toEqual([
    [0, 'mine'],
    [10, 'mine'],
  ]);
});

test('is nothing where nothing was seen at work', () => {
  expect(read([], 0, 50)).toBeNull();
  expect(read([chunkOf([[0, '']])], 0, 50)).toBeNull();
  expect(read([chunkOf([[60, 'later']])], 0, 50)).toBeNull();
});

test('ends after 30 s, with its measurements', () => {
  const chunk = chunkOf(Array.from({ length: 40 }, (_, index) => [index * 1000, 'a'] as [number, string]));
  const window = { start: START, end: START + 39, thread_id: '0' };
  const cut = cutTransaction([chunk], window);
  expect(cut?.profile.samples.at(-1)?.elapsed_since_start_ns).toBe(30e9);
  expect(cut?.measurements.cpu_usage?.values.at(-1)).toEqual({ elapsed_since_start_ns: 30e9, value: 30_000 });
  expect(cut?.profile.thread_metadata).toEqual({ 0: { name: 'main' } });
});
