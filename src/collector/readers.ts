import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEIGHTS } from '../formats/weighted-samples.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { answerJson, HttpError, sendBody } from './answers.ts';
import type { StatusAnswer } from './api-types.ts';
import type { Filter } from './filter.ts';
import { filterOf, wholeOf, wordOf } from './filter-parameters.ts';
import { queryFunctions, queryRoutes } from './query.ts';
import { queryBlocks } from './query-blocks.ts';
import { queryCompare } from './query-compare.ts';
import { FORMATS, queryExport } from './query-export.ts';
import { queryRequests, REQUEST_ORDERS } from './query-requests.ts';
import { querySeries } from './query-series.ts';
import { queryFilters, querySessions } from './query-sessions.ts';
import { querySource } from './query-source.ts';
import { querySpans } from './query-spans.ts';
import { queryTimeline } from './query-timeline.ts';
import { queryTrace } from './query-trace.ts';
import { MOST_NODES, queryTree } from './query-tree.ts';
import type { Endpoint, Service } from './service.ts';

/** `GET /api/v1/…`, by what follows. */
export const READERS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['routes', byFilter(queryRoutes)],
  ['functions', byRoute(queryFunctions)],
  ['spans', byRoute(querySpans)],
  [
    'tree',
    byRoute((store, route, filter, url) => queryTree(store, route, filter, wholeOf(url, 'nodes', 1, MOST_NODES))),
  ],
  ['timeline', byRoute((store, route, filter) => queryTimeline(store, route, filter))],
  ['series', byFilter((store, filter, url) => querySeries(store, filter, wholeOf(url, 'points', 1, 10_000, 1_000)))],
  [
    'requests',
    byRoute((store, route, filter, url) =>
      queryRequests(store, route, filter, wordOf(url, 'sort', REQUEST_ORDERS), wholeOf(url, 'limit', 1, 10_000, 100)),
    ),
  ],
  ['compare', byRoute((store, route, _, url) => queryCompare(store, route, sideOf(url, 'base'), sideOf(url, 'new')))],
  ['export', answerExport],
  ['trace', answerTrace],
  [
    'blocks',
    byRoute((store, route, filter, url) => queryBlocks(store, route, filter, wholeOf(url, 'limit', 1, 1_000, 50))),
  ],
  ['sessions', byFilter((store, filter, url) => querySessions(store, filter, wholeOf(url, 'limit', 1, 10_000, 100)))],
  [
    'filters',
    async ({ store, sentryUrl }, _, response) => answerJson(response, 200, await queryFilters(store, sentryUrl)),
  ],
  ['source', answerSource],
  ['status', answerStatus],
]);

/** Answers a question that `?route=` narrows down. */
function byRoute(
  query: (store: ProfileStore, route: string | null, filter: Filter, url: URL) => Promise<object | null>,
): Endpoint {
  return async ({ store }, _, response, url) => {
    const route = url.searchParams.get('route');
    const answer = await query(store, route, filterOf(url), url);
    if (answer === null)
      throw new HttpError(404, `no request of route '${route}' is stored; GET /api/v1/routes lists the routes`);
    answerJson(response, 200, answer);
  };
}

function byFilter(query: (store: ProfileStore, filter: Filter, url: URL) => Promise<object>): Endpoint {
  return async ({ store }, _, response, url) => answerJson(response, 200, await query(store, filterOf(url), url));
}

/** `?base=` and `?new=` each hold a query of their own. */
function sideOf({ searchParams }: URL, name: string): Filter {
  const query = searchParams.get(name);
  if (query === null)
    throw new HttpError(400, `${name} is missing: a query of its own, like ${name}=release%3Dapp%402`);
  return filterOf(new URL(`?${query.replace(/^\?/, '')}`, 'http://collector.invalid'));
}

async function answerExport({ store }: Service, _: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const [format, weight] = [wordOf(url, 'format', FORMATS), wordOf(url, 'weight', WEIGHTS)];
  const file = await queryExport(store, url.searchParams.get('route'), filterOf(url), format, weight);
  if (file === null) throw new HttpError(404, 'no sample of what was asked for is stored');
  sendBody(response, 200, file.type, file.body, { 'content-disposition': `attachment; filename="${file.name}"` });
}

async function answerTrace(
  { store, sentryUrl }: Service,
  _: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { traceId } = filterOf(url);
  if (traceId === undefined) throw new HttpError(400, 'trace is missing: GET /api/v1/trace?trace=ID');
  const answer = await queryTrace(store, traceId, sentryUrl);
  if (answer === null) throw new HttpError(404, `no span of trace ${traceId} is stored`);
  answerJson(response, 200, answer);
}

async function answerSource(
  { store, symbols }: Service,
  _: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [file, name] = ['file', 'name'].map((parameter) => url.searchParams.get(parameter) ?? '') as [string, string];
  const [line, column] = [wholeOf(url, 'line', 1, 100_000_000), wholeOf(url, 'column', 1, 100_000_000)];
  answerJson(response, 200, await querySource(store, symbols, filterOf(url), { file, name, line, column }));
}

async function answerStatus(
  { version, store, symbols, ingest, upkeep }: Service,
  _: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer: StatusAnswer = {
    version,
    store: await store.status(),
    symbols: symbols?.status() ?? null,
    ingest: ingest.counters,
    upkeep: await upkeep.progress(),
  };
  answerJson(response, 200, answer);
}
