import type { FunctionTime } from '../profile/function-times.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { Account } from './account.ts';
import { type Accounts, type QueryRange, settleAccounts } from './accounts.ts';
import type { FunctionRow, FunctionsAnswer, RouteRow, RoutesAnswer } from './api-types.ts';
import { attributed, functionRef, milliseconds, percentile, remainder, share, topFunction } from './figures.ts';
import { rootOf } from './span-costs.ts';

/** Each route with its requests and what they cost. Rejects with `NP_STORE`. */
export async function queryRoutes(store: ProfileStore, range: QueryRange = {}): Promise<RoutesAnswer> {
  const accounts = await settleAccounts(store, range);
  const { routes, unattributed, otherRoots, everything } = accounts.ledger;
  const rows = [...routes].map(([route, account]) => routeRow(route, account, accounts));
  return {
    ...attributed(everything, everything),
    requests: rows.reduce((sum, row) => sum + row.requests, 0),
    profiledRequests: rows.reduce((sum, row) => sum + row.profiledRequests, 0),
    pendingRequests: accounts.pending.size,
    routes: rows.sort((a, b) => b.cpuMs - a.cpuMs || b.requests - a.requests || (a.route < b.route ? -1 : 1)),
    otherRoots: { ...remainder(otherRoots, everything), notReceivedMs: milliseconds(notReceivedMicros(accounts)) },
    unattributed: remainder(unattributed, everything),
    unsampledMs: milliseconds(accounts.unsampledMicros),
    fallbackChunks: accounts.fallbackChunks,
  };
}

/**
 * The functions of one route, or, for `null`, of everything that ran. `null` if the range has no request of the route.
 * Rejects with `NP_STORE`.
 */
export async function queryFunctions(
  store: ProfileStore,
  route: string | null,
  range: QueryRange = {},
): Promise<FunctionsAnswer | null> {
  const { ledger } = await settleAccounts(store, range);
  const account = route === null ? ledger.everything : ledger.routes.get(route);
  if (account === undefined) return null;
  return {
    ...attributed(account, ledger.everything),
    route,
    functions: account.functions.list().map((time) => functionRow(time, account.micros)),
  };
}

function routeRow(route: string, account: Account, { ledger, pending }: Accounts): RouteRow {
  const { microsOf, everything } = ledger;
  const profiled = account.requests.filter(
    (request) => !pending.has(request) && (request.profilerId !== null || microsOf.has(request)),
  );
  const costs = profiled.map((request) => microsOf.get(request) ?? 0).sort((a, b) => a - b);
  const sum = costs.reduce((total, micros) => total + micros, 0);
  return {
    route,
    requests: account.requests.length,
    profiledRequests: profiled.length,
    cpuMsPerRequest:
      costs.length === 0
        ? null
        : {
            mean: milliseconds(sum / costs.length),
            p50: milliseconds(percentile(costs, 0.5)),
            p95: milliseconds(percentile(costs, 0.95)),
          },
    cpuMs: milliseconds(account.micros),
    share: share(account.micros, everything.micros),
    topFunction: topFunction(account),
  };
}

function notReceivedMicros({ ledger, spans }: Accounts): number {
  return spans.reduce((sum, span) => {
    const { owner } = rootOf(span);
    return owner?.account === ledger.otherRoots && !owner.received ? sum + span.micros : sum;
  }, 0);
}

function functionRow(time: FunctionTime, allMicros: number): FunctionRow {
  return {
    ...functionRef(time),
    totalMs: milliseconds(time.totalMicros),
    share: share(time.selfMicros, allMicros),
  };
}
