import { isIdle } from '../profile/frame-kind.ts';
import type { FunctionStack, FunctionTable } from '../profile/function-times.ts';
import { sampleWeights, type TimeRange } from '../profile/sample-weights.ts';
import type { StoredChunk, StoredRequest } from '../store/profile-store.ts';

/** One piece of CPU time, and whose it is: equal parts for each request, nobody's if there is none. */
export interface CpuSlice {
  micros: number;
  stack: FunctionStack;
  requests: readonly StoredRequest[];
}

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

/**
 * The CPU time of a chunk, sample by sample. Idle samples are none; V8's collector and its `(program)` are.
 *
 * @param requests those of the chunk's profiler session
 * @param table numbers the functions of the slices' stacks
 */
export function* cpuSlices(
  { chunk }: StoredChunk,
  requests: RequestsInFlight,
  range: TimeRange,
  table: FunctionTable,
): Generator<CpuSlice> {
  const { samples, stacks, frames } = chunk.profile;
  const idle = stacks.map((stack) => isIdle(stack, frames));
  const resolved = table.resolve(stacks, frames);
  const weights = sampleWeights(samples, range);
  for (const [index, { timestamp, stack_id, thread_id }] of samples.entries()) {
    const micros = weights[index] ?? 0;
    if (micros === 0 || idle[stack_id]) continue;
    yield { micros, stack: resolved[stack_id] ?? [], requests: requests.at(Math.round(timestamp * 1e6), thread_id) };
  }
}
