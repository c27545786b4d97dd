import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { SamplingBinding } from '../../native/binding.ts';
import { Sampler } from '../../src/profiler/sampler.ts';
import { NO_WITNESS } from './no-witness.ts';

const INTERVAL = 10_101;

/** Notes at which interval V8 would tick; the real binding does not tell. */
class NotingBinding implements SamplingBinding {
  ticking: number | null = null;
  starts = 0;

  start(intervalMicros: number): void {
    this.ticking = intervalMicros;
    this.starts++;
  }
  pause(): void {
    this.ticking = null;
  }
  recreate(): boolean {
    return true;
  }
  finish(): ReturnType<SamplingBinding['finish']> {
    throw new Error('no process ends here');
  }
  cut(): ReturnType<SamplingBinding['cut']> {
    throw new Error('no chunk is cut here');
  }
}

function samplerOn(binding: SamplingBinding): Sampler {
  return new Sampler(binding, INTERVAL, NO_WITNESS, {
    slept: () => {},
    failed: (error) => {
      throw error;
    },
  });
}

/** Waits for something that must come about. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(1);
}

test('the first interval after a wake is a random part of the real one, which soon follows', async () => {
  const firsts = new Set<number>();
  for (let i = 0; i < 5; i++) {
    const binding = new NotingBinding();
    samplerOn(binding).wake();
    expect(binding.ticking).toBeGreaterThanOrEqual(1000);
    expect(binding.ticking).toBeLessThanOrEqual(Math.ceil(INTERVAL / 2));
    firsts.add(binding.ticking ?? 0);
    await until(() => binding.starts === 2);
    expect(binding.ticking).toBe(INTERVAL);
  }
  expect(firsts.size).toBeGreaterThan(1);
});

test('a sampler that was resting when it should have settled settles once it is woken', async () => {
  const binding = new NotingBinding();
  const sampler = samplerOn(binding);
  const start = performance.now();
  sampler.wake();
  await until(() => performance.now() - start > 15);
  sampler.rest();
  // Past the time to settle; before the time to sleep, unless this machine is slow, and then it slept.
  await until(() => performance.now() - start > 26);
  sampler.wake();
  await until(() => binding.starts >= 2 && binding.ticking === INTERVAL);
});

test('short pieces of work, one after another, settle it, though it is at rest whenever a timer runs', async () => {
  const binding = new NotingBinding();
  const sampler = samplerOn(binding);
  await until(() => {
    sampler.wake();
    sampler.rest();
    return binding.ticking === INTERVAL;
  });
  sampler.sleep();
});

/** How often it starts for so many pieces of work of 5 ms, with so many milliseconds between them. */
function startsFor(pieces: number, betweenMs: number): number {
  vi.useFakeTimers();
  try {
    const binding = new NotingBinding();
    const sampler = samplerOn(binding);
    for (let i = 0; i < pieces; i++) {
      sampler.wake();
      vi.advanceTimersByTime(5);
      sampler.rest();
      vi.advanceTimersByTime(betweenMs);
    }
    return binding.starts;
  } finally {
    vi.useRealTimers();
  }
}

test('it sleeps between pieces of work that are far apart, and stays awake between those that are not', () => {
  expect(startsFor(20, 70)).toBe(20);
  // Asleep after the first, and awake from the second on, which it meets with a shortened interval.
  expect([startsFor(20, 20), startsFor(20, 45)]).toEqual([3, 3]);
});

test('a sampler at rest sleeps, and wakes with a new first interval', async () => {
  const binding = new NotingBinding();
  const sampler = samplerOn(binding);
  sampler.wake();
  sampler.rest();
  await until(() => binding.ticking === null);
  expect(sampler.ticking).toBe(false);
  sampler.wake();
  expect(sampler.ticking).toBe(true);
});
