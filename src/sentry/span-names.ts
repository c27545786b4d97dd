import type { SpanLike } from '../engine.ts';

/** What a span turned out to be called. */
export interface SpanDescription {
  name?: string;
  /** The pattern, `/blog/[slug]`, if the span says it. */
  route?: string;
}

/** Reads a span that has ended. */
export function describeSpan(span: SpanLike): SpanDescription {
  const { description, data } = span.getSpanJSON?.() ?? { description: span.name, data: span.attributes };
  const attributes = data ?? {};
  const route = attributes['next.route'] ?? attributes['http.route'];
  return {
    ...(typeof description === 'string' && { name: description }),
    ...(typeof route === 'string' && { route }),
  };
}
