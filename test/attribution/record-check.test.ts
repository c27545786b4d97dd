import { expect, test } from 'vitest';
import { RecordCheck } from '../../src/attribution/record-check.ts';

const INTERVAL = 10_000;

function missing(tickedMicros: number, records: number, cpuMicros = tickedMicros): boolean {
  const check = new RecordCheck();
  check.started(5_000, 700, INTERVAL);
  check.stopped(5_000 + tickedMicros, 700 + cpuMicros);
  for (let i = 0; i < records; i++) check.found();
  return check.take();
}

test('notices that most samples came without a record', () => {
  expect(missing(1_000_000, 0)).toBe(true);
  expect(missing(1_000_000, 9)).toBe(true);
  expect(missing(30_000_000, 0, 50_000)).toBe(true);
});

test('takes late ticks, a throttled process, a shortened interval and a short chunk for what they are', () => {
  expect(missing(1_000_000, 95)).toBe(false);
  expect(missing(1_000_000, 20)).toBe(false);
  expect(missing(1_000_000, 700)).toBe(false);
  expect(missing(190_000, 0)).toBe(false);
});

test('takes a process that was frozen for what it is', () => {
  expect(missing(600_000_000, 6, 60_000)).toBe(false);
  expect(missing(600_000_000, 0, 10_000)).toBe(false);
});

test('judges each chunk by itself, and not the time between two samplings', () => {
  const check = new RecordCheck();
  check.started(0, 0, INTERVAL);
  check.stopped(1_000_000, 1_000_000);
  expect(check.take()).toBe(true);
  check.started(60_000_000, 1_000_000, INTERVAL);
  check.stopped(60_100_000, 1_100_000);
  expect(check.take()).toBe(false);
});
