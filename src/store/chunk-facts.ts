import { readDrops } from '../profile/read-drops.ts';
import type { ProfileChunk } from '../profile/types.ts';
import type { ChunkFacts } from './profile-store.ts';

/** What a chunk says beside its samples, apart from what it is found by. */
export type OwnFacts = Pick<ChunkFacts, 'measurements' | 'extension'>;

export function factsIn({ measurements = {}, next_profiling }: ProfileChunk): OwnFacts {
  if (next_profiling == null) return { measurements, extension: null };
  const { end, stall_ms, unsampled_cpu_us } = next_profiling;
  const dropped = readDrops(next_profiling.dropped);
  return {
    measurements,
    extension: {
      end,
      stall_ms,
      ...(unsampled_cpu_us !== undefined && { unsampled_cpu_us }),
      ...(dropped.length > 0 && { dropped }),
    },
  };
}

export const threadsIn = ({ profile }: ProfileChunk): string[] => [
  ...new Set(profile.samples.map((sample) => sample.thread_id)),
];

/** Name and version of the SDK that sent it. */
export const sdkOf = ({ client_sdk }: ProfileChunk): string | null =>
  client_sdk === undefined ? null : `${client_sdk.name} ${client_sdk.version}`;
