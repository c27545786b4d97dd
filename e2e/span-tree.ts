import type { Sink } from '../test/sink.ts';

/** A span among the others of its request. */
export interface TreeSpan {
  readonly name: string;
  /** Absent or `ok` if nothing went wrong. */
  readonly status: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The names of the spans above it, nearest first. */
  readonly above: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is Sentry's.
type Arrived = any;

/** Every span in the sink, as SDK 11 streams them or as SDK 10 puts them into transactions. */
export function spanTree(sink: Sink): TreeSpan[] {
  const streamed = sink.payloads('span').flatMap((payload) => JSON.parse(payload).items ?? []);
  const transactions = sink.payloads('transaction').flatMap((payload) => {
    const { transaction, contexts, spans } = JSON.parse(payload);
    return [{ ...contexts.trace, description: transaction }, ...spans];
  });
  const all = new Map<string, Arrived>([...streamed, ...transactions].map((span) => [span.span_id, span]));
  return [...all.values()].map((span) => ({
    name: nameOf(span),
    status: span.status,
    attributes: span.data ?? valuesOf(span.attributes),
    above: [...ancestors(span, all)].map(nameOf),
  }));
}

const nameOf = (span: Arrived): string => span.name ?? span.description;

function* ancestors(span: Arrived, all: ReadonlyMap<string, Arrived>): Generator<Arrived> {
  for (let at = all.get(span.parent_span_id); at !== undefined; at = all.get(at.parent_span_id)) yield at;
}

function valuesOf(attributes: Record<string, { value: unknown }> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));
}
