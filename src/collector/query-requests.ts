import type { ProfileStore } from '../store/profile-store.ts';
import { profiledMicros, settleAccounts } from './accounts.ts';
import type { RequestRow, RequestsAnswer } from './api-trace-types.ts';
import { milliseconds } from './figures.ts';
import type { Filter } from './filter.ts';

export const REQUEST_ORDERS = ['cpu', 'duration', 'start'] as const;
export type RequestOrder = (typeof REQUEST_ORDERS)[number];

const KEYS: Record<RequestOrder, (row: RequestRow) => number> = {
  cpu: ({ cpuMs }) => cpuMs ?? -1,
  duration: ({ durationMs }) => durationMs,
  start: ({ startMs }) => startMs,
};

/** The requests of one route, or, for `null`, of all, the highest first. Rejects with `NP_STORE`. */
export async function queryRequests(
  store: ProfileStore,
  route: string | null,
  filter: Filter = {},
  order: RequestOrder = 'cpu',
  limit = 100,
): Promise<RequestsAnswer> {
  const accounts = await settleAccounts(store, filter);
  const rows: RequestRow[] = [];
  for (const [name, account] of accounts.ledger.routes) {
    if (route !== null && name !== route) continue;
    for (const request of account.requests) {
      const micros = profiledMicros(request, accounts);
      rows.push({
        traceId: request.traceId,
        spanId: request.spanId,
        session: request.profilerId,
        thread: request.threadId,
        name: request.name,
        route: name,
        startMs: request.startMicros / 1e3,
        durationMs: milliseconds(request.endMicros - request.startMicros),
        cpuMs: micros === null ? null : milliseconds(micros),
        release: request.release,
        environment: request.environment,
      });
    }
  }
  const key = KEYS[order];
  rows.sort((a, b) => key(b) - key(a) || b.startMs - a.startMs || (a.spanId < b.spanId ? -1 : 1));
  return { requests: rows.slice(0, limit), more: Math.max(0, rows.length - limit) };
}
