import type { DiffAnswer, FunctionDiff, Judged, Rise, RouteDiff } from './api-diff-types.ts';
import { ComparedFunctions } from './compared-functions.ts';
import type { ComparedSide } from './compared-side.ts';
import { type DiffSource, readBoth } from './diff-sides.ts';
import { differenceOf } from './difference.ts';
import { type Evidence, judge, judgeFunction, type Limits } from './judge.ts';
import { sameFunctions } from './same-functions.ts';

/** A function that did not change is listed if it is at least this part of its route. */
const WORTH_LISTING = 0.01;

/** What changed from one build to another, route by route, and whether that is too much. Rejects with `NP_STORE`. */
export async function queryDiff(
  base: DiffSource,
  now: DiffSource,
  limits: Limits,
  wanted: string | null = null,
): Promise<DiffAnswer> {
  const functions = new ComparedFunctions();
  const sides = await readBoth(base, now, functions);
  const names = new Set([...sides.now.routes.keys(), ...sides.base.routes.keys()]);
  const routes = [...names]
    .filter((route) => wanted === null || route === wanted)
    .map((route) => routeDiff(route, sides.base.route(route), sides.now.route(route), functions, limits))
    .sort(byRise);
  const outside = differenceOf(sides.base.outside, sides.now.outside, ({ micros }) => micros, {
    base: sides.base.requests,
    now: sides.now.requests,
  });
  const slower = risesOf(routes);
  return {
    passed: limits.failAbove === null ? null : slower.length === 0,
    ...limits,
    base: sides.base.answer,
    new: sides.now.answer,
    slower,
    routes,
    outside: { ...judge(outside, { requests: 0, pieces: 0 }, limits), verdict: 'unjudged' },
  };
}

/** Whether anything could be judged at all; not if what is not small was seen too seldom, or too noisily. */
export function isJudged({ routes, slower }: DiffAnswer): boolean {
  if (slower.length > 0) return true;
  const verdicts = new Set(routes.map(({ verdict }) => verdict));
  const isSmall = verdicts.has('small') && !verdicts.has('few');
  return isSmall || (['same', 'slower', 'faster'] as const).some((verdict) => verdicts.has(verdict));
}

function routeDiff(
  route: string,
  base: ComparedSide,
  now: ComparedSide,
  functions: ComparedFunctions,
  limits: Limits,
): RouteDiff {
  const evidence = {
    requests: Math.min(base.requests, now.requests),
    pieces: Math.min(base.pieces, now.pieces),
  };
  const whole = judge(
    differenceOf(base, now, ({ micros }) => micros),
    evidence,
    limits,
  );
  const requests = { base: base.requests, new: now.requests };
  const verdict = requests.base === 0 ? 'new' : requests.new === 0 ? 'gone' : whole.verdict;
  return {
    route,
    requests,
    ...whole,
    verdict,
    functions: sameFunctions(functions.functions, base.functions, now.functions)
      .flatMap((numbers) => functionDiff(numbers, base, now, functions, evidence, whole, limits))
      .filter((of) => isWorthListing(of, whole))
      .sort(byRise),
  };
}

function functionDiff(
  numbers: readonly number[],
  base: ComparedSide,
  now: ComparedSide,
  { functions }: ComparedFunctions,
  evidence: Evidence,
  route: Judged,
  limits: Limits,
): FunctionDiff[] {
  const of = functions[numbers[0] ?? 0];
  if (of === undefined) return [];
  const [selfMs, totalMs] = (['self', 'total'] as const).map((time) =>
    differenceOf(base, now, ({ functions: times }) =>
      numbers.reduce((sum, number) => sum + (times.get(number)?.[time] ?? 0), 0),
    ),
  ) as [FunctionDiff['cpuMs'], FunctionDiff['totalMs']];
  const { name, kind, file, line, column } = of;
  return [{ name, kind, file, line, column, ...judgeFunction(kind, selfMs, evidence, route, limits), totalMs }];
}

const SAYS_NOTHING: readonly Judged['verdict'][] = ['same', 'small', 'few', 'unjudged'];

function isWorthListing({ cpuMs, verdict }: Judged, route: Judged): boolean {
  const largest = ({ base, new: now }: Judged['cpuMs']) => Math.max(base, now);
  return !SAYS_NOTHING.includes(verdict) || largest(cpuMs) >= WORTH_LISTING * largest(route.cpuMs);
}

/** What rose above the limit first, then what rose most. */
function byRise(a: Judged, b: Judged): number {
  const rank = ({ verdict }: Judged) => (verdict === 'slower' ? 0 : 1);
  const rise = ({ cpuMs }: Judged) => cpuMs.new - cpuMs.base;
  return rank(a) - rank(b) || rise(b) - rise(a);
}

/** Functions say more than the route that they are in. One that is new counts if its route rose. */
function risesOf(routes: readonly RouteDiff[]): Rise[] {
  const functions = routes.flatMap(({ route, verdict, functions: of }) =>
    of
      .filter((row) => row.verdict === 'slower' || (row.verdict === 'new' && verdict === 'slower'))
      .map(({ name, kind, file, line, column, ...judged }) => rise(route, { name, kind, file, line, column }, judged)),
  );
  const whole = routes.filter(({ verdict }) => verdict === 'slower').map((row) => rise(row.route, null, row));
  const byCpu = (a: Rise, b: Rise) => b.cpuMs.new - b.cpuMs.base - (a.cpuMs.new - a.cpuMs.base);
  return [...functions.sort(byCpu), ...whole.sort(byCpu)];
}

const rise = (
  route: string,
  of: Rise['function'],
  { cpuMs, change, changeNoise }: Omit<Judged, 'verdict' | 'leastChange'>,
): Rise => ({
  route,
  function: of,
  cpuMs,
  change,
  changeNoise,
});
