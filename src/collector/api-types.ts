import type { FunctionTime } from '../profile/function-times.ts';
import type { StoreStatus } from '../store/profile-store.ts';

/** The JSON of `GET /api/v1/…`. Times of CPU in milliseconds, shares from 0 to 1. Types only. */

/**
 * How CPU time was given to requests. `time-window`: a sample counts for every request that was in flight on its
 * profiler and thread at that moment, in equal parts. Requests that only wait are thus charged for their neighbours.
 */
export type Attribution = 'time-window';

export interface FunctionRow {
  name: string;
  /** `gc` and `program` are V8's own work: they are CPU time, but no function of yours. */
  kind: FunctionTime['kind'];
  /** `''` where there is none, like the next two `0`. */
  file: string;
  line: number;
  column: number;
  selfMs: number;
  totalMs: number;
  /** Of the self time of all rows. */
  share: number;
}

export type FunctionRef = Omit<FunctionRow, 'totalMs' | 'share'>;

export interface RouteRow {
  /** The pattern. */
  route: string;
  requests: number;
  /** Requests that a profiler was watching; CPU figures are over these. */
  profiledRequests: number;
  /** `null` if none was profiled. */
  cpuMsPerRequest: { mean: number; p50: number; p95: number } | null;
  cpuMs: number;
  /** Of all CPU time that was seen. */
  share: number;
  topFunction: FunctionRef | null;
}

/** `GET /api/v1/routes`, most CPU first. */
export interface RoutesAnswer {
  attribution: Attribution;
  requests: number;
  profiledRequests: number;
  /** Requests whose profile may still be on its way; in `requests`, not in the CPU figures. */
  pendingRequests: number;
  /** All CPU time that was seen: the routes' and the unattributed. */
  cpuMs: number;
  routes: RouteRow[];
  /** CPU time while no request was in flight. */
  unattributed: { cpuMs: number; share: number; topFunction: FunctionRef | null };
}

/** `GET /api/v1/functions?route=…`, most self time first. Without `route`: of all routes and the unattributed. */
export interface FunctionsAnswer {
  attribution: Attribution;
  route: string | null;
  cpuMs: number;
  functions: FunctionRow[];
}

/** `GET /api/v1/status`. Counts since this collector started. */
export interface StatusAnswer {
  version: string;
  store: StoreStatus;
  ingest: {
    envelopes: number;
    /** Envelopes that could not be read, by error code, or `HTTP_` and the status. */
    refusedEnvelopes: Record<string, number>;
    /** By item type. */
    accepted: Record<string, number>;
    ignored: Record<string, number>;
    /** By reason. */
    refused: Record<string, number>;
    duplicateChunks: number;
    repairedMeasurements: number;
    /** Chunks whose word on the spans of their samples did not fit; taken without it and linked by time. */
    brokenAttributions: number;
  };
}

/** What was refused of an envelope that could be read. */
export interface RefusedItem {
  /** Index in the envelope, from 0. */
  item: number;
  type: string;
  /** Relay's name for the reason, for profiles. */
  reason: string;
  detail: string;
}

/** The answer to a good envelope. `id` is the envelope's `event_id`, if it has one. */
export interface IngestAnswer {
  id?: string;
  refused?: RefusedItem[];
}

/** Every answer that is not 200. */
export interface ErrorAnswer {
  detail: string;
  causes: string[];
}
