import { randomUUID } from 'node:crypto';
import type { ChunkMeta } from '../../native/binding.ts';
import type { ChunkExtension } from '../profile/types.ts';
import type { ChunkOutlet } from './handover.ts';

/** As Sentry writes ids: 32 hexadecimal digits. */
export const newId = (): string => randomUUID().replaceAll('-', '');

/** What a chunk says of itself, and the part of its meta that says how its samples are read. */
export interface ChunkParts extends Pick<ChunkMeta, 'intervalMicros' | 'records' | 'threads' | 'spanExtension'> {
  /** `null` outside of a session, when there are no samples. */
  readonly profilerId: string | null;
  /** Members beside those that every chunk has. */
  readonly head?: Record<string, unknown>;
  readonly extension: Omit<ChunkExtension, 'version' | 'sampling_interval_us' | 'samples'>;
}

/** The meta of a chunk of its own id, from the outlet's process. */
export function chunkMeta(
  outlet: ChunkOutlet,
  { profilerId, head, extension, intervalMicros, ...context }: ChunkParts,
): ChunkMeta {
  const members = { version: '2', chunk_id: newId(), profiler_id: profilerId, ...outlet.describe(), ...head };
  const extended: Omit<ChunkExtension, 'samples'> = {
    version: 1,
    sampling_interval_us: intervalMicros,
    ...extension,
  };
  return {
    head: JSON.stringify(members).slice(1, -1),
    extension: JSON.stringify(extended).slice(1, -1),
    ...context,
    root: process.cwd(),
    intervalMicros,
    debugIds: outlet.debugIds(),
  };
}
