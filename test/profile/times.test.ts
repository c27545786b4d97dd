import { describe, expect, test } from 'vitest';
import { frameKind, isIdle } from '../../src/profile/frame-kind.ts';
import { FunctionTable, FunctionTimes } from '../../src/profile/function-times.ts';
import { sampleWeights } from '../../src/profile/sample-weights.ts';
import type { Frame } from '../../src/profile/types.ts';
import { chunkOf, type SampleLine, T0 } from './chunk-of.ts';

describe('a sample weighs until the next of its thread', () => {
  const weigh = (lines: SampleLine[], from?: number, to?: number) => [
    ...sampleWeights(
      chunkOf(lines).profile.samples,
      from === undefined || to === undefined ? undefined : { from: T0 + from, to: T0 + to },
    ),
  ];

  test('and the last one weighs nothing', () => {
    expect(
      weigh([
        [0, ['a']],
        [0.01, ['a']],
        [0.035, ['a']],
      ]),
    ).toEqual([10_000, 25_000, 0]);
  });

  test('threads do not shorten each other', () => {
    expect(
      weigh([
        [0, ['a'], '1'],
        [0.25, ['b'], '2'],
        [0.5, ['a'], '1'],
        [1, ['b'], '2'],
      ]),
    ).toEqual([500_000, 750_000, 0, 0]);
  });

  test('only the part within the range counts', () => {
    const lines: SampleLine[] = [
      [0, ['a']],
      [1, ['a']],
      [2, ['a']],
      [3, ['a']],
    ];
    expect(weigh(lines, 0.5, 2.25)).toEqual([500_000, 1_000_000, 250_000, 0]);
    expect(weigh(lines, 5, 6)).toEqual([0, 0, 0, 0]);
  });

  test('two samples at one time and an empty list are no trouble', () => {
    expect(
      weigh([
        [0, ['a']],
        [0, ['b']],
      ]),
    ).toEqual([0, 0]);
    expect(weigh([])).toEqual([]);
  });
});

describe('self and total time per function', () => {
  function timesOf(...stacks: string[][]) {
    const table = new FunctionTable();
    const times = new FunctionTimes(table);
    const { profile } = chunkOf(stacks.map((functions, index) => [index, functions]));
    for (const stack of table.resolve(profile.stacks, profile.frames)) times.add(stack, 1_000);
    return times.list().map(({ name, selfMicros, totalMicros }) => [name, selfMicros, totalMicros]);
  }

  test('self is for the leaf, total for everyone on the stack, most self first', () => {
    expect(timesOf(['leaf', 'main'], ['leaf', 'main'], ['main'])).toEqual([
      ['leaf', 2_000, 2_000],
      ['main', 1_000, 3_000],
    ]);
  });

  test('recursion counts once in total', () => {
    expect(timesOf(['f', 'f', 'f', 'main'])).toEqual([
      ['f', 1_000, 1_000],
      ['main', 0, 1_000],
    ]);
  });

  test('the same function in two chunks is one row; the same name on another line is another', () => {
    const table = new FunctionTable();
    const times = new FunctionTimes(table);
    const at = (lineno: number): Frame[] => [{ function: 'f', abs_path: '/a.ts', lineno, colno: 1 }];
    for (const frames of [at(1), at(1), at(9)]) times.add(table.resolve([[0]], frames)[0] ?? [], 500);
    expect(times.list().map(({ line, selfMicros }) => [line, selfMicros])).toEqual([
      [1, 1_000],
      [9, 500],
    ]);
  });

  test("V8's root is no function", () => {
    expect(timesOf(['f', '(root)'])).toEqual([['f', 1_000, 1_000]]);
  });
});

describe('a frame says whose time it is', () => {
  test.each<[Frame, string]>([
    [{ function: 'a', abs_path: '/app/src/a.ts' }, 'app'],
    [{ function: 'a', abs_path: 'file:///app/src/a.ts', in_app: true }, 'app'],
    [{ function: 'a', abs_path: '/app/node_modules/x/a.js' }, 'library'],
    [{ function: 'a', abs_path: 'C:\\app\\node_modules\\x\\a.js' }, 'library'],
    [{ function: 'a', abs_path: '/app/vendored.js', in_app: false }, 'library'],
    [{ function: 'readFile', abs_path: 'node:fs' }, 'node'],
    [{ function: 'push' }, 'node'],
    [{ function: '(garbage collector)', in_app: false }, 'gc'],
    [{ function: '(program)' }, 'program'],
    [{ function: '(idle)' }, 'idle'],
    [{ function: '(root)' }, 'root'],
  ])('%o is %s', (frame, kind) => {
    expect(frameKind(frame)).toBe(kind);
  });

  test("an empty stack is idle, and so is V8's (idle) as the Sentry SDK sends it; collecting garbage is not", () => {
    const frames = [{ function: '(root)' }, { function: '(idle)' }, { function: '(garbage collector)' }];
    expect([[], [1, 0], [0], [2, 0]].map((stack) => isIdle(stack, frames))).toEqual([true, true, true, false]);
  });
});
