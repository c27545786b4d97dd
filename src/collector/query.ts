import type { FunctionTime, FunctionTimes } from '../profile/function-times.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { type Account, type Accounts, type QueryRange, settleAccounts } from './accounts.ts';
import type { FunctionRef, FunctionRow, FunctionsAnswer, RouteRow, RoutesAnswer } from './api-types.ts';

/** Each route with its requests and what they cost. Rejects with `NP_STORE`. */
export async function queryRoutes(store: ProfileStore, range: QueryRange = {}): Promise<RoutesAnswer> {
  const accounts = await settleAccounts(store, range);
  const { routes, unattributed, everything, pending } = accounts;
  const rows = [...routes].map(([route, account]) => routeRow(route, account, accounts));
  return {
    attribution: 'time-window',
    requests: rows.reduce((sum, row) => sum + row.requests, 0),
    profiledRequests: rows.reduce((sum, row) => sum + row.profiledRequests, 0),
    pendingRequests: pending.size,
    cpuMs: milliseconds(everything.micros),
    routes: rows.sort((a, b) => b.cpuMs - a.cpuMs || b.requests - a.requests || (a.route < b.route ? -1 : 1)),
    unattributed: {
      cpuMs: milliseconds(unattributed.micros),
      share: share(unattributed.micros, everything.micros),
      topFunction: topFunction(unattributed.functions),
    },
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
  const { routes, everything } = await settleAccounts(store, range);
  const account = route === null ? everything : routes.get(route);
  if (account === undefined) return null;
  return {
    attribution: 'time-window',
    route,
    cpuMs: milliseconds(account.micros),
    functions: account.functions.list().map((time) => functionRow(time, account.micros)),
  };
}

function routeRow(route: string, account: Account, { microsOf, pending, everything }: Accounts): RouteRow {
  const profiled = account.requests.filter((request) => request.profilerId !== null && !pending.has(request));
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
    topFunction: topFunction(account.functions),
  };
}

function functionRow(time: FunctionTime, allMicros: number): FunctionRow {
  return {
    ...functionRef(time),
    totalMs: milliseconds(time.totalMicros),
    share: share(time.selfMicros, allMicros),
  };
}

function functionRef({ name, kind, file, line, column, selfMicros }: FunctionTime): FunctionRef {
  return { name, kind, file, line, column, selfMs: milliseconds(selfMicros) };
}

function topFunction(functions: FunctionTimes): FunctionRef | null {
  const [top] = functions.list();
  return top === undefined ? null : functionRef(top);
}

/** Nearest rank: a value that one request really had. `sorted` ascending, not empty. */
function percentile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? 0;
}

/** To the microsecond, which is as exact as the samples' times are. */
const milliseconds = (micros: number): number => Math.round(micros) / 1000;

/** To a hundredth of a percent. */
const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4);
