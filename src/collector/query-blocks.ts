import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import type { BlockRow, BlocksAnswer } from './api-trace-types.ts';
import { BlockRuns } from './block-runs.ts';
import { milliseconds } from './figures.ts';
import { type Filter, selectionOf } from './filter.ts';
import { Ledger } from './ledger.ts';
import { type Block, LongestBlocks } from './longest-blocks.ts';
import { LoopBorders } from './loop-borders.ts';
import { inFlightBySession, type RequestsInFlight } from './requests-in-flight.ts';
import { RootOwners } from './root-owners.ts';
import { rootOf, SpanCosts, spanKey } from './span-costs.ts';

/** A request that began so soon after a block had most likely been waiting to be read, microseconds. */
const QUEUED_MICROS = 20e3;
/** In a row. */
const MOST_IN_FLIGHT = 50;

/**
 * The longest runs of one request on the loop: below the requests of one route, or, for `null`, of all root spans.
 * `null` if the range has no request of the route. Rejects with `NP_STORE`.
 */
export async function queryBlocks(
  store: ProfileStore,
  route: string | null,
  filter: Filter = {},
  limit = 50,
): Promise<BlocksAnswer | null> {
  const selection = await selectionOf(store, filter);
  const requests = await store.requests(selection);
  const ledger = new Ledger(requests, {});
  const owners = new RootOwners(store, ledger, requests);
  const costs = new SpanCosts();
  let contextChunks = 0;
  const longest = new LongestBlocks(limit);
  const runs = new BlockRuns(new LoopBorders(requests), (run) => {
    const isOfRoute = route === null || run.root.owner?.account === ledger.routes.get(route);
    if (!isOfRoute || (filter.traceId !== undefined && filter.traceId !== run.root.traceId)) return;
    if (filter.threadId !== undefined && filter.threadId !== run.thread) return;
    longest.add(run);
  });
  for await (const stored of store.chunks(selection)) {
    if (stored.chunk.next_profiling?.attribution !== 'context') continue;
    contextChunks += 1;
    const spans = costs.of(stored);
    await owners.assign(spans);
    runs.add(stored, spans);
  }
  runs.finish();
  if (route !== null && !ledger.routes.has(route)) return null;
  const inFlight = inFlightBySession(requests);
  const byKey = new Map(requests.map((request) => [spanKey(request), request]));
  const blocks = longest.list().map((block) => blockRow(block, ledger, byKey, inFlight.get(block.run.session)));
  return { contextChunks, blocks: blocks.sort((a, b) => b.durationMs - a.durationMs) };
}

function blockRow(
  { run, function: top, stack }: Block,
  ledger: Ledger,
  requests: ReadonlyMap<string, StoredRequest>,
  inFlight: RequestsInFlight | undefined,
): BlockRow {
  const root = rootOf(run.root);
  const request = root.owner?.request ?? requests.get(spanKey(root));
  const [startMicros, endMicros] = bordersOf(run, request);
  const others = (inFlight?.within(run.firstMicros, run.lastMicros) ?? []).filter((other) => other !== request);
  const queued = (inFlight?.startedWithin(run.lastMicros, endMicros + QUEUED_MICROS) ?? []).filter(
    (other) => other !== request && !others.includes(other),
  );
  return {
    startMs: startMicros / 1e3,
    durationMs: milliseconds(endMicros - startMicros),
    cpuMs: milliseconds(run.cpuMicros),
    session: run.session,
    thread: run.thread,
    traceId: root.traceId,
    spanId: root.spanId,
    name: request?.name || root.name || '',
    route: request === undefined ? (root.route ?? null) : ledger.routeOf(request),
    function: top,
    stack,
    samples: run.sampleCount,
    inFlight: others.length,
    queued: queued.length,
    inFlightRequests: [...others, ...queued].slice(0, MOST_IN_FLIGHT).map((other) => ({
      traceId: other.traceId,
      spanId: other.spanId,
      name: other.name,
      route: ledger.routeOf(other),
      startMs: other.startMicros / 1e3,
      endMs: other.endMicros / 1e3,
    })),
  };
}

/**
 * Between the last sample without it and the first with it, it began: in the middle of the two on the average, and not
 * before its request did. So for its end.
 */
function bordersOf(run: Block['run'], request: StoredRequest | undefined): [startMicros: number, endMicros: number] {
  const start = (run.beforeMicros + run.firstMicros) / 2;
  const end = (run.lastMicros + run.afterMicros) / 2;
  if (request === undefined) return [start, end];
  return [
    request.startMicros <= run.firstMicros ? Math.max(start, request.startMicros) : start,
    request.endMicros >= run.lastMicros ? Math.min(end, request.endMicros) : end,
  ];
}
