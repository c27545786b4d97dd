import type { SpanId, StoredChunk, StoredRequest } from '../store/profile-store.ts';
import type { Account } from './account.ts';

/** Who pays for the CPU time in and below a root span. */
export interface RootOwner {
  account: Account;
  /** Missing if the root span is none, or has not been received. */
  request?: StoredRequest;
  /** Whether the root span is in the store. */
  received: boolean;
}

/** A span that a chunk names, and the CPU time of the span itself. */
export interface SpanCost extends SpanId {
  /** `null` for a root span. */
  parent: SpanCost | null;
  /** What the chunks call it; a later one may know what an earlier did not. */
  name: string | undefined;
  route: string | undefined;
  /** Within the range, without descendants, microseconds. */
  micros: number;
  /** Known for the root of each span that CPU time was spent in. */
  owner?: RootOwner;
}

/** One text for a span's ids. */
export const spanKey = ({ projectId, traceId, spanId }: SpanId): string => `${projectId} ${traceId} ${spanId}`;

/** Where the chain of parents ends. */
export function rootOf(span: SpanCost): SpanCost {
  let root = span;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** The spans of any number of chunks, each once. */
export class SpanCosts {
  readonly #known = new Map<string, SpanCost>();

  /** The spans of a chunk, in their order there. */
  of({ projectId, chunk }: StoredChunk): SpanCost[] {
    const spans = chunk.next_profiling?.spans ?? [];
    const found = spans.map(({ trace_id, span_id, name, route }) => {
      const id: SpanId = { projectId, traceId: trace_id, spanId: span_id };
      const known = this.#known.get(spanKey(id));
      const cost: SpanCost = known ?? { ...id, parent: null, name, route, micros: 0 };
      cost.name ??= name;
      cost.route ??= route;
      return { cost, isNew: known === undefined };
    });
    // A known span keeps its parent whatever this chunk says, so chunks that disagree cannot close a circle.
    for (const [index, { cost, isNew }] of found.entries()) {
      if (!isNew) continue;
      cost.parent = found[spans[index]?.parent ?? -1]?.cost ?? null;
      this.#known.set(spanKey(cost), cost);
    }
    return found.map(({ cost }) => cost);
  }

  all(): Iterable<SpanCost> {
    return this.#known.values();
  }
}
