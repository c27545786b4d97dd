import { FunctionTable, FunctionTimes } from '../profile/function-times.ts';
import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import { type CpuSlice, cpuSlices, RequestsInFlight } from './attribute-cpu.ts';
import { RouteNames } from './request-route.ts';

/** What a question is about. Times in milliseconds since 1970; without them, everything. */
export interface QueryRange {
  fromMs?: number;
  toMs?: number;
  /** Nothing more will arrive (the app has ended), so no request waits for its profile any more. */
  settled?: boolean;
}

/** CPU time of one route, of none, or of all. */
export class Account {
  readonly requests: StoredRequest[] = [];
  readonly functions: FunctionTimes;
  micros = 0;

  constructor(table: FunctionTable) {
    this.functions = new FunctionTimes(table);
  }

  add(micros: number, { stack }: CpuSlice): void {
    this.micros += micros;
    this.functions.add(stack, micros);
  }
}

export interface Accounts {
  routes: Map<string, Account>;
  /** CPU time while no request was in flight. It is never folded into a route. */
  unattributed: Account;
  everything: Account;
  /** Microseconds of CPU per request; one that is missing had none. */
  microsOf: ReadonlyMap<StoredRequest, number>;
  /** Requests whose profile may still be on its way. */
  pending: ReadonlySet<StoredRequest>;
}

/** A chunk covers at most 60 s and is sent after its end; later than this it will not come. */
const LATEST_CHUNK_MICROS = 75e6;

/** Reads requests and chunks of a range and gives every piece of CPU time to its owners. Rejects with `NP_STORE`. */
export async function settleAccounts(store: ProfileStore, { fromMs, toMs, settled }: QueryRange): Promise<Accounts> {
  const range = { fromMicros: Math.round((fromMs ?? 0) * 1e3), toMicros: Math.round((toMs ?? 8.64e12) * 1e3) };
  const requests = await store.requests(range);
  const names = new RouteNames(requests);
  const table = new FunctionTable();
  const routes = new Map<string, Account>();
  const accountOf = new Map<StoredRequest, Account>();
  for (const request of requests) {
    const account = entry(routes, names.of(request), () => new Account(table));
    account.requests.push(request);
    accountOf.set(request, account);
  }
  const sessions = inFlightBySession(requests);
  const nobody = new RequestsInFlight([]);
  const [unattributed, everything] = [new Account(table), new Account(table)];
  const microsOf = new Map<StoredRequest, number>();
  const profiledUntil = new Map<string, number>();
  for await (const chunk of store.chunks(range)) {
    const { profiler_id } = chunk.chunk;
    profiledUntil.set(profiler_id, Math.max(chunk.endMicros, profiledUntil.get(profiler_id) ?? 0));
    const seconds = { from: range.fromMicros / 1e6, to: range.toMicros / 1e6 };
    for (const slice of cpuSlices(chunk, sessions.get(profiler_id) ?? nobody, seconds, table)) {
      everything.add(slice.micros, slice);
      if (slice.requests.length === 0) unattributed.add(slice.micros, slice);
      const part = slice.micros / slice.requests.length;
      const parts = new Map<Account | undefined, number>();
      for (const request of slice.requests) {
        microsOf.set(request, (microsOf.get(request) ?? 0) + part);
        const account = accountOf.get(request);
        parts.set(account, (parts.get(account) ?? 0) + part);
      }
      // Once per route, not per request: walking the stack is what takes time.
      for (const [account, micros] of parts) account?.add(micros, slice);
    }
  }
  const pending = new Set(settled ? [] : requests.filter((request) => isPending(request, profiledUntil)));
  return { routes, unattributed, everything, microsOf, pending };
}

function isPending({ profilerId, startMicros, endMicros }: StoredRequest, profiledUntil: Map<string, number>): boolean {
  if (profilerId === null || startMicros <= (profiledUntil.get(profilerId) ?? 0)) return false;
  return endMicros > Date.now() * 1e3 - LATEST_CHUNK_MICROS;
}

function inFlightBySession(requests: readonly StoredRequest[]): Map<string, RequestsInFlight> {
  const groups = new Map<string, StoredRequest[]>();
  for (const request of requests) {
    if (request.profilerId !== null) entry(groups, request.profilerId, () => []).push(request);
  }
  return new Map([...groups].map(([profilerId, group]) => [profilerId, new RequestsInFlight(group)]));
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}
