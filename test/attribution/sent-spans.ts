import type { Sink } from '../sink.ts';

/** A span as Sentry's SDK sent it. Times are Unix seconds. */
export interface SentSpan {
  readonly spanId: string;
  readonly name: string;
  readonly isRoot: boolean;
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Every span in the sink: streamed by SDK 11, within transactions by SDK 10. */
export function sentSpans(sink: Sink): SentSpan[] {
  const streamed = sink.payloads('span').flatMap((payload) => (JSON.parse(payload).items ?? []).map(fromStream));
  return [...streamed, ...sink.payloads('transaction').flatMap(fromTransaction)];
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is Sentry's.
type Arrived = any;

function fromStream(span: Arrived): SentSpan {
  const entries = Object.entries<Arrived>(span.attributes ?? {}).map(([name, { value }]) => [name, value]);
  return {
    spanId: span.span_id,
    name: span.name,
    isRoot: span.is_segment === true,
    start: span.start_timestamp,
    end: span.end_timestamp,
    attributes: Object.fromEntries(entries),
  };
}

function fromTransaction(payload: string): SentSpan[] {
  const { transaction, contexts, start_timestamp, timestamp, spans } = JSON.parse(payload);
  const { span_id, data } = contexts.trace;
  const root = { spanId: span_id, name: transaction, isRoot: true, start: start_timestamp, end: timestamp };
  const children = spans.map((span: Arrived) => ({
    spanId: span.span_id,
    name: span.description,
    isRoot: false,
    start: span.start_timestamp,
    end: span.timestamp,
    attributes: span.data ?? {},
  }));
  return [{ ...root, attributes: data ?? {} }, ...children];
}
