import { FieldError, type Fields, finiteAt, MAX_SECONDS, shown } from '../profile/fields.ts';

/** A time as microseconds since 1970, from Unix seconds or an RFC 3339 text; both are on the wire. Throws `FieldError`. */
function microsAt(value: unknown, path: string): number {
  const seconds = typeof value === 'string' ? Date.parse(value) / 1000 : finiteAt(value, path);
  if (!(seconds > 0 && seconds < MAX_SECONDS)) {
    throw new FieldError(`${path} must be Unix seconds or RFC 3339, found ${shown(value)}`);
  }
  return Math.round(seconds * 1e6);
}

/** 2000-01-01. Nothing that we keep is older. */
const EARLIEST_MICROS = 946_684_800e6;

/**
 * Start and end of a span, microseconds since 1970. Next stamps the start, and sometimes the end, of its boot spans with a
 * monotonic clock, which reads as a moment in 1970. Such a span gets no length, and without a true end it counts as of
 * now: it has just been sent. Neither does one during which the clock was set back. Throws `FieldError`.
 */
export function timesOf(start: unknown, end: unknown, path: string, endField: string): [start: number, end: number] {
  const startMicros = microsAt(start, `${path}.start_timestamp`);
  const endMicros = microsAt(end, `${path}.${endField}`);
  if (startMicros >= EARLIEST_MICROS) return [startMicros, Math.max(startMicros, endMicros)];
  const trueMicros = endMicros < EARLIEST_MICROS ? Date.now() * 1000 : endMicros;
  return [trueMicros, trueMicros];
}

/** The first of these attributes that is a text (or a number, as some SDKs send ids), else `null`. */
export function textAttribute(attributes: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** A profiler's id in the form that chunks are stored under. */
export function profilerIdOf(value: string | null): string | null {
  return value?.replaceAll('-', '').toLowerCase() ?? null;
}

/** The pattern that a span names itself. Next's own is set late and on children too. */
export function routeOf(attributes: Fields): string | null {
  return textAttribute(attributes, 'http.route', 'next.route');
}

/**
 * Whether a root span is one request to this server. Spans of the start-up (`load route module …`) are roots as well and
 * are none.
 */
export function isRequest(isSegment: boolean, op: string | null, attributes: Fields): boolean {
  return isSegment && (op === 'http.server' || attributes['next.span_type'] === 'BaseServer.handleRequest');
}
