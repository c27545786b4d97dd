import type { SentryClient, SpanLike } from '../engine.ts';
import { registeredOpenTelemetry, SPAN_KEY } from '../sentry/open-telemetry.ts';

/** On Next's span of a prerender and on all below it. */
const PRERENDER = Symbol('next-profiling.prerender');
/** How Next 15 and 16 begin that span's name. */
const NAME = 'prerender route';

interface MarkedSpan {
  [PRERENDER]?: true;
  readonly _name?: string;
}

/**
 * Marks the spans of prerenders. A server that renders a page again for its cache does so below the request that asked
 * for it, and functions that Next gives up on there never settle.
 */
export function markPrerenders(client: SentryClient): void {
  client.on('spanStart', (span: SpanLike & MarkedSpan) => {
    // Whoever starts a span does so in its parent's context.
    const parent = registeredOpenTelemetry()?.context?.active().getValue(SPAN_KEY);
    // Sentry's spans have their name in a private field; to ask for their plain data costs as much as the span.
    const name = span._name ?? span.name;
    if (isPrerender(parent) || name?.startsWith(NAME)) span[PRERENDER] = true;
  });
}

export function isPrerender(span: unknown): boolean {
  return (span as MarkedSpan | undefined)?.[PRERENDER] === true;
}
