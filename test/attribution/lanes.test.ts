import { expect, test } from 'vitest';
import { Lanes } from '../../src/attribution/lanes.ts';

test('each request takes the lowest lane that is free', () => {
  const lanes = new Lanes(0, 'main');
  const [first, second] = [lanes.take(0), lanes.take(0)];
  expect([first?.name, second?.name]).toEqual(['main · lane 1', 'main · lane 2']);
  expect([first?.id, second?.id]).toEqual(['1001', '1002']);
  if (first) lanes.release(first);
  expect(lanes.take(1)).toBe(first);
  expect(lanes.take(1)?.id).toBe('1003');
});

test('a lane is not free while its last sample still weighs', () => {
  const lanes = new Lanes(0, 'main');
  const first = lanes.take(0);
  if (first === null) throw new Error('no lane');
  first.busyUntil = 500;
  lanes.release(first);
  expect(lanes.take(499)?.id).toBe('1002');
  expect(lanes.take(500)).toBe(first);
});

test('lanes of different threads have different ids, and a thread has no more than 999', () => {
  const main = new Lanes(0, 'main');
  const worker = new Lanes(1, 'worker 1');
  const ids = new Set<string>();
  for (let i = 0; i < 999; i++) for (const lanes of [main, worker]) ids.add(lanes.take(0)?.id ?? 'none');
  expect(ids.size).toBe(2 * 999);
  expect(main.take(0)).toBeNull();
  expect(main.inUse).toBe(999);
});
