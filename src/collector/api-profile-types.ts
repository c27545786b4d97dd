import type { FrameKind } from '../profile/frame-kind.ts';
import type { Attributed } from './api-types.ts';

/**
 * The JSON of the answers that hold profiles: call tree, timeline, sessions. Columns instead of objects, since there may be
 * hundreds of thousands of rows: row i is element i of each array. Times of day in milliseconds since 1970, with fractions;
 * weights in microseconds. Types only.
 */

/** What every question can be narrowed down by, as query parameters. What is absent does not narrow. */
export interface FilterParameters {
  /** Milliseconds since 1970. */
  from?: string;
  to?: string;
  /** The pattern. */
  route?: string;
  /** Empty: of those that name none. */
  release?: string;
  environment?: string;
  /** A profiler session. */
  session?: string;
  /** A thread or lane. */
  thread?: string;
  trace?: string;
  /** This span and those below. */
  span?: string;
}

/** Functions at positions, each once. */
export interface FrameColumns {
  name: string[];
  kind: FrameKind[];
  /** `''` where there is none, like the next two `0`. */
  file: string[];
  /** 1-based. */
  line: number[];
  /** 1-based. */
  column: number[];
}

/** A tree of stacks. `parent[i]` is less than i, and -1 for a frame without a caller. */
export interface TreeColumns {
  parent: number[];
  /** Row in `frames`. */
  frame: number[];
}

/** A merged call tree. Weights are of the node itself; its total is its own and its descendants'. */
export interface CallTreeColumns extends TreeColumns {
  selfCpuMicros: number[];
  /** Time until the next sample of the same thread, as Sentry weighs. */
  selfWallMicros: number[];
  /** Samples with this node as the leaf. */
  samples: number[];
  /** Runs of consecutive samples in which this node was on the stack; a call seen from outside, no more. */
  runs: number[];
}

/** `GET /api/v1/tree`. */
export interface TreeAnswer extends Attributed {
  fromMs: number;
  toMs: number;
  /** Requests of the range, as `GET /api/v1/routes` counts them; 0 if the question is about less than a route. */
  requests: number;
  frames: FrameColumns;
  nodes: CallTreeColumns;
  /**
   * Nodes that were left out because of `?nodes=` or in storage, smallest first. Their weights are in a child `(pruned)` of
   * where they were, of kind `pruned`, so sums stay what they are.
   */
  prunedNodes: number;
}

export interface TimelineThread {
  session: string;
  thread: string;
  /** `main`, `main · lane 2`, or the thread's id. */
  name: string;
  /** Of the range. */
  cpuMs: number;
  samples: {
    /** Since `fromMs` of the answer, non-decreasing. */
    timeMicros: number[];
    /** Until the next sample of the thread; 0 for its last. */
    wallMicros: number[];
    cpuMicros: number[];
    /** Node in `stacks`; -1: idle. */
    stack: number[];
    /** Row in `spans`; -1: of no living span, or not known. */
    span: number[];
  };
}

export interface TimelineSpan {
  traceId: string;
  spanId: string;
  /** Row in `spans`, -1 if it has none there. */
  parent: number;
  name: string;
  route: string | null;
  session: string;
  /** Its lane; `null` as long as only chunks name the span. */
  thread: string | null;
  /** `null` as long as only chunks name the span: they do not say when it was. */
  startMs: number | null;
  endMs: number | null;
  /** In the span itself, within the range. */
  cpuMs: number;
}

/** `GET /api/v1/timeline`: the samples of a range in the order of time. */
export interface TimelineAnswer {
  fromMs: number;
  toMs: number;
  frames: FrameColumns;
  stacks: TreeColumns;
  threads: TimelineThread[];
  spans: TimelineSpan[];
  /** Samples after `toMs` that did not fit into the answer: ask again from there. 0: all are here. */
  truncatedSamples: number;
}

export interface SeriesMarker {
  timeMs: number;
  untilMs: number;
  /**
   * `chunk`: one, from its first to its last sample. `gap`: none of the session for more than two seconds. `drop`: samples
   * that were taken then and did not arrive.
   */
  kind: 'chunk' | 'gap' | 'drop';
  detail: string;
  /** Of a drop: the session whose chunk told of it, which may have begun later. */
  session: string;
}

/** `GET /api/v1/series?points=N`: each series thinned out to about N points, of which the highest are kept. */
export interface SeriesAnswer {
  fromMs: number;
  toMs: number;
  series: {
    /** `cpu_usage`, `memory_footprint`, `event_loop_delay`, or what another SDK sends. */
    name: string;
    unit: string;
    session: string;
    timesMs: number[];
    values: number[];
  }[];
  markers: SeriesMarker[];
}

export interface SessionRow {
  session: string;
  platform: string;
  sdk: string | null;
  release: string | null;
  environment: string | null;
  startMs: number;
  endMs: number;
  chunks: number;
  /** `transaction`: a profile of one transaction (sample format v1), a session of its own. */
  kind: 'continuous' | 'transaction' | 'import';
  /** The file of an imported profile, the transaction of a v1 profile. */
  name: string | null;
  /** Only with `?session=`, since bodies are read for them. Most CPU first. */
  threads: { thread: string; name: string; samples: number; cpuMs: number }[] | null;
}

/** `GET /api/v1/sessions`, the youngest first. */
export interface SessionsAnswer {
  sessions: SessionRow[];
  /** Sessions beyond `?limit=` (100). */
  more: number;
}

/** `GET /api/v1/filters`: what there is to choose from. */
export interface FiltersAnswer {
  /** `''`: some name none. */
  releases: string[];
  environments: string[];
  routes: string[];
  /** Of all that is stored; `null` while it is empty. */
  fromMs: number | null;
  toMs: number | null;
  /** `https://ORG.sentry.io`, if `--sentry-url` says so. */
  sentryUrl: string | null;
}

/** The answer to `POST /api/v1/import?name=FILE`: the session that shows it. */
export interface ImportAnswer {
  session: string;
}

/** `GET /api/v1/source`: the lines where a function begins; none where no source map has them. */
export interface SourceAnswer {
  file: string;
  line: number;
  /** Number of the first of `lines`. */
  firstLine: number;
  lines: string[];
}
