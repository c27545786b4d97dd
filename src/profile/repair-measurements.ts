import type { ProfileChunk } from './types.ts';

/** Later than any true timestamp in seconds (the year 5138), earlier than any in milliseconds since 1973. */
const NOT_SECONDS = 1e11;

/**
 * `@sentry/profiling-node` up to 2.4 of its C++ core stamps measurements with (start in milliseconds + elapsed seconds).
 * Turns those into Unix seconds, in place, and returns how many it changed.
 *
 * The start is not in the chunk. It is at most a few milliseconds before the first sample, and here each millisecond of
 * error is a second; so the whole part of the earliest point is taken where it lies before the first sample's
 * millisecond, and that millisecond otherwise.
 *
 * @param chunk its samples sorted by time, at least one
 */
export function repairMeasurements(chunk: ProfileChunk): number {
  const first = chunk.profile.samples[0]?.timestamp ?? 0;
  const points = Object.values(chunk.measurements ?? {}).flatMap((series) => series.values);
  const broken = points.filter((point) => point.timestamp > NOT_SECONDS);
  const earliest = broken.reduce((least, point) => Math.min(least, point.timestamp), Number.POSITIVE_INFINITY);
  const startMs = Math.min(Math.floor(first * 1000), Math.floor(earliest));
  for (const point of broken) point.timestamp = first + (point.timestamp - startMs);
  return broken.length;
}
