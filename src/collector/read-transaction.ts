import { arrayAt, type Fields, idAt, objectAt, optional, spanIdAt, stringAt } from '../profile/fields.ts';
import { parseJson } from '../profile/parse-json.ts';
import type { StoredSpan } from '../store/profile-store.ts';
import { isRequest, profilerIdOf, routeOf, textAttribute, timesOf } from './span-fields.ts';

/**
 * Reads a `transaction` item, as SDK 10 sends one per root span: the root and its children.
 * Throws `FieldError` or `SyntaxError`.
 */
export function readTransaction(json: string, projectId: string): StoredSpan[] {
  const event = objectAt(parseJson(json), 'payload');
  const contexts = objectAt(event.contexts, 'contexts');
  const trace = objectAt(contexts.trace, 'contexts.trace');
  const profile = optional(contexts.profile, 'contexts.profile', objectAt) ?? {};
  const root = readOne(
    {
      ...trace,
      start_timestamp: event.start_timestamp,
      timestamp: event.timestamp,
      description: optional(event.transaction, 'transaction', stringAt) ?? '',
    },
    'contexts.trace',
    projectId,
  );
  root.isSegment = true;
  root.isRequest = isRequest(true, root.op, root.attributes);
  root.profilerId = profilerIdOf(textAttribute(profile, 'profiler_id', 'profile_id')) ?? root.profilerId;
  const children = (optional(event.spans, 'spans', arrayAt) ?? []).map((span, index) =>
    readOne(objectAt(span, `spans[${index}]`), `spans[${index}]`, projectId),
  );
  return [root, ...children].map((span) => ({
    ...span,
    segmentId: root.spanId,
    release: textAttribute(event, 'release'),
    environment: textAttribute(event, 'environment'),
  }));
}

function readOne(span: Fields, path: string, projectId: string): StoredSpan {
  const attributes = optional(span.data, `${path}.data`, objectAt) ?? {};
  const [startMicros, endMicros] = timesOf(span.start_timestamp, span.timestamp, path, 'timestamp');
  return {
    projectId,
    traceId: idAt(span.trace_id, `${path}.trace_id`),
    spanId: spanIdAt(span.span_id, `${path}.span_id`),
    parentSpanId: optional(span.parent_span_id, `${path}.parent_span_id`, spanIdAt) ?? null,
    segmentId: null,
    isSegment: false,
    isRequest: false,
    name: optional(span.description, `${path}.description`, stringAt) ?? '',
    op: optional(span.op, `${path}.op`, stringAt) ?? textAttribute(attributes, 'sentry.op'),
    route: routeOf(attributes),
    startMicros,
    endMicros,
    profilerId: profilerIdOf(textAttribute(attributes, 'sentry.profiler_id', 'profiler_id')),
    threadId: textAttribute(attributes, 'thread.id'),
    release: null,
    environment: null,
    attributes,
  };
}
