import type { ProfileStore, StoredSpan } from '../store/profile-store.ts';
import { settleAccounts } from './accounts.ts';
import type { TraceAnswer, TraceSpan } from './api-trace-types.ts';
import { milliseconds } from './figures.ts';
import { type SpanCost, spanKey } from './span-costs.ts';
import { textAttribute } from './span-fields.ts';
import { type OrderedSpan, orderSpans } from './span-order.ts';

/** CPU time of a stored span, microseconds. */
interface Cost {
  self: number;
  /** Of spans below it that are not stored themselves. */
  below: number;
}

/** A trace with what each of its spans cost; `null` if no span of it is stored. Rejects with `NP_STORE`. */
export async function queryTrace(
  store: ProfileStore,
  traceId: string,
  sentryUrl: string | null,
): Promise<TraceAnswer | null> {
  const stored = await store.trace(traceId);
  if (stored.length === 0) return null;
  const { ledger, spans: named, contextChunks } = await settleAccounts(store, { traceId });
  const ordered = orderSpans(stored);
  const costs = costsOf(ordered, named);
  const byWindow = new Map([...ledger.microsOf].map(([request, micros]) => [spanKey(request), micros]));
  const totals = totalsOf(ordered, costs);
  const sessions = new Set([...stored.flatMap(({ profilerId }) => profilerId ?? [])]);
  return {
    traceId,
    startMs: Math.min(...stored.map(({ startMicros }) => startMicros)) / 1e3,
    endMs: Math.max(...stored.map(({ endMicros }) => endMicros)) / 1e3,
    spans: ordered.map((entry, row) => {
      const total = contextChunks > 0 ? totals[row] : byWindow.get(spanKey(entry.span));
      const session = watchedBy(entry, ordered);
      const isProfiled = session !== null || (total ?? 0) > 0;
      return spanRow(entry, {
        profiled: isProfiled,
        cpuSelfMs: isProfiled && contextChunks > 0 ? milliseconds(costs[row]?.self ?? 0) : null,
        cpuTotalMs: isProfiled && total !== undefined ? milliseconds(total) : null,
        session,
      });
    }),
    sessions: [...sessions],
    sentryUrl: sentryUrl === null ? null : `${sentryUrl}/performance/trace/${traceId}/`,
  };
}

/** The profiler of the span or of the nearest span above it: only root spans need to name one. */
function watchedBy({ span, parent }: OrderedSpan, ordered: readonly OrderedSpan[]): string | null {
  if (span.profilerId !== null) return span.profilerId;
  for (let at = ordered[parent]; at !== undefined; at = ordered[at.parent]) {
    if (at.span.profilerId !== null) return at.span.profilerId;
    // What is above its root is of another process.
    if (at.span.isSegment) return null;
  }
  return null;
}

function costsOf(ordered: readonly OrderedSpan[], named: readonly SpanCost[]): Cost[] {
  const costs = ordered.map(() => ({ self: 0, below: 0 }));
  const rows = new Map(ordered.map(({ span }, row) => [spanKey(span), row]));
  for (const cost of named) {
    for (let at: SpanCost | null = cost; at !== null; at = at.parent) {
      const row = rows.get(spanKey(at));
      if (row === undefined) continue;
      const into = costs[row];
      if (into !== undefined) into[at === cost ? 'self' : 'below'] += cost.micros;
      break;
    }
  }
  return costs;
}

/** With everything below. */
function totalsOf(ordered: readonly OrderedSpan[], costs: readonly Cost[]): number[] {
  const totals = costs.map(({ self, below }) => self + below);
  for (let row = ordered.length - 1; row >= 0; row--) {
    const parent = ordered[row]?.parent ?? -1;
    if (parent !== -1) totals[parent] = (totals[parent] ?? 0) + (totals[row] ?? 0);
  }
  return totals;
}

function spanRow(
  { span, parent }: { span: StoredSpan; parent: number },
  cost: Pick<TraceSpan, 'profiled' | 'cpuSelfMs' | 'cpuTotalMs' | 'session'>,
): TraceSpan {
  return {
    spanId: span.spanId,
    parent,
    name: span.name,
    op: span.op,
    route: span.route,
    status: textAttribute(span.attributes, 'http.response.status_code', 'http.status_code'),
    isRequest: span.isRequest,
    startMs: span.startMicros / 1e3,
    endMs: span.endMicros / 1e3,
    ...cost,
    thread: span.threadId,
    threadName: textAttribute(span.attributes, 'thread.name'),
  };
}
