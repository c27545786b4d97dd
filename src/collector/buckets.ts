import type { StoreStatus } from '../store/profile-store.ts';
import type { Buckets } from './api-types.ts';
import { milliseconds } from './figures.ts';
import type { Filter } from './filter.ts';
import { SERIES_MICROS } from './ledger.ts';

const MOST_BUCKETS = 60;

/** Widths that people read easily, seconds; each is whole times the finest. */
const WIDTHS = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

/** At most 60 equal pieces of a range, or, where it is open, of what is stored. */
export function bucketsOf({ fromMs, toMs }: Filter, stored: Pick<StoreStatus, 'startMicros' | 'endMicros'>): Buckets {
  const from = fromMs ?? (stored.startMicros ?? 0) / 1e3;
  const to = Math.max(from, toMs ?? (stored.endMicros ?? 0) / 1e3);
  const days = (to - from) / 86_400e3;
  // One more than divides the range, since the first begins before it.
  const seconds =
    WIDTHS.find((width) => (to - from) / (width * 1e3) <= MOST_BUCKETS - 1) ?? Math.ceil(days / 59) * 86_400;
  const widthMs = seconds * 1e3;
  const startMs = Math.floor(from / widthMs) * widthMs;
  return { fromMs: startMs, widthMs, count: Math.floor((to - startMs) / widthMs) + 1 };
}

/** CPU milliseconds per bucket. */
export function seriesIn({ fromMs, widthMs, count }: Buckets, series: ReadonlyMap<number, number>): number[] {
  const micros = new Float64Array(count);
  for (const [fine, value] of series) {
    const bucket = Math.floor(((fine * SERIES_MICROS) / 1e3 - fromMs) / widthMs);
    if (bucket >= 0 && bucket < count) micros[bucket] = (micros[bucket] ?? 0) + value;
  }
  return Array.from(micros, milliseconds);
}
