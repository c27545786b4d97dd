import type { ProfileChunk, Sample } from './types.ts';

/** A span of time, Unix seconds. */
export interface TimeRange {
  from: number;
  to: number;
}

const ALL: TimeRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/**
 * What each sample weighs, microseconds: the time until the next sample of its thread. The last of a thread weighs
 * nothing. With a range, only the part of that time which lies within it counts. This is how Sentry weighs.
 *
 * @param samples sorted by time, threads mixed
 */
export function sampleWeights(samples: readonly Sample[], range: TimeRange = ALL): Float64Array {
  const weights = new Float64Array(samples.length);
  const next = new Map<string, number>();
  for (let index = samples.length - 1; index >= 0; index--) {
    const sample = samples[index];
    if (sample === undefined) continue;
    const until = next.get(sample.thread_id);
    next.set(sample.thread_id, sample.timestamp);
    if (until === undefined) continue;
    const seconds = Math.min(until, range.to) - Math.max(sample.timestamp, range.from);
    // Seconds since 1970 in a double are exact to a quarter microsecond, so rounding restores what was measured.
    weights[index] = Math.max(0, Math.round(seconds * 1e6));
  }
  return weights;
}

/**
 * The CPU time of each sample, microseconds: what the producer measured, else what the sample weighs. A measured sample
 * counts whole if its time is in the range, the range's end excluded; so neighbouring ranges add up.
 *
 * @param chunk its samples sorted by time
 */
export function sampleCpu({ profile, next_profiling }: ProfileChunk, range: TimeRange = ALL): Float64Array {
  const measured = next_profiling?.sample_cpu_us;
  if (measured === undefined) return sampleWeights(profile.samples, range);
  return Float64Array.from(profile.samples, ({ timestamp }, index) =>
    timestamp >= range.from && timestamp < range.to ? (measured[index] ?? 0) : 0,
  );
}
