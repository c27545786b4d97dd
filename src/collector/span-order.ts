import type { StoredSpan } from '../store/profile-store.ts';

/** A span and the row of its parent, -1 if that one is not there. */
export interface OrderedSpan {
  span: StoredSpan;
  parent: number;
}

/**
 * Spans as a page lists them: each parent before its children, siblings by their start. Parents come from the wire, so a
 * circle of them is cut where it is met first.
 *
 * @param spans in order of their start
 */
export function orderSpans(spans: readonly StoredSpan[]): OrderedSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string | null, StoredSpan[]>();
  for (const span of spans) {
    const parent = span.parentSpanId !== null && known.has(span.parentSpanId) ? span.parentSpanId : null;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [span]);
    else siblings.push(span);
  }
  const ordered: OrderedSpan[] = [];
  const seen = new Set<StoredSpan>();
  const visit = (from: StoredSpan): void => {
    // A list of its own instead of recursion: a chain may be as long as the trace.
    const open = [{ span: from, parent: -1 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next.span)) continue;
      seen.add(next.span);
      const row = ordered.push(next) - 1;
      for (const span of (children.get(next.span.spanId) ?? []).toReversed()) open.push({ span, parent: row });
    }
  };
  for (const root of children.get(null) ?? []) visit(root);
  for (const span of spans) if (!seen.has(span)) visit(span);
  return ordered;
}
