import { expect, test } from 'vitest';
import { CpuWeights } from '../../src/attribution/cpu-weights.ts';

const INTERVAL = 10_000;
const HANDLER = 5;
const FRESH = { afterSleep: true, intervalMicros: INTERVAL };

/** A thread that works where `works(micros)` says so, sampled from `phase` on; returns the weights of busy samples. */
function weighed(works: (micros: number) => boolean, until: number, phase: number): number {
  const weights = new CpuWeights();
  weights.started(0, 0, FRESH);
  let [cpu, sum] = [0, 0];
  let next = phase;
  for (let micros = 0; micros < until; micros += 10) {
    if (micros >= next) {
      next += INTERVAL;
      const slot = works(micros) ? 7 : 0;
      const weight = weights.weigh({
        since: micros,
        until: micros + HANDLER,
        cpuBefore: cpu,
        cpuAfter: cpu + HANDLER,
        slot,
      });
      cpu += HANDLER;
      if (slot !== 0) sum += weight;
    }
    if (works(micros)) cpu += 10;
  }
  return sum;
}

/** The mean over all phases that the sampler can have, as a share of what the thread worked. */
function bias(works: (micros: number) => boolean, until: number): number {
  let [seen, truth] = [0, 0];
  for (let phase = 50; phase <= INTERVAL; phase += 50) seen += weighed(works, until, phase) / (INTERVAL / 50);
  for (let micros = 0; micros < until; micros += 10) if (works(micros)) truth += 10;
  return seen / truth;
}

test.each([500, 2_000, 5_000, 9_000, 10_000, 15_000, 33_000, 200_000])(
  'work of %i µs among silence weighs what it took, on the average over all phases',
  (length) => {
    const share = bias((micros) => micros % 300_000 >= 50_000 && micros % 300_000 < 50_000 + length, 3_000_000);
    expect(share).toBeGreaterThan(0.97);
    expect(share).toBeLessThan(1.03);
  },
);

test('a thread that waits for a core in the middle of its work weighs its CPU time, not the time', () => {
  const weights = new CpuWeights();
  weights.started(0, 0, FRESH);
  const sample = (since: number, cpu: number): number =>
    weights.weigh({ since, until: since + 5, cpuBefore: cpu, cpuAfter: cpu, slot: 3 });
  sample(10_000, 9_000);
  expect(sample(20_000, 19_000)).toBe(10_000);
  // A tenth of a second went by, of which it ran for two milliseconds.
  expect(sample(120_000, 21_000)).toBe(2_000);
});

test('work that woke the sampler and waits for a core weighs less than work that has one', () => {
  const weighFirst = (cpu: number): number => {
    const weights = new CpuWeights();
    weights.started(1_000, 500, FRESH);
    return weights.weigh({ since: 5_000, until: 5_005, cpuBefore: 500 + cpu, cpuAfter: 500 + cpu, slot: 3 });
  };
  expect(weighFirst(4_000)).toBe(INTERVAL);
  expect(weighFirst(1_000)).toBe(INTERVAL - 3_000);
});

test('neither the signal handler nor an interruption by the profiler itself is anybodys CPU', () => {
  const weights = new CpuWeights();
  weights.started(0, 100, FRESH);
  const sample = (since: number, cpuBefore: number, cpuAfter: number): number =>
    weights.weigh({ since, until: since + 5, cpuBefore, cpuAfter, slot: 3 });
  sample(10_000, 10_100, 10_600);
  expect(sample(20_000, 20_100, 20_600)).toBe(9_500);
  // 3 ms into the next interval a chunk is cut, which takes 4 ms of CPU; then 6 ms more.
  weights.stopped(23_600);
  weights.started(27_600, 27_600, { ...FRESH, afterSleep: false });
  expect(sample(34_000, 33_600, 33_600)).toBe(9_000);
});

test('ticks of a shortened first interval do not count more often than the real one', () => {
  const weights = new CpuWeights();
  weights.started(0, 0, FRESH);
  const kept = [];
  for (let micros = 2_000; micros <= 26_000; micros += 2_000) {
    const weight = weights.weigh({ since: micros, until: micros, cpuBefore: micros, cpuAfter: micros, slot: 3 });
    if (weight >= 0) kept.push([micros, weight]);
  }
  expect(kept).toEqual([
    [2_000, 10_000],
    [10_000, 8_000],
    [18_000, 8_000],
    [26_000, 8_000],
  ]);
});
