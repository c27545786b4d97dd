import type { ProfileChunk } from '../profile/types.ts';
import { factsIn, sdkOf, threadsIn } from './chunk-facts.ts';
import { compress, decompress } from './compression.ts';
import type { ChunkKind, PackedChunk, StoredChunk } from './profile-store.ts';

/** Most of the work of storing a chunk. */
export function packChunk({ chunk, ...stored }: StoredChunk): PackedChunk {
  return {
    projectId: stored.projectId,
    profilerId: chunk.profiler_id,
    chunkId: chunk.chunk_id,
    kind: stored.kind ?? 'continuous',
    name: stored.name ?? null,
    startMicros: stored.startMicros,
    endMicros: stored.endMicros,
    release: chunk.release || null,
    environment: chunk.environment || null,
    platform: chunk.platform,
    sdk: sdkOf(chunk),
    threadIds: threadsIn(chunk),
    facts: factsIn(chunk),
    body: compress(JSON.stringify(chunk)),
  };
}

export const packed = (chunk: StoredChunk | PackedChunk): PackedChunk => ('body' in chunk ? chunk : packChunk(chunk));

type Found = Pick<StoredChunk, 'projectId' | 'startMicros' | 'endMicros'> & { kind: ChunkKind; name: string | null };

export const unpackChunk = (
  { projectId, kind, name, startMicros, endMicros }: Found,
  body: Uint8Array,
): StoredChunk => ({
  projectId,
  ...(kind !== 'continuous' && { kind }),
  ...(name !== null && { name }),
  startMicros,
  endMicros,
  chunk: JSON.parse(decompress(body)) as ProfileChunk,
});
