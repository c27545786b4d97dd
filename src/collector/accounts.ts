import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import { cpuSlices } from './cpu-slices.ts';
import { Ledger } from './ledger.ts';
import { RequestsInFlight } from './requests-in-flight.ts';
import { RootOwners } from './root-owners.ts';
import { rootOf, type SpanCost, SpanCosts } from './span-costs.ts';

/** What a question is about. Times in milliseconds since 1970; without them, everything. */
export interface QueryRange {
  fromMs?: number;
  toMs?: number;
  /** Nothing more will arrive (the app has ended), so no request waits for its profile any more. */
  settled?: boolean;
}

export interface Accounts {
  ledger: Ledger;
  /** The spans that the range's chunks name. */
  spans: readonly SpanCost[];
  /** How many of the range's chunks say which span each sample was in. */
  contextChunks: number;
  /** How many of them came through `node:inspector`. */
  fallbackChunks: number;
  /** CPU time while the sampler slept, as far as the chunks say, microseconds. */
  unsampledMicros: number;
  /** Requests whose profile may still be on its way. */
  pending: ReadonlySet<StoredRequest>;
}

/** A chunk covers at most 60 s and is sent after its end; later than this it will not come. */
const LATEST_CHUNK_MICROS = 75e6;

/** Reads requests and chunks of a range and gives every piece of CPU time to its owners. Rejects with `NP_STORE`. */
export async function settleAccounts(store: ProfileStore, { fromMs, toMs, settled }: QueryRange): Promise<Accounts> {
  const range = { fromMicros: Math.round((fromMs ?? 0) * 1e3), toMicros: Math.round((toMs ?? 8.64e12) * 1e3) };
  const seconds = { from: range.fromMicros / 1e6, to: range.toMicros / 1e6 };
  const requests = await store.requests(range);
  const ledger = new Ledger(requests);
  const owners = new RootOwners(store, ledger, requests);
  const costs = new SpanCosts();
  const inFlight = inFlightBySession(requests);
  const profiledUntil = new Map<string, number>();
  let [contextChunks, fallbackChunks, unsampledMicros] = [0, 0, 0];
  for await (const stored of store.chunks(range)) {
    const { profiler_id } = stored.chunk;
    profiledUntil.set(profiler_id, Math.max(stored.endMicros, profiledUntil.get(profiler_id) ?? 0));
    if (stored.chunk.next_profiling?.attribution === 'context') contextChunks += 1;
    if (stored.chunk.next_profiling?.binding === 'inspector') fallbackChunks += 1;
    unsampledMicros += stored.chunk.next_profiling?.unsampled_cpu_us ?? 0;
    const slices = [...cpuSlices(stored.chunk, seconds, ledger.table)];
    const spans = costs.of(stored);
    const spanOf = (index: number | null) => (index === null ? undefined : spans[index]);
    await owners.assign(slices.flatMap(({ span }) => spanOf(span) ?? []).map(rootOf));
    for (const slice of slices) {
      if (slice.span !== null) ledger.chargeSpan(slice, spanOf(slice.span));
      else ledger.chargeRequests(slice, inFlight.get(profiler_id)?.at(slice.atMicros, slice.threadId) ?? []);
    }
  }
  const pending = new Set(settled ? [] : requests.filter((request) => isPending(request, profiledUntil)));
  return { ledger, spans: [...costs.all()], contextChunks, fallbackChunks, unsampledMicros, pending };
}

function isPending({ profilerId, startMicros, endMicros }: StoredRequest, profiledUntil: Map<string, number>): boolean {
  if (profilerId === null || startMicros <= (profiledUntil.get(profilerId) ?? 0)) return false;
  return endMicros > Date.now() * 1e3 - LATEST_CHUNK_MICROS;
}

function inFlightBySession(requests: readonly StoredRequest[]): Map<string, RequestsInFlight> {
  const groups = new Map<string, StoredRequest[]>();
  for (const request of requests) {
    if (request.profilerId === null) continue;
    const group = groups.get(request.profilerId);
    if (group === undefined) groups.set(request.profilerId, [request]);
    else group.push(request);
  }
  return new Map([...groups].map(([profilerId, group]) => [profilerId, new RequestsInFlight(group)]));
}
