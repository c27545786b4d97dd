import { warnOnce } from '../diagnostics.ts';

/** So many times the interval at most. */
const MOST_WIDENING = 16;
/** What a shorter time cost says little: a chunk's cost comes after it, and a short session's is mostly its start and end. */
const SHORTEST_MS = 5_000;
/** Half the interval costs at most twice as much: so low that it then stays well below the limit. */
const RETURN_BELOW = 0.25;

/**
 * Keeps what profiling costs below a share of one core: widens the sampling interval when it is above, and returns when
 * it may.
 */
export class OverheadGuard {
  readonly #fullIntervalMicros: number;
  readonly #maxOverhead: number;
  #widening = 1;
  #costMs = 0;
  /** Time that was profiled since the last judgement, sessions taken together. */
  #profiledMs = 0;
  #sinceMs = performance.now();
  /** Cost of the last five seconds or more that were judged, as a share of one core. */
  ratio = 0;

  constructor(intervalMicros: number, maxOverhead: number) {
    this.#fullIntervalMicros = intervalMicros;
    this.#maxOverhead = maxOverhead;
  }

  /** For what is sampled next. */
  get intervalMicros(): number {
    return this.#fullIntervalMicros * this.#widening;
  }

  /** Profiling begins, after a time that does not count. */
  started(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** Milliseconds of CPU time that profiling took, on whichever thread. */
  add(costMs: number): void {
    this.#costMs += costMs;
  }

  /** Ends a time that counts, and judges what there is if it is long enough. */
  judge(nowMs: number): void {
    this.#profiledMs += nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    if (this.#profiledMs < SHORTEST_MS) return;
    this.ratio = this.#costMs / this.#profiledMs;
    this.#costMs = 0;
    this.#profiledMs = 0;
    if (this.ratio > this.#maxOverhead) this.#widen();
    else if (this.ratio < this.#maxOverhead * RETURN_BELOW) this.#widening = Math.max(1, this.#widening / 2);
  }

  #widen(): void {
    const before = this.#widening;
    this.#widening = Math.min(MOST_WIDENING, before * 2, 1_000_000 / this.#fullIntervalMicros);
    if (this.#widening === before) return;
    const percent = (this.ratio * 100).toFixed(1);
    const interval = `every ${(this.intervalMicros / 1000).toFixed(1)} ms`;
    warnOnce(
      'overhead',
      `profiling took ${percent} % of a core, more than maxOverhead ${this.#maxOverhead}; it samples ${interval} for now`,
    );
  }
}
