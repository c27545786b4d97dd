import type { SpanJson, SpanLike } from '../engine.ts';

/** What a span turned out to be called. */
export interface SpanDescription {
  name?: string;
  /** The pattern, `/blog/[slug]`, if the span says it. */
  route?: string;
}

/** Name and attributes of a span, whichever SDK it is from. */
export function readSpan(span: SpanLike): { name: unknown; attributes: Record<string, unknown> } {
  const { description, data, name = description, attributes = data ?? {} } = span.getSpanJSON?.() ?? plainData(span);
  return { name, attributes };
}

/** Reads a span that has ended. */
export function describeSpan(span: SpanLike): SpanDescription {
  const { name, attributes } = readSpan(span);
  const route = attributes['next.route'] ?? attributes['http.route'];
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof route === 'string' && { route }),
  };
}

/** OpenTelemetry's SDK keeps both on the span itself. */
function plainData({ name, attributes }: SpanLike): SpanJson {
  return { ...(name !== undefined && { name }), ...(attributes && { attributes }) };
}
