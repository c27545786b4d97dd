import type { Sample } from './types.ts';

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
