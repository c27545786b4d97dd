import { describe, expect, test } from 'vitest';
import type { TimeSlice } from '../../src/collector/side-slices.ts';
import { groupsOf, runsOf } from '../../src/collector/slice-groups.ts';

const slice = (run: number, requests: number): [TimeSlice, number, number] => [
  { run, fromMicros: 0, toMicros: 1, opens: false, closes: false },
  requests * 10,
  requests,
];
const requestsOf = (...slices: [run: number, requests: number][]) =>
  groupsOf(slices.map(([run, requests]) => slice(run, requests))).map((group) => [group.run, group.requests]);

describe('groups of slices', () => {
  test('are slices that have some requests, and several next to each other of those that have few', () => {
    expect(requestsOf([0, 5], [0, 1], [0, 2], [0, 0], [0, 3], [0, 4])).toEqual([
      [0, 5],
      [0, 6],
      [0, 4],
    ]);
  });

  test('take in what is left at the end of their run, and nothing of another', () => {
    expect(requestsOf([0, 4], [0, 1], [1, 1], [1, 1], [2, 9])).toEqual([
      [0, 5],
      [1, 2],
      [2, 9],
    ]);
  });

  test('add up to runs', () => {
    expect(runsOf(groupsOf([slice(0, 4), slice(0, 6), slice(1, 1)]))).toEqual([
      { run: 0, part: 100, requests: 10 },
      { run: 1, part: 10, requests: 1 },
    ]);
  });
});
