import type { FunctionTime } from '../profile/function-times.ts';
import type { StoreStatus } from '../store/profile-store.ts';
import type { Deleted } from '../store/retention.ts';
import type { SymbolStatus } from '../symbolicate/symbolicator.ts';

/** The JSON of `GET /api/v1/…`. Times of CPU in milliseconds, shares from 0 to 1. Types only. */

/**
 * How CPU time was given to requests. `context`: each sample knows its span, and so its request; one that only waits is
 * charged nothing. `time-window`: a sample counts for every request that was in flight on its profiler and thread at that
 * moment, in equal parts, so requests that only wait are charged for their neighbours. `mixed`: some chunks know their
 * spans, others do not.
 */
export type Attribution = 'context' | 'time-window' | 'mixed';

/** What every answer about CPU time says about its figures. */
export interface Attributed {
  attribution: Attribution;
  /** The part of `cpuMs` whose samples knew their span, from 0 to 1; the rest was given out by time window. */
  contextShare: number;
  /** What the answer is about: the CPU time of the route, or all that was seen. */
  cpuMs: number;
}

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
  /** Requests that a profiler was watching; CPU figures per request are over these. */
  profiledRequests: number;
  /** `null` if none was profiled. */
  cpuMsPerRequest: { mean: number; p50: number; p95: number } | null;
  /** Also of requests whose own span has not been received (yet), if their chunk names their route. */
  cpuMs: number;
  /** Of all CPU time that was seen. */
  share: number;
  topFunction: FunctionRef | null;
  /** CPU milliseconds per bucket of the answer. */
  series: number[];
}

/** CPU time that is in no route's row. */
export interface Remainder {
  cpuMs: number;
  /** Of all CPU time that was seen. */
  share: number;
  topFunction: FunctionRef | null;
}

/** Equal pieces of a range. */
export interface Buckets {
  fromMs: number;
  widthMs: number;
  count: number;
}

/** `GET /api/v1/routes`, most CPU first. `cpuMs` is the routes', the other roots' and the unattributed together. */
export interface RoutesAnswer extends Attributed {
  /** Those that overlap the range or had CPU time in it. */
  requests: number;
  profiledRequests: number;
  /** Requests whose profile may still be on its way; in `requests`, not in the CPU figures. */
  pendingRequests: number;
  /** Of the `series` of rows. */
  buckets: Buckets;
  /** All CPU time that was seen, in milliseconds per bucket. */
  series: number[];
  routes: RouteRow[];
  /**
   * In and below root spans that are no request (a background job), or that nothing identifies as one: `notReceivedMs` of
   * it is of root spans that are not in the store, because they have not ended or were filtered out.
   */
  otherRoots: Remainder & { notReceivedMs: number };
  /**
   * Work outside of any living span: Node's HTTP parsing before a request's span begins and after it has ended, the
   * server's own timers, start-up, collecting garbage meanwhile. By time window: while no request was in flight.
   */
  unattributed: Remainder;
  /** CPU time that was used while no request was alive and the sampler slept; not in `cpuMs`. */
  unsampledMs: number;
  /** Profiles that came through `node:inspector`, because no binary could be used. */
  fallbackChunks: number;
}

/** `GET /api/v1/functions?route=…`, most self time first. Without `route`: of all routes and the unattributed. */
export interface FunctionsAnswer extends Attributed {
  route: string | null;
  functions: FunctionRow[];
}

/** All spans of one name. */
export interface SpanRow {
  /** `(not received)`: neither the span nor its name has been. */
  name: string;
  /** Spans in or below which CPU time was seen; others are not known here. */
  spans: number;
  /** In the spans themselves. */
  selfMs: number;
  /** In them and below; a span below one of the same name counts once. */
  totalMs: number;
  /** Of `cpuMs`, by self time. */
  share: number;
}

/**
 * `GET /api/v1/spans?route=…`, most self time first. Without `route`: of all. Only chunks that know their spans count here;
 * `cpuMs` is the self time of all rows, `unknownMs`, and, without `route`, the unattributed.
 */
export interface SpansAnswer extends Attributed {
  route: string | null;
  /** Chunks of the range whose samples know their span, of whatever route. With 0, nothing is known about spans. */
  contextChunks: number;
  spans: SpanRow[];
  /** CPU time of chunks that do not know their spans. */
  unknownMs: number;
  /** Outside of any living span. Of the whole range, also where the answer is about one route. */
  unattributed: Remainder;
}

/** `GET /api/v1/status`. Counts since this collector started. */
export interface StatusAnswer {
  version: string;
  store: StoreStatus;
  /** How frames are resolved to their sources; `null` if they are not. */
  symbols: SymbolStatus | null;
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
  upkeep: UpkeepAnswer;
}

/** What a collector does in the background. Counts since it started. */
export interface UpkeepAnswer {
  task: 'deleting' | 'rolling up' | null;
  /** Pieces of five minutes, and how many are left to do. */
  rolledUp: number;
  toRollUp: number;
  deleted: Deleted;
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
