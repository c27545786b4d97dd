import type { EventLike, SpanLike } from '../engine.ts';

/** The thread that spans are linked to while a profiler runs. */
export interface ThreadLink {
  readonly id: string;
  readonly name: string;
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

/** Writes down what CPU time a span took, itself and with its descendants, in milliseconds. */
export function setCpu(span: SpanLike, cpu: { selfMicros: number; totalMicros: number }): void {
  setOnEnded(span, 'cpu.time_ms', cpu.selfMicros / 1000);
  setOnEnded(span, 'cpu.total_time_ms', cpu.totalMicros / 1000);
}

/** Spans of OpenTelemetry's SDK take no attributes once they have ended, but are not sent yet either. */
function setOnEnded(span: SpanLike, name: string, value: number): void {
  span.setAttribute(name, value);
  if (span.attributes && span.attributes[name] === undefined) span.attributes[name] = value;
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
