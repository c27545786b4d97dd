import { expect, test } from 'vitest';
import { OverheadGuard } from '../../src/profiler/overhead-guard.ts';

/** Judges a guard every five seconds; each cost is a share of them. Returns the intervals after each. */
function intervalsAfter(guard: OverheadGuard, ...costs: number[]): number[] {
  guard.started(0);
  return costs.map((cost, index) => {
    guard.add(cost * 5000);
    guard.judge((index + 1) * 5000);
    return guard.intervalMicros;
  });
}

const guardOf = (maxOverhead: number): OverheadGuard => new OverheadGuard(10_000, maxOverhead);

test('widens the interval while profiling costs more than it may, and no further than that', () => {
  expect(intervalsAfter(guardOf(0.03), 0.02, 0.031, 0.04, 0.02)).toEqual([10_000, 20_000, 40_000, 40_000]);
  expect(intervalsAfter(guardOf(0.03), 1, 1, 1, 1, 1, 1).at(-1)).toBe(160_000);
  expect(intervalsAfter(new OverheadGuard(600_000, 0.03), 1, 1)).toEqual([1_000_000, 1_000_000]);
});

test('returns step by step when it may', () => {
  expect(intervalsAfter(guardOf(0.04), 1, 1, 0.005, 0.005, 0.005)).toEqual([20_000, 40_000, 20_000, 10_000, 10_000]);
});

test('does not swing between two intervals', () => {
  // Half the interval costs twice as much.
  const guard = guardOf(0.03);
  guard.started(0);
  const intervals = Array.from({ length: 20 }, (_, index) => {
    guard.add((0.05 * 10_000 * 5000) / guard.intervalMicros);
    guard.judge((index + 1) * 5000);
    return guard.intervalMicros;
  });
  expect(new Set(intervals)).toEqual(new Set([20_000]));
});

test('does not judge by less than five seconds, takes sessions together, and leaves out what lies between them', () => {
  const guard = guardOf(0.03);
  guard.started(0);
  guard.add(200);
  guard.judge(1_000);
  expect(guard.intervalMicros).toBe(10_000);
  guard.started(60_000);
  guard.judge(63_000);
  guard.add(40);
  guard.started(90_000);
  guard.judge(92_000);
  expect([guard.intervalMicros, guard.ratio]).toEqual([20_000, 0.04]);
});
