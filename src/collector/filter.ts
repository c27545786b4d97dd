import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import type { Selection } from '../store/selection.ts';
import type { SpanCost } from './span-costs.ts';

/** What a question is about. What is absent does not narrow it. */
export interface Filter {
  /** Milliseconds since 1970. */
  fromMs?: number;
  toMs?: number;
  /** Nothing more will arrive (the app has ended), so no request waits for its profile any more. */
  settled?: boolean;
  /** Empty: of those that name none. */
  release?: string;
  environment?: string;
  /** A `profiler_id`. */
  session?: string;
  threadId?: string;
  traceId?: string;
  /** This span and those below. */
  spanId?: string;
}

/** Work that follows a trace's last span, an `after()` say, belongs to it as well; microseconds. */
const AFTERWARDS_MICROS = 10e6;

/** What the store can select by itself. A trace is looked for where its spans are. Rejects with `NP_STORE`. */
export async function selectionOf(store: ProfileStore, filter: Filter): Promise<Selection> {
  let [fromMicros, toMicros] = [Math.round((filter.fromMs ?? 0) * 1e3), Math.round((filter.toMs ?? 8.64e12) * 1e3)];
  if (filter.traceId !== undefined) {
    const spans = await store.trace(filter.traceId);
    if (spans.length > 0) {
      fromMicros = Math.max(fromMicros, Math.min(...spans.map(({ startMicros }) => startMicros)));
      toMicros = Math.min(toMicros, Math.max(...spans.map(({ endMicros }) => endMicros)) + AFTERWARDS_MICROS);
    }
  }
  return {
    fromMicros,
    toMicros,
    ...(filter.release !== undefined && { release: filter.release || null }),
    ...(filter.environment !== undefined && { environment: filter.environment || null }),
    ...(filter.session !== undefined && { profilerId: filter.session }),
  };
}

/** Whether a request is what is asked for. */
export function isWantedRequest({ traceId, spanId, threadId }: Filter, request: StoredRequest): boolean {
  if (traceId !== undefined && request.traceId !== traceId) return false;
  if (spanId !== undefined && request.spanId !== spanId) return false;
  return threadId === undefined || request.threadId === null || request.threadId === threadId;
}

/** Whether a span's own time is what is asked for; `undefined`: outside of any span. */
export function isWantedSpan({ traceId, spanId }: Filter, span: SpanCost | undefined): boolean {
  if (traceId !== undefined && span?.traceId !== traceId) return false;
  if (spanId === undefined) return true;
  for (let at: SpanCost | null = span ?? null; at !== null; at = at.parent) if (at.spanId === spanId) return true;
  return false;
}
