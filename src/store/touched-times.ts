import type { StoredSpan } from './profile-store.ts';
import { ROLLUP_MICROS } from './rollup-store.ts';

/** CPU time of a request can come after its end. */
const AFTERWARDS_MICROS = 5e6;
/** A span that claims to be longer touches its first and last bucket only. */
const MOST_TOUCHED = 300;

/** First and last moment, microseconds. */
export type Times = Pick<StoredSpan, 'startMicros' | 'endMicros'>;

/**
 * Starts of the five minutes whose sums a batch changes: those of its chunks; those of its root spans, which say whose CPU
 * time is whose; and those of the root spans whose route a span below them names, which a store has to look up.
 */
export class TouchedTimes {
  readonly #buckets = new Set<number>();

  constructor(chunks: readonly Times[], spans: readonly StoredSpan[]) {
    for (const { startMicros, endMicros } of chunks) this.#add(startMicros, endMicros);
    for (const span of spans) if (span.isSegment) this.addRoot(span);
  }

  get starts(): number[] {
    return [...this.#buckets].map((bucket) => bucket * ROLLUP_MICROS);
  }

  addRoot({ startMicros, endMicros }: Times): void {
    this.#add(startMicros, endMicros + AFTERWARDS_MICROS);
  }

  #add(fromMicros: number, toMicros: number): void {
    const [first, last] = [Math.floor(fromMicros / ROLLUP_MICROS), Math.floor(toMicros / ROLLUP_MICROS)];
    if (last - first <= MOST_TOUCHED) for (let bucket = first; bucket <= last; bucket++) this.#buckets.add(bucket);
    else for (const bucket of [first, last]) this.#buckets.add(bucket);
  }
}

/** A span that gives its root a route, as far as is known. */
export type NamingSpan = StoredSpan & { segmentId: string };

export const namesItsRoot = (span: StoredSpan): span is NamingSpan =>
  !span.isSegment && span.route !== null && span.segmentId !== null;
