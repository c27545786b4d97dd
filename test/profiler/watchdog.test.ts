import { expect, test } from 'vitest';
import type { SamplingBinding, SerializedChunk } from '../../native/binding.ts';
import { checkIntegrationOptions } from '../../src/options.ts';
import { ProfilerSession } from '../../src/profiler/session.ts';
import { NO_WITNESS } from './no-witness.ts';

/**
 * A binding that answers as V8 does when its sampler is stuck, which cannot be brought about on purpose: chunks come
 * back without samples until the profiler is replaced.
 */
class StuckBinding implements SamplingBinding {
  readonly calls: string[] = [];
  #stuck = true;

  start(): void {
    this.calls.push('start');
  }
  pause(): void {
    this.calls.push('pause');
  }
  recreate(): boolean {
    this.calls.push('recreate');
    this.#stuck = false;
    return true;
  }
  finish(): SerializedChunk[] {
    return [];
  }
  cut(): ReturnType<SamplingBinding['cut']> {
    this.calls.push('cut');
    const chunk: SerializedChunk = this.#stuck
      ? { json: null, samples: 0, busySamples: 0, samplesWithoutSpan: 0, cpuMicros: 0 }
      : { json: Buffer.from('{}'), samples: 50, busySamples: 20, samplesWithoutSpan: 20, cpuMicros: 0 };
    return { startError: '', chunk: Promise.resolve(chunk) };
  }
}

const OUTLET = { describe: () => ({}), debugIds: () => '', send: async () => 'sent' as const };

function longerThan(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('a V8 profiler that delivers nothing is replaced, once, and sampling goes on', async () => {
  const binding = new StuckBinding();
  const { value: options } = checkIntegrationOptions({ samplingIntervalMicros: 1000 });
  const session = new ProfilerSession(binding, options, NO_WITNESS, OUTLET);
  session.start();
  longerThan(25);
  await session.flush();
  expect(binding.calls).toEqual(['start', 'pause', 'cut', 'recreate', 'start']);
  expect(session.counters.profilerRestarts).toBe(1);
  expect(session.profilerId).not.toBeNull();

  longerThan(25);
  await session.flush();
  expect(session.counters.profilerRestarts).toBe(1);
  session.stop();
});

test('a chunk that was cut too soon to have samples is no sign of a stuck profiler', async () => {
  const binding = new StuckBinding();
  const { value: options } = checkIntegrationOptions({});
  const session = new ProfilerSession(binding, options, NO_WITNESS, OUTLET);
  session.start();
  await session.flush();
  expect(binding.calls).not.toContain('recreate');
  session.stop();
});
