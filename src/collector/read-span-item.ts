import {
  arrayAt,
  FieldError,
  type Fields,
  idAt,
  objectAt,
  optional,
  shown,
  spanIdAt,
  stringAt,
} from '../profile/fields.ts';
import { parseJson } from '../profile/parse-json.ts';
import type { StoredSpan } from '../store/profile-store.ts';
import { isRequest, profilerIdOf, routeOf, textAttribute, timesOf } from './span-fields.ts';

export const SPAN_CONTENT_TYPE = 'application/vnd.sentry.items.span.v2+json';

/** The spans of one container, and what is wrong with those that cannot be read. */
export interface SpanItem {
  spans: StoredSpan[];
  problems: string[];
}

/**
 * Reads a `span` item: a container of finished spans, as SDK 11 streams them. A broken span is left out, the others
 * stay. Throws `FieldError` or `SyntaxError` if the container itself is broken.
 *
 * @param itemCount `item_count` of the item's header
 */
export function readSpanItem(json: string, projectId: string, itemCount: unknown): SpanItem {
  const container = objectAt(parseJson(json), 'payload');
  if (container.version !== 2) {
    throw new FieldError(`version must be 2, found ${shown(container.version)}`);
  }
  const items = arrayAt(container.items, 'items');
  if (itemCount !== undefined && itemCount !== items.length) {
    throw new FieldError(`the item's header counts ${shown(itemCount)} spans, its payload has ${items.length}`);
  }
  const spans: StoredSpan[] = [];
  const problems: string[] = [];
  for (const [index, item] of items.entries()) {
    try {
      spans.push(readSpan(item, `items[${index}]`, projectId));
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      problems.push(error.message);
    }
  }
  return { spans, problems };
}

function readSpan(value: unknown, path: string, projectId: string): StoredSpan {
  const span = objectAt(value, path);
  const attributes = plainAttributes(optional(span.attributes, `${path}.attributes`, objectAt) ?? {});
  const spanId = spanIdAt(span.span_id, `${path}.span_id`);
  const isSegment = span.is_segment === true;
  const op = textAttribute(attributes, 'sentry.op');
  const [startMicros, endMicros] = timesOf(span.start_timestamp, span.end_timestamp, path, 'end_timestamp');
  return {
    projectId,
    traceId: idAt(span.trace_id, `${path}.trace_id`),
    spanId,
    parentSpanId: optional(span.parent_span_id, `${path}.parent_span_id`, spanIdAt) ?? null,
    segmentId: isSegment ? spanId : textAttribute(attributes, 'sentry.segment.id'),
    isSegment,
    isRequest: isRequest(isSegment, op, attributes),
    name: stringAt(span.name, `${path}.name`),
    op,
    route: routeOf(attributes),
    startMicros,
    endMicros,
    profilerId: profilerIdOf(textAttribute(attributes, 'sentry.profiler_id', 'profiler_id')),
    threadId: textAttribute(attributes, 'thread.id'),
    release: textAttribute(attributes, 'sentry.release'),
    environment: textAttribute(attributes, 'sentry.environment'),
    attributes,
  };
}

/** `{key: {value, type}}` as `{key: value}`. */
function plainAttributes(attributes: Fields): Fields {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, (attribute as Fields | null)?.value]),
  );
}
