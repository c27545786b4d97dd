import type { FrameColumns, TreeColumns } from './api-profile-types.ts';
import type { FunctionRef } from './api-types.ts';

/**
 * The JSON of the answers about requests: their list, traces, event-loop blocks, comparisons. Times of day in milliseconds
 * since 1970, with fractions. Types only.
 */

/** One request: its root span. */
export interface RequestRow {
  traceId: string;
  spanId: string;
  /** The profiler session that watched it; `null`: none. */
  session: string | null;
  /** Its thread or lane. */
  thread: string | null;
  name: string;
  route: string;
  startMs: number;
  durationMs: number;
  /** With its descendants; `null` if no profiler watched it. */
  cpuMs: number | null;
  release: string | null;
  environment: string | null;
}

/** `GET /api/v1/requests?sort=cpu|duration|start&limit=100`, highest first. */
export interface RequestsAnswer {
  requests: RequestRow[];
  /** Requests beyond `limit`. */
  more: number;
}

export interface TraceSpan {
  spanId: string;
  /** Row in `spans`, always an earlier one; -1 for one whose parent is not here. */
  parent: number;
  name: string;
  op: string | null;
  /** The pattern that this span itself names. */
  route: string | null;
  status: string | null;
  isRequest: boolean;
  startMs: number;
  endMs: number;
  /** Whether a profiler watched it; without, the next two are `null`. */
  profiled: boolean;
  /** In the span itself. `null` too where samples do not know their span. */
  cpuSelfMs: number | null;
  /** And below. */
  cpuTotalMs: number | null;
  session: string | null;
  thread: string | null;
  threadName: string | null;
}

/** `GET /api/v1/trace?trace=ID`: all stored spans of a trace, parents before children, siblings by start. */
export interface TraceAnswer {
  traceId: string;
  startMs: number;
  endMs: number;
  spans: TraceSpan[];
  /** Sessions that watched it. */
  sessions: string[];
  /** The same trace in Sentry, if `--sentry-url` says where. */
  sentryUrl: string | null;
}

export interface InFlightRequest {
  traceId: string;
  spanId: string;
  name: string;
  route: string;
  startMs: number;
  endMs: number;
}

/** One request that kept the loop from all others. */
export interface BlockRow {
  /** Exact to half a sampling interval, as is the end. */
  startMs: number;
  durationMs: number;
  cpuMs: number;
  session: string;
  thread: string;
  traceId: string;
  spanId: string;
  /** Of the root span. */
  name: string;
  route: string | null;
  /** The function that most of it was spent in itself, with its CPU time. */
  function: FunctionRef | null;
  /** The stack that it had most often then, leaf first. */
  stack: Omit<FunctionRef, 'selfMs'>[];
  samples: number;
  /** Other requests of the process that were in flight meanwhile: they had to wait. */
  inFlight: number;
  /** Requests that began within 20 ms after it: they had most likely been waiting to be read. */
  queued: number;
  /** The first 50 of both. */
  inFlightRequests: InFlightRequest[];
}

/** `GET /api/v1/blocks?limit=50`, the longest first. Only chunks whose samples know their span can tell. */
export interface BlocksAnswer {
  contextChunks: number;
  blocks: BlockRow[];
}

/** One side of a comparison. */
export interface ComparedSide {
  /** Those that were profiled. */
  requests: number;
  /** `null` without requests. */
  cpuMsPerRequest: number | null;
  fromMs: number;
  toMs: number;
  release: string | null;
}

/** A figure of both sides, in milliseconds of CPU per request. */
export interface Difference {
  base: number;
  new: number;
  /**
   * Standard error of `new - base`: the jackknife's, which leaves out one of up to twenty slices of each side's time after
   * the other. A difference of less than two of it is not told apart from chance. `null` where a side has only one slice
   * with requests.
   */
  noise: number | null;
}

export interface FunctionDifference extends Omit<FunctionRef, 'selfMs'> {
  selfMs: Difference;
  totalMs: Difference;
}

/**
 * `GET /api/v1/compare?route=…&base=…&new=…`, where `base` and `new` each are a query string of `from`, `to`, `release`,
 * `environment`, `session`.
 */
export interface CompareAnswer {
  route: string | null;
  base: ComparedSide;
  new: ComparedSide;
  cpuMs: Difference;
  frames: FrameColumns;
  /** Microseconds of CPU per request; those of descendants are not in it. */
  nodes: TreeColumns & { baseSelfMicros: number[]; newSelfMicros: number[] };
  /** Most different in self time first. */
  functions: FunctionDifference[];
}
