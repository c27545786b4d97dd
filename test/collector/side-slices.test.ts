import { describe, expect, test } from 'vitest';
import { slicesOf } from '../../src/collector/side-slices.ts';
import { ROLLUP_MICROS } from '../../src/store/rollup-store.ts';

const ALL = { fromMicros: 0, toMicros: 9e15 };
const seconds = (from: number, to: number) => ({ startMicros: from * 1e6, endMicros: to * 1e6 - 1 });
const slicesIn = (...sessions: ReturnType<typeof seconds>[]) => slicesOf(ALL, sessions);

describe('the slices of a side', () => {
  test('are twenty equal ones of a single run, of which the ends are open', () => {
    const slices = slicesIn(seconds(100, 120), seconds(110, 140));
    expect(slices).toHaveLength(20);
    expect(slices[0]).toEqual({ fromMicros: 100e6, toMicros: 102e6, run: 0, opens: true, closes: false });
    expect(slices.at(-1)).toEqual({ fromMicros: 138e6, toMicros: 140e6, run: 0, opens: false, closes: true });
    for (const [index, slice] of slices.slice(1).entries()) expect(slice.fromMicros).toBe(slices[index]?.toMicros);
  });

  test('are never of two runs, and as many as a run is long', () => {
    const slices = slicesIn(seconds(300, 330), seconds(10, 20), seconds(100, 160));
    const counts = [0, 1, 2].map((run) => slices.filter((slice) => slice.run === run).length);
    expect(counts).toEqual([2, 12, 6]);
    expect(slices.filter(({ opens }) => opens).map(({ fromMicros }) => fromMicros / 1e6)).toEqual([10, 100, 300]);
    expect(slices.filter(({ closes }) => closes).map(({ toMicros }) => toMicros / 1e6)).toEqual([20, 160, 330]);
  });

  test('end where was asked, and go on there', () => {
    const slices = slicesOf({ fromMicros: 110e6, toMicros: 130e6 }, [seconds(100, 140)]);
    expect([slices[0]?.fromMicros, slices.at(-1)?.toMicros]).toEqual([110e6, 130e6]);
    expect(slices.filter(({ opens, closes }) => opens || closes)).toEqual([]);
  });

  test('take many short sessions together', () => {
    const slices = slicesIn(...Array.from({ length: 100 }, (_, index) => seconds(10 * index + 1, 10 * index + 2)));
    expect(slices).toHaveLength(20);
    expect(new Set(slices.map(({ run }) => run)).size).toBe(20);
  });

  test('of a long time are whole rollups', () => {
    const slices = slicesIn(seconds(1_000, 90_000));
    expect(slices.length).toBeLessThanOrEqual(20);
    for (const { fromMicros } of slices.slice(1)) expect(fromMicros % ROLLUP_MICROS).toBe(0);
    expect([slices[0]?.fromMicros, slices.at(-1)?.toMicros]).toEqual([1_000e6, 90_000e6]);
  });

  test('are none where nothing was profiled', () => {
    expect(slicesIn()).toEqual([]);
  });
});
