import { describe, expect, test } from 'vitest';
import { CallTree } from '../../src/profile/call-tree.ts';
import { frameKind, isIdle } from '../../src/profile/frame-kind.ts';
import { FunctionTable } from '../../src/profile/function-table.ts';
import { FunctionTimes } from '../../src/profile/function-times.ts';
import { sampleWeights } from '../../src/profile/sample-weights.ts';
import type { Frame, ProfileChunk } from '../../src/profile/types.ts';
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
  /** Each sample of these chunks counts a millisecond. */
  function timesIn(...chunks: ProfileChunk[]) {
    const table = new FunctionTable();
    const tree = new CallTree();
    for (const chunk of chunks) {
      for (const stack of table.stacksOf(chunk)) {
        tree.add(tree.leafOf(stack), { cpuMicros: 1_000, wallMicros: 0, samples: 1 });
      }
    }
    const times = new FunctionTimes();
    times.addTree(tree);
    expect(times.top(table.functions)).toEqual(times.list(table.functions)[0]);
    return times.list(table.functions);
  }

  const timesOf = (...stacks: string[][]) =>
    timesIn(chunkOf(stacks.map((functions, index) => [index, functions]))).map(({ name, selfMicros, totalMicros }) => [
      name,
      selfMicros,
      totalMicros,
    ]);

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
    const at = (lineno: number): ProfileChunk => {
      const chunk = chunkOf([[0, ['f']]]);
      const frames: Frame[] = [{ function: 'f', abs_path: '/a.ts', lineno, colno: 1 }];
      return { ...chunk, profile: { ...chunk.profile, frames } };
    };
    expect(timesIn(at(1), at(1), at(9)).map(({ line, selfMicros }) => [line, selfMicros])).toEqual([
      [1, 2_000],
      [9, 1_000],
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
