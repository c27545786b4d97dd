import type { StoredRequest } from '../store/profile-store.ts';

/** The requests of one profiler session, in order of their start, and who was in flight at a moment. */
export class RequestsInFlight {
  readonly #requests: readonly StoredRequest[];
  /** `#latestEnd[i]` is the latest end of requests 0 to i, so that a search may stop where all have ended. */
  readonly #latestEnd: Float64Array;

  constructor(requests: readonly StoredRequest[]) {
    this.#requests = requests;
    this.#latestEnd = new Float64Array(requests.length);
    requests.forEach(({ endMicros }, index) => {
      this.#latestEnd[index] = Math.max(endMicros, index === 0 ? 0 : (this.#latestEnd[index - 1] ?? 0));
    });
  }

  /** Requests in flight at a moment on a thread; one that names no thread is in flight on each. */
  at(micros: number, threadId: string): StoredRequest[] {
    const found: StoredRequest[] = [];
    for (let index = this.#lastStartedBy(micros); index >= 0 && (this.#latestEnd[index] ?? 0) >= micros; index--) {
      const request = this.#requests[index];
      if (request === undefined || request.endMicros < micros) continue;
      if (request.threadId === null || request.threadId === threadId) found.push(request);
    }
    return found;
  }

  /** Requests that were in flight at some moment of a time. */
  within(fromMicros: number, toMicros: number): StoredRequest[] {
    const found: StoredRequest[] = [];
    for (
      let index = this.#lastStartedBy(toMicros);
      index >= 0 && (this.#latestEnd[index] ?? 0) >= fromMicros;
      index--
    ) {
      const request = this.#requests[index];
      if (request !== undefined && request.endMicros >= fromMicros) found.push(request);
    }
    return found.reverse();
  }

  /** Requests that began after a moment, up to another. */
  startedWithin(afterMicros: number, toMicros: number): StoredRequest[] {
    return this.#requests.slice(this.#lastStartedBy(afterMicros) + 1, this.#lastStartedBy(toMicros) + 1);
  }

  #lastStartedBy(micros: number): number {
    let [low, high] = [0, this.#requests.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#requests[middle]?.startMicros ?? 0) <= micros) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** By profiler session; a request that no profiler watched is in none. */
export function inFlightBySession(requests: readonly StoredRequest[]): Map<string, RequestsInFlight> {
  const groups = new Map<string, StoredRequest[]>();
  for (const request of requests) {
    if (request.profilerId === null) continue;
    const group = groups.get(request.profilerId);
    if (group === undefined) groups.set(request.profilerId, [request]);
    else group.push(request);
  }
  return new Map([...groups].map(([profilerId, group]) => [profilerId, new RequestsInFlight(group)]));
}
