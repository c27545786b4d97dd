import type { ComparedSide, Difference } from './api-trace-types.ts';
import type { Attribution, FunctionRef } from './api-types.ts';

/** What `next-profiling diff --json` prints. CPU in milliseconds per request, changes as shares of the base. Types only. */

/**
 * `slower`: risen above the limit, and told apart from chance. `faster`: fallen likewise. `same`: neither. `small`: below the
 * least CPU that is judged, on both sides. `few`: too few requests, or too much noise, to see a rise by a quarter. `new` and `gone`: on one side only. `moved`: a function
 * that rose while its route did not. `unjudged`: what belongs to no request, and V8's own work.
 */
export type Verdict = 'slower' | 'faster' | 'same' | 'small' | 'few' | 'new' | 'gone' | 'moved' | 'unjudged';

/** One figure of both sides and what is made of it. */
export interface Judged {
  /** CPU per request: of a route all, of a function its self time. */
  cpuMs: Difference;
  /** `0.3`: 30 % more than in the base. `null` where the base has none. */
  change: number | null;
  /** Standard error of `change`. */
  changeNoise: number | null;
  /** The least rise that would have counted, as a share of the base. `null` where too few requests leave it unknown. */
  leastChange: number | null;
  verdict: Verdict;
}

export interface FunctionDiff extends Judged, Omit<FunctionRef, 'selfMs'> {
  /** With its callees. */
  totalMs: Difference;
}

export interface RouteDiff extends Judged {
  /** The pattern. */
  route: string;
  /** Those that were profiled. */
  requests: { base: number; new: number };
  /** The most changed first; `gone` and `same` ones of less than a hundredth of the route are left out. */
  functions: FunctionDiff[];
}

/** What rose above the limit. */
export interface Rise extends Omit<Judged, 'verdict' | 'leastChange'> {
  route: string;
  /** `null`: the route as a whole. */
  function: Omit<FunctionRef, 'selfMs'> | null;
}

export interface DiffSide extends ComparedSide {
  /** `null` without any CPU time. */
  attribution: Attribution | null;
  /** Stretches of time without a gap, of which twenty are told apart: they say how much one differs from the next. */
  runs: number;
}

export interface DiffAnswer {
  /** `null`: nothing was judged, for there is no limit. */
  passed: boolean | null;
  /** The limit, `0.1` for 10 %. */
  failAbove: number | null;
  /** Least CPU per request that is judged, milliseconds. */
  minCpuMs: number;
  base: DiffSide;
  new: DiffSide;
  /** Functions first, the most risen first, then routes. */
  slower: Rise[];
  /** The most risen first. */
  routes: RouteDiff[];
  /** CPU outside of requests, per request. */
  outside: Judged;
}
