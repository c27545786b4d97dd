import type { FunctionTime } from '../profile/function-times.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { AccountSummary } from './account-summary.ts';
import type { Buckets, FunctionRow, FunctionsAnswer, RouteRow, RoutesAnswer } from './api-types.ts';
import { bucketsOf, seriesIn } from './buckets.ts';
import { attributed, functionRef, milliseconds, remainder, share, topFunction } from './figures.ts';
import type { Filter } from './filter.ts';
import { summarise } from './summarise.ts';
import type { Summary } from './summary.ts';

/** Each route with its requests and what they cost. Rejects with `NP_STORE`. */
export async function queryRoutes(store: ProfileStore, filter: Filter = {}): Promise<RoutesAnswer> {
  const summary = await summarise(store, filter, 'none');
  const buckets = bucketsOf(filter, await store.extent());
  const everything = summary.everything();
  const { table } = summary;
  const rows = [...summary.routes].map(([route, account]) => routeRow(route, account, everything, summary, buckets));
  return {
    ...attributed(everything, everything),
    requests: everything.requests,
    profiledRequests: rows.reduce((sum, row) => sum + row.profiledRequests, 0),
    pendingRequests: summary.pendingRequests,
    buckets,
    series: seriesIn(buckets, everything.series),
    routes: rows.sort((a, b) => b.cpuMs - a.cpuMs || b.requests - a.requests || (a.route < b.route ? -1 : 1)),
    otherRoots: {
      ...remainder(summary.otherRoots, everything, table),
      notReceivedMs: milliseconds(summary.notReceivedMicros),
    },
    unattributed: remainder(summary.unattributed(), everything, table),
    unsampledMs: milliseconds(summary.unsampledMicros),
    fallbackChunks: summary.fallbackChunks,
  };
}

/**
 * The functions of one route, or, for `null`, of everything that ran. `null` if the range has no request of the route.
 * Rejects with `NP_STORE`.
 */
export async function queryFunctions(
  store: ProfileStore,
  route: string | null,
  filter: Filter = {},
): Promise<FunctionsAnswer | null> {
  const summary = await summarise(store, filter, 'none');
  const everything = summary.everything();
  const account = route === null ? everything : summary.routes.get(route);
  if (account === undefined) return null;
  return {
    ...attributed(account, everything),
    route,
    functions: account.functions.list(summary.table.functions).map((time) => functionRow(time, account.micros)),
  };
}

function routeRow(
  route: string,
  account: AccountSummary,
  everything: AccountSummary,
  { table }: Summary,
  buckets: Buckets,
): RouteRow {
  const costs = account.costs();
  const [p50 = 0, p95 = 0] = costs.percentiles(0.5, 0.95);
  return {
    route,
    requests: account.requests,
    profiledRequests: costs.count,
    cpuMsPerRequest:
      costs.count === 0 ? null : { mean: milliseconds(costs.mean()), p50: milliseconds(p50), p95: milliseconds(p95) },
    cpuMs: milliseconds(account.micros),
    share: share(account.micros, everything.micros),
    topFunction: topFunction(account, table),
    series: seriesIn(buckets, account.series),
  };
}

function functionRow(time: FunctionTime, allMicros: number): FunctionRow {
  return {
    ...functionRef(time),
    totalMs: milliseconds(time.totalMicros),
    share: share(time.selfMicros, allMicros),
  };
}
