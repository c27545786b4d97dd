import type { SpanId, StoredRequest } from '../store/profile-store.ts';
import { spanKey } from './span-costs.ts';

/** When requests began and ended, by profiler session: at each such moment the loop was not kept by another request. */
export class LoopBorders {
  readonly #borders = new Map<string, { atMicros: number; request: string }[]>();

  constructor(requests: readonly StoredRequest[]) {
    for (const request of requests) {
      if (request.profilerId === null) continue;
      const own = this.#borders.get(request.profilerId) ?? [];
      this.#borders.set(request.profilerId, own);
      for (const atMicros of [request.startMicros, request.endMicros])
        own.push({ atMicros, request: spanKey(request) });
    }
    for (const own of this.#borders.values()) own.sort((a, b) => a.atMicros - b.atMicros);
  }

  /** Whether a request other than this one began or ended between two moments. */
  anyWithin(session: string, afterMicros: number, beforeMicros: number, not: SpanId): boolean {
    const own = this.#borders.get(session) ?? [];
    let [low, high] = [0, own.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((own[middle]?.atMicros ?? 0) <= afterMicros) low = middle + 1;
      else high = middle;
    }
    for (let index = low; (own[index]?.atMicros ?? beforeMicros) < beforeMicros; index++) {
      if (own[index]?.request !== spanKey(not)) return true;
    }
    return false;
  }
}
