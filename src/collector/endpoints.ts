import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkEncoding, decodeBody } from '../envelope/content-encoding.ts';
import { ProfilingError } from '../errors.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { asksForLoopback, isLoopback, mayRead, maySend, sentryKey } from './access.ts';
import { answerJson, answerText, HttpError, statusOf } from './answers.ts';
import type { ErrorAnswer, StatusAnswer } from './api-types.ts';
import type { Filter } from './filter.ts';
import { filterOf, wholeOf } from './filter-parameters.ts';
import type { Ingest } from './ingest.ts';
import { queryFunctions, queryRoutes } from './query.ts';
import { querySeries } from './query-series.ts';
import { queryFilters, querySessions } from './query-sessions.ts';
import { querySpans } from './query-spans.ts';
import { queryTimeline } from './query-timeline.ts';
import { MOST_NODES, queryTree } from './query-tree.ts';
import { reportRoutes } from './report.ts';
import { readBody } from './request-body.ts';

/** What the endpoints work on. Limits in bytes. */
export interface Service {
  version: string;
  host: string;
  token: string | undefined;
  maxWireBytes: number;
  maxBodyBytes: number;
  store: ProfileStore;
  ingest: Ingest;
  /** Where the same traces are in Sentry, without a slash at its end. */
  sentryUrl: string | null;
}

type Endpoint = (service: Service, request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

const READERS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  [
    '/',
    async ({ store }, _, response, url) => answerText(response, reportRoutes(await queryRoutes(store, filterOf(url)))),
  ],
  [
    '/api/v1/routes',
    async ({ store }, _, response, url) => answerJson(response, 200, await queryRoutes(store, filterOf(url))),
  ],
  ['/api/v1/functions', byRoute(queryFunctions)],
  ['/api/v1/spans', byRoute(querySpans)],
  [
    '/api/v1/tree',
    byRoute((store, route, filter, url) => queryTree(store, route, filter, wholeOf(url, 'nodes', 1, MOST_NODES))),
  ],
  ['/api/v1/timeline', byRoute((store, route, filter) => queryTimeline(store, route, filter))],
  [
    '/api/v1/series',
    byFilter((store, filter, url) => querySeries(store, filter, wholeOf(url, 'points', 1, 10_000, 1_000))),
  ],
  [
    '/api/v1/sessions',
    byFilter((store, filter, url) => querySessions(store, filter, wholeOf(url, 'limit', 1, 10_000, 100))),
  ],
  [
    '/api/v1/filters',
    async ({ store, sentryUrl }, _, response) => answerJson(response, 200, await queryFilters(store, sentryUrl)),
  ],
  ['/api/v1/status', answerStatus],
]);

const ENVELOPE_PATH = /^\/api\/([A-Za-z0-9_-]{1,64})\/envelope\/?$/;

/** Answers one request, or throws what `answerError` turns into an answer. */
export async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = urlOf(request);
  const project = ENVELOPE_PATH.exec(url.pathname)?.[1];
  if (project !== undefined) {
    if (request.method !== 'POST') throw wrongMethod(request, 'POST');
    return takeEnvelope(service, request, response, url, project);
  }
  const reader = READERS.get(url.pathname);
  if (reader === undefined) throw new HttpError(404, `there is nothing at ${url.pathname}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') throw wrongMethod(request, 'GET, HEAD');
  if (isLoopback(service.host) && !asksForLoopback(request)) {
    throw new HttpError(
      403,
      `the Host header must name this machine (localhost, 127.0.0.1), found ${request.headers.host}`,
    );
  }
  if (!mayRead(request, url, service.token)) {
    const detail = 'this collector needs its token: Authorization: Bearer TOKEN, or ?token=TOKEN';
    throw new HttpError(401, detail, { 'www-authenticate': 'Bearer' });
  }
  return reader(service, request, response, url);
}

async function takeEnvelope(
  { ingest, token, maxWireBytes, maxBodyBytes }: Service,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  project: string,
): Promise<void> {
  try {
    const key = sentryKey(request, url);
    if (key === undefined) {
      throw new HttpError(
        401,
        'no sentry_key in X-Sentry-Auth or in the query; send to a DSN like http://public@HOST:PORT/1',
      );
    }
    if (!maySend(key, token)) throw new HttpError(403, "the DSN's public key must be this collector's token");
    const encoding = request.headers['content-encoding'];
    checkEncoding(encoding);
    const bytes = await decodeBody(await readBody(request, maxWireBytes), encoding, maxBodyBytes);
    const { status, answer } = await ingest.take(bytes, project);
    if (status === 200) return answerJson(response, 200, answer);
    const causes = (answer.refused ?? []).map(
      ({ item, type, reason, detail }) => `item ${item} (${type}): ${reason}: ${detail}`,
    );
    answerJson(response, status, { detail: answer.refused?.[0]?.reason ?? 'refused', causes } satisfies ErrorAnswer);
  } catch (error) {
    ingest.countFailure(error instanceof ProfilingError ? error.code : `HTTP_${statusOf(error)}`);
    throw error;
  }
}

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

async function answerStatus(
  { version, store, ingest }: Service,
  _: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer: StatusAnswer = { version, store: await store.status(), ingest: ingest.counters };
  answerJson(response, 200, answer);
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://collector.invalid');
  } catch {
    throw new HttpError(400, 'the request target is not a URL');
  }
}

const wrongMethod = ({ method }: IncomingMessage, allow: string): HttpError =>
  new HttpError(405, `${method} is not possible here; allowed: ${allow}`, { allow });
