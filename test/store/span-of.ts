import type { StoredSpan } from '../../src/store/profile-store.ts';
import { newId, T0 } from '../profile/chunk-of.ts';

/** A request's root span; times in seconds after `T0`. */
export function requestOf(route: string | null, from: number, to: number, more: Partial<StoredSpan> = {}): StoredSpan {
  const spanId = newId().slice(0, 16);
  return {
    projectId: '1',
    traceId: newId(),
    spanId,
    parentSpanId: null,
    segmentId: spanId,
    isSegment: true,
    isRequest: true,
    name: `GET ${route ?? '/'}`,
    op: 'http.server',
    route,
    startMicros: Math.round((T0 + from) * 1e6),
    endMicros: Math.round((T0 + to) * 1e6),
    profilerId: null,
    threadId: null,
    release: null,
    environment: null,
    attributes: {},
    ...more,
  };
}
