import type { ProfileChunk } from '../../src/profile/types.ts';
import { type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { requestSpan } from './envelope-of.ts';

/** The same numbers from 0 to 1 for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface RandomProfile {
  requests: ReturnType<typeof requestSpan>[];
  chunks: ProfileChunk[];
  /** Every sample of the chunks: its functions leaf first, its route, `null` outside of requests, and its weights. */
  samples: { functions: string[]; route: string | null; atSeconds: number; cpuMicros: number; wallMicros: number }[];
}

const ROUTES = ['/a', '/b', '/c/[id]'];

/**
 * Requests one after another on one thread, recorded in chunks; stacks recur, and every fifth sample is outside of any
 * request.
 *
 * @param chunkSeconds length of a chunk
 * @param perSecond samples
 */
export function randomProfile(
  seed: number,
  chunkCount: number,
  profilerId: string,
  chunkSeconds = 2,
  perSecond = 100,
): RandomProfile {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const profile: RandomProfile = { requests: [], chunks: [], samples: [] };
  const perChunk = chunkSeconds * perSecond;
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const lines: ContextLine[] = [];
    let request = requestOf(pick(ROUTES), (chunk * perChunk) / perSecond);
    for (let index = 0; index < perChunk; index++) {
      const at = (chunk * perChunk + index) / perSecond;
      if (index % 17 === 0 && index > 0) request = requestOf(pick(ROUTES), at);
      const depth = 1 + Math.floor(random() * 4);
      const functions = ['main', ...Array.from({ length: depth }, () => pick(['f', 'g', 'h', 'k']))].reverse();
      const isIdle = random() < 0.1;
      const owner = index % 5 === 0 ? null : request;
      const cpuMicros = isIdle ? 0 : Math.floor(random() * 12_000);
      lines.push([at, isIdle ? [] : functions, owner && inChunk(owner), cpuMicros / 1000]);
      if (isIdle) continue;
      profile.samples.push({
        functions,
        route: owner === null ? null : (owner.attributes['http.route']?.value as string),
        atSeconds: at,
        cpuMicros,
        wallMicros: index === perChunk - 1 ? 0 : 1e6 / perSecond,
      });
    }
    profile.chunks.push(contextChunk(lines, { profiler_id: profilerId }));
  }
  return profile;

  function requestOf(route: string, from: number) {
    const request = requestSpan(route, from, from + 16.5 / perSecond, {
      'sentry.profiler_id': profilerId,
      'thread.id': '0',
    });
    profile.requests.push(request);
    return request;
  }
}
