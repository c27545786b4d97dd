import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import type { Selection } from '../store/selection.ts';
import { cpuSlices } from './cpu-slices.ts';
import { type Filter, isWantedRequest, isWantedSpan, selectionOf } from './filter.ts';
import { Ledger } from './ledger.ts';
import { inFlightBySession } from './requests-in-flight.ts';
import { RootOwners } from './root-owners.ts';
import { type SpanCost, SpanCosts } from './span-costs.ts';

export interface Accounts {
  ledger: Ledger;
  /** Where was looked. */
  selection: Selection;
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

/**
 * Reads requests and chunks and gives every piece of CPU time that is asked for to its owners. Rejects with `NP_STORE`.
 *
 * @param rest is waited for after each chunk
 */
export async function settleAccounts(
  store: ProfileStore,
  filter: Filter,
  rest?: () => Promise<void>,
): Promise<Accounts> {
  const selection = await selectionOf(store, filter);
  const seconds = { from: selection.fromMicros / 1e6, to: selection.toMicros / 1e6 };
  // Also those that are not asked for: they share samples with those that are.
  // One that begins at the very end belongs to what comes next.
  const all = (await store.requests(selection)).filter(({ startMicros }) => startMicros < selection.toMicros);
  const requests = all.filter((request) => isWantedRequest(filter, request));
  const ledger = new Ledger(requests, filter);
  const owners = new RootOwners(store, ledger, all);
  const costs = new SpanCosts();
  const inFlight = inFlightBySession(all);
  const profiledUntil = new Map<string, number>();
  let [contextChunks, fallbackChunks, unsampledMicros] = [0, 0, 0];
  for await (const stored of store.chunks(selection)) {
    const { profiler_id, next_profiling } = stored.chunk;
    profiledUntil.set(profiler_id, Math.max(stored.endMicros, profiledUntil.get(profiler_id) ?? 0));
    if (next_profiling?.attribution === 'context') contextChunks += 1;
    // Of the range in which the chunk begins, so that neighbouring ranges add up.
    if (stored.startMicros >= selection.fromMicros) {
      unsampledMicros += next_profiling?.unsampled_cpu_us ?? 0;
      if (next_profiling?.binding === 'inspector') fallbackChunks += 1;
    }
    const spans = costs.of(stored);
    const slices = [...cpuSlices(stored.chunk, seconds)].filter(
      ({ threadId, span }) =>
        (filter.threadId === undefined || threadId === filter.threadId) &&
        (span === null || isWantedSpan(filter, spans[span])),
    );
    const spanOf = (index: number | null) => (index === null ? undefined : spans[index]);
    await owners.assign(new Set(slices.flatMap(({ span }) => spanOf(span) ?? [])));
    ledger.open(stored.chunk);
    for (const slice of slices) {
      if (slice.span !== null) ledger.chargeSpan(slice, spanOf(slice.span));
      else ledger.chargeRequests(slice, inFlight.get(profiler_id)?.at(slice.atMicros, slice.threadId) ?? []);
    }
    await rest?.();
  }
  const pending = new Set(filter.settled ? [] : requests.filter((request) => isPending(request, profiledUntil)));
  return { ledger, selection, spans: [...costs.all()], contextChunks, fallbackChunks, unsampledMicros, pending };
}

/** The CPU time of a request, microseconds; `null` if no profiler watched it, or its profile is still to come. */
export function profiledMicros(request: StoredRequest, { ledger, pending }: Accounts): number | null {
  const micros = ledger.microsOf.get(request);
  const isProfiled = !pending.has(request) && (request.profilerId !== null || micros !== undefined);
  return isProfiled ? (micros ?? 0) : null;
}

function isPending({ profilerId, startMicros, endMicros }: StoredRequest, profiledUntil: Map<string, number>): boolean {
  if (profilerId === null || startMicros <= (profiledUntil.get(profilerId) ?? 0)) return false;
  return endMicros > Date.now() * 1e3 - LATEST_CHUNK_MICROS;
}
