import type { FoundSpan, ProfileStore, SpanId, StoredRequest } from '../store/profile-store.ts';
import type { TimelineSpan } from './api-profile-types.ts';
import { milliseconds } from './figures.ts';
import { type SpanCost, spanKey } from './span-costs.ts';

interface SpanEntry extends SpanId {
  parent: number;
  session: string;
  name: string | undefined;
  route: string | undefined;
  cpuMicros: number;
}

/** The spans that a timeline names, each once, in the order in which they were met. */
export class TimelineSpans {
  readonly #entries: SpanEntry[] = [];
  readonly #rows = new Map<string, number>();

  /** The row of a span that worked, its ancestors' made too. */
  addCost(span: SpanCost, session: string, cpuMicros: number): number {
    const row = this.#rowOf(span, session);
    const entry = this.#entries[row];
    if (entry !== undefined) entry.cpuMicros += cpuMicros;
    return row;
  }

  addRequest(request: StoredRequest): void {
    if (this.#rows.has(spanKey(request))) return;
    const { projectId, traceId, spanId, profilerId, name } = request;
    const route = request.route ?? undefined;
    this.#add({ projectId, traceId, spanId, parent: -1, session: profilerId ?? '', name, route, cpuMicros: 0 });
  }

  /** With what the store knows of them. Rejects with `NP_STORE`. */
  async rows(store: ProfileStore): Promise<TimelineSpan[]> {
    const found = new Map<string, FoundSpan>();
    for await (const span of store.spans(this.#entries)) found.set(spanKey(span), span);
    return this.#entries.map((entry) => {
      const stored = found.get(spanKey(entry));
      return {
        traceId: entry.traceId,
        spanId: entry.spanId,
        parent: entry.parent,
        name: stored?.name || entry.name || '',
        route: stored?.route ?? entry.route ?? null,
        session: entry.session,
        thread: stored?.threadId ?? null,
        startMs: stored === undefined ? null : stored.startMicros / 1e3,
        endMs: stored === undefined ? null : stored.endMicros / 1e3,
        cpuMs: milliseconds(entry.cpuMicros),
      };
    });
  }

  #rowOf(span: SpanCost, session: string): number {
    const known = this.#rows.get(spanKey(span));
    if (known !== undefined) return known;
    const parent = span.parent === null ? -1 : this.#rowOf(span.parent, session);
    const { projectId, traceId, spanId, name, route } = span;
    return this.#add({ projectId, traceId, spanId, parent, session, name, route, cpuMicros: 0 });
  }

  #add(entry: SpanEntry): number {
    const row = this.#entries.push(entry) - 1;
    this.#rows.set(spanKey(entry), row);
    return row;
  }
}
