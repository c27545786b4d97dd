import type { FrameKind } from '../profile/frame-kind.ts';
import type { Judged, Verdict } from './api-diff-types.ts';
import type { Difference } from './api-trace-types.ts';

/** What a comparison is judged by. */
export interface Limits {
  /** Share of the base by which CPU per request may rise; `null`: everything that is told apart from chance is said, and nothing fails. */
  failAbove: number | null;
  /** What takes less CPU per request on both sides is not judged, milliseconds. */
  minCpuMs: number;
}

/** So many standard errors are no chance, of a route or of a function that is a good part of one. */
const NOISES = 3;
/** Of other functions, of which there are hundreds. */
const NOISES_OF_MANY = 4;
/** Of a function that is a good part of what a route is slower by. */
const NOISES_IN_SLOWER = 2;
const GOOD_PART = 0.25;
/** With less, the standard error itself is a guess. */
const LEAST_PIECES = 5;
const LEAST_REQUESTS = 20;
/** Where no smaller rise would be told from chance, that none is seen says nothing. */
const TOO_MUCH = 1 / 4;

/** How much there is to judge by, on the side that has less. */
export interface Evidence {
  requests: number;
  /** Pieces of time, each with some requests. */
  pieces: number;
}

/** What is to be said of a figure by itself. */
export function judge(cpuMs: Difference, evidence: Evidence, limits: Limits, noises = NOISES): Judged {
  const { base, new: now, noise } = cpuMs;
  const changeNoise = base === 0 || noise === null ? null : noise / base;
  const isEnough = evidence.requests >= LEAST_REQUESTS && evidence.pieces >= LEAST_PIECES;
  return {
    cpuMs,
    change: base === 0 ? null : (now - base) / base,
    changeNoise,
    leastChange: changeNoise === null || !isEnough ? null : Math.max(limits.failAbove ?? 0, noises * changeNoise),
    verdict: verdictOf(cpuMs, isEnough, limits, noises),
  };
}

function verdictOf(
  { base, new: now, noise }: Difference,
  isEnough: boolean,
  { failAbove, minCpuMs }: Limits,
  noises: number,
): Verdict {
  if (Math.max(base, now) < minCpuMs) return 'small';
  if (!isEnough || noise === null) return 'few';
  if (base === 0) return 'new';
  if (now === 0) return 'gone';
  const rise = now - base;
  const told = noises * noise;
  if (Math.abs(rise) < told) return told > Math.max(TOO_MUCH, failAbove ?? 0) * base ? 'few' : 'same';
  if (Math.abs(rise) <= (failAbove ?? 0) * base) return 'same';
  return rise > 0 ? 'slower' : 'faster';
}

/** V8's own work belongs to whoever causes it, and comes in bursts: it counts in its route. */
const OF_V8: ReadonlySet<FrameKind> = new Set(['gc', 'program', 'pruned', 'root', 'idle']);

/** The same of a function, in its route: what another function of the route made up for is no rise. */
export function judgeFunction(
  kind: FrameKind,
  cpuMs: Difference,
  evidence: Evidence,
  route: Judged,
  limits: Limits,
): Judged {
  const [own, whole] = [cpuMs, route.cpuMs].map((of) => of.new - of.base) as [number, number];
  const isToBlame = route.verdict === 'slower' && own >= GOOD_PART * whole;
  const isGoodPart = cpuMs.base >= GOOD_PART * route.cpuMs.base;
  const noises = isToBlame ? NOISES_IN_SLOWER : isGoodPart ? NOISES : NOISES_OF_MANY;
  const judged = judge(cpuMs, evidence, limits, noises);
  if (OF_V8.has(kind)) return { ...judged, verdict: 'unjudged' };
  const isMadeUpFor = whole < own / 2;
  return judged.verdict === 'slower' && isMadeUpFor ? { ...judged, verdict: 'moved' } : judged;
}
