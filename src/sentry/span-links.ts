import type { EventLike, SpanLike } from '../engine.ts';

/** The thread that spans are linked to while a profiler runs. */
export interface ThreadLink {
  readonly id: string;
  readonly name: string;
}

/** Where the SDK keeps a child span's root. It is set before the SDK announces the child's start. */
const ROOT_SPAN_FIELD = '_sentryRootSpan';

/** Whether a span has no local parent. */
export function isRootSpan(span: SpanLike): boolean {
  const root = (span as { [ROOT_SPAN_FIELD]?: unknown })[ROOT_SPAN_FIELD];
  return root === undefined || root === span;
}

/** The attributes by which Sentry finds a span's profile; a root span's also name the profiler, for its whole trace. */
export function linkSpan(span: SpanLike, isRoot: boolean, profilerId: string, thread: ThreadLink): void {
  span.setAttribute('thread.id', thread.id);
  span.setAttribute('thread.name', thread.name);
  if (!isRoot) return;
  // Transactions of SDK 10 are read by the first name, streamed spans of SDK 11 by the second.
  span.setAttribute('profiler_id', profilerId);
  span.setAttribute('sentry.profiler_id', profilerId);
}

/**
 * Links an event to the profile of its trace. A transaction is linked if its root span was, that is, if the profiler
 * ran when it started; any other event if the profiler runs now.
 */
export function linkEvent(event: EventLike, profilerId: string | null, thread: ThreadLink): void {
  const trace = event.contexts?.trace;
  if (trace === undefined) return;
  const data = (trace.data ?? {}) as Record<string, unknown>;
  const linkedId = event.type === 'transaction' ? data.profiler_id : profilerId;
  if (typeof linkedId !== 'string') return;
  trace.data = {
    ...data,
    'thread.id': data['thread.id'] ?? thread.id,
    'thread.name': data['thread.name'] ?? thread.name,
  };
  event.contexts = { ...event.contexts, profile: { ...event.contexts?.profile, profiler_id: linkedId } };
}
