import type { ProfileChunk } from '../../src/profile/types.ts';
import { newId, T0 } from '../profile/chunk-of.ts';

/** An envelope as the Node SDK writes it: newline framing, no `length`. */
export function envelopeOf(...items: [header: object, payload: unknown][]): string {
  const lines = items.flatMap(([header, payload]) => [
    JSON.stringify(header),
    typeof payload === 'string' ? payload : JSON.stringify(payload),
  ]);
  return [JSON.stringify({ event_id: 'e'.repeat(32), sent_at: '2026-11-20T00:00:00.000Z' }), ...lines].join('\n');
}

export const chunkItem = (chunk: ProfileChunk | string): [object, unknown] => [
  { type: 'profile_chunk', platform: 'node' },
  chunk,
];

/** What a span of a test says; times in seconds after `T0`. */
export interface SpanLine {
  name: string;
  from: number;
  to: number;
  attributes?: Record<string, unknown>;
  op?: string;
  /** The root span this one is below. */
  parent?: { trace_id: string; span_id: string };
}

/** A span as SDK 11 streams it. */
export function spanOf({ name, from, to, attributes = {}, op, parent }: SpanLine) {
  const all = {
    ...(op !== undefined && { 'sentry.op': op }),
    ...(parent !== undefined && { 'sentry.segment.id': parent.span_id }),
    ...attributes,
  };
  return {
    name,
    span_id: newId().slice(0, 16),
    trace_id: parent?.trace_id ?? newId(),
    ...(parent !== undefined && { parent_span_id: parent.span_id }),
    start_timestamp: T0 + from,
    end_timestamp: T0 + to,
    is_segment: parent === undefined,
    status: 'ok',
    attributes: Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        key,
        { value, type: typeof value === 'string' ? 'string' : 'integer' },
      ]),
    ),
  };
}

/** A request's root span. */
export const requestSpan = (route: string, from: number, to: number, attributes: Record<string, unknown> = {}) =>
  spanOf({ name: `GET ${route}`, from, to, op: 'http.server', attributes: { 'http.route': route, ...attributes } });

export function spanItem(...items: unknown[]): [object, unknown] {
  const header = { type: 'span', item_count: items.length, content_type: 'application/vnd.sentry.items.span.v2+json' };
  return [header, { version: 2, items }];
}
