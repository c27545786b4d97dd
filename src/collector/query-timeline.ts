import type { ProfileChunk } from '../profile/types.ts';
import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import type { Account } from './account.ts';
import type { TimelineAnswer } from './api-profile-types.ts';
import { type Filter, isWantedRequest, isWantedSpan, selectionOf } from './filter.ts';
import { FrameList } from './frame-list.ts';
import { Ledger } from './ledger.ts';
import { inFlightBySession } from './requests-in-flight.ts';
import { RootOwners } from './root-owners.ts';
import { rootOf, type SpanCost, SpanCosts } from './span-costs.ts';
import { TimelineSpans } from './timeline-spans.ts';
import { type SpanRowOf, TimelineThreads } from './timeline-threads.ts';

/** About 8 MB of JSON. */
export const MOST_SAMPLES = 300_000;

/** The samples of a range in the order of time, of one route or, for `null`, of all. Rejects with `NP_STORE`. */
export async function queryTimeline(
  store: ProfileStore,
  route: string | null,
  filter: Filter = {},
  most: number = MOST_SAMPLES,
): Promise<TimelineAnswer> {
  const selection = await selectionOf(store, filter);
  const range = { from: selection.fromMicros / 1e6, to: selection.toMicros / 1e6 };
  const requests = await store.requests(selection);
  const ledger = new Ledger(requests, {});
  const owners = new RootOwners(store, ledger, requests);
  const inFlight = inFlightBySession(requests);
  const costs = new SpanCosts();
  const spans = new TimelineSpans();
  const threads = new TimelineThreads();
  const isNarrow = route !== null || filter.traceId !== undefined || filter.spanId !== undefined;
  const isWantedRoot = (request: StoredRequest): boolean =>
    isWantedRequest(filter, request) && (route === null || ledger.accountOf(request) === ledger.routes.get(route));
  let [first, last, until] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
  let unread = 0;
  for await (const stored of store.chunks(selection)) {
    if (threads.count >= most) {
      // Chunks come by their start: nothing is missing before this one.
      until = Math.min(until, stored.startMicros);
      unread += stored.chunk.profile.samples.length;
      continue;
    }
    first = Math.min(first, stored.startMicros);
    last = Math.max(last, stored.endMicros);
    const own = costs.of(stored);
    await owners.assign(own);
    const isWanted = (span: SpanCost | undefined): boolean =>
      isWantedSpan(filter, span) &&
      (route === null || (span !== undefined && isOfRoute(span, ledger.routes.get(route))));
    threads.add(stored.chunk, range, spanRows(stored.chunk, own, isWanted), !isNarrow);
  }

  /** Whose each sample of a chunk is. */
  function spanRows(chunk: ProfileChunk, own: readonly SpanCost[], isWanted: (span?: SpanCost) => boolean): SpanRowOf {
    const { attribution, sample_spans, sample_cpu_us } = chunk.next_profiling ?? {};
    const { samples } = chunk.profile;
    const isOnThread = (index: number) =>
      filter.threadId === undefined || samples[index]?.thread_id === filter.threadId;
    if (attribution === 'context') {
      const wanted = new Map([undefined, ...own].map((span) => [span, isWanted(span)]));
      return (index) => {
        const span = own[sample_spans?.[index] ?? -1];
        if (!isOnThread(index) || !wanted.get(span)) return undefined;
        return span === undefined ? -1 : spans.addCost(span, chunk.profiler_id, sample_cpu_us?.[index] ?? 0);
      };
    }
    return (index) => {
      if (!isOnThread(index)) return undefined;
      if (!isNarrow) return -1;
      const { timestamp = 0, thread_id = '' } = samples[index] ?? {};
      const there = inFlight.get(chunk.profiler_id)?.at(Math.round(timestamp * 1e6), thread_id) ?? [];
      return there.some(isWantedRoot) ? -1 : undefined;
    };
  }

  for (const request of requests) if (isWantedRoot(request) && request.profilerId !== null) spans.addRequest(request);
  const fromMicros = Math.max(selection.fromMicros, Math.min(first, last));
  const toMicros = Math.max(fromMicros, Math.min(selection.toMicros, last, until));
  const { threads: columns, left } = threads.take(fromMicros, until);
  const frames = new FrameList(threads.table.functions);
  return {
    fromMs: fromMicros / 1e3,
    toMs: toMicros / 1e3,
    frames: frames.columns,
    stacks: { parent: threads.stacks.parent, frame: threads.stacks.frame.map((number) => frames.rowOf(number)) },
    threads: columns,
    spans: await spans.rows(store),
    truncatedSamples: unread + left,
  };
}

const isOfRoute = (span: SpanCost, account: Account | undefined): boolean =>
  account !== undefined && rootOf(span).owner?.account === account;
