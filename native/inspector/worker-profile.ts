import type { ChunkMeta, SerializedChunk } from '../binding.ts';
import { type InspectorProfile, serializeProfile } from './serialize-profile.ts';

/** V8 writes the times of a profile as integers of 32 bits, which is an hour and eleven minutes. */
const WRAP_MICROS = 2 ** 32;

/** What a profile that Node took of a worker becomes. Microseconds of the sample clock. */
export interface WorkerChunk extends SerializedChunk {
  readonly until: number;
}

/**
 * Makes a chunk of a profile that `worker.startCpuProfile()` took.
 *
 * @param text as Node hands it out
 * @param since what is before that was in the last chunk; the profile is not much older
 * @param unixOffsetMicros Unix time minus sample clock
 */
export function serializeWorkerProfile(
  text: string,
  since: number,
  unixOffsetMicros: number,
  meta: ChunkMeta,
): WorkerChunk {
  const profile = JSON.parse(text) as InspectorProfile & { endTime: number };
  const startTime = profile.startTime + Math.round((since - profile.startTime) / WRAP_MICROS) * WRAP_MICROS;
  const lengthMicros = (profile.endTime - profile.startTime + WRAP_MICROS) % WRAP_MICROS;
  const until = startTime + lengthMicros;
  return {
    ...serializeProfile({ ...profile, startTime }, [{ since, until }], unixOffsetMicros, meta, 'worker'),
    until,
  };
}
