import type { IncomingMessage, ServerResponse } from 'node:http';
import { asksForLoopback, isLoopback, mayRead } from './access.ts';
import { answerText, HttpError } from './answers.ts';
import { filterOf } from './filter-parameters.ts';
import { answerFile, wantsPage } from './page-files.ts';
import { queryRoutes } from './query.ts';
import { READERS } from './readers.ts';
import { reportRoutes } from './report.ts';
import type { Endpoint, Service } from './service.ts';
import { takeEnvelope } from './take-envelope.ts';
import { takeImport } from './take-import.ts';

const ENVELOPE_PATH = /^\/api\/([A-Za-z0-9_-]{1,64})\/envelope\/?$/;
const READER_PATH = /^\/api\/v1\/([a-z]+)$/;

/** Answers one request, or throws what `answerError` turns into an answer. */
export async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = urlOf(request);
  const project = ENVELOPE_PATH.exec(url.pathname)?.[1];
  if (project !== undefined) {
    if (request.method !== 'POST') throw wrongMethod(request, 'POST');
    return takeEnvelope(service, request, response, url, project);
  }
  if (isLoopback(service.host) && !asksForLoopback(request)) {
    throw new HttpError(
      403,
      `the Host header must name this machine (localhost, 127.0.0.1), found ${request.headers.host}`,
    );
  }
  checkOrigin(request);
  const reader = url.pathname === '/' ? answerTable : READERS.get(READER_PATH.exec(url.pathname)?.[1] ?? '');
  // The page's files hold nothing that is anybody's secret, and a browser cannot send a token for them.
  if (wantsPage(request, url) || reader === undefined) {
    if (await answerFile(service, request, response, url)) return;
  }
  if (url.pathname === '/api/v1/import') {
    if (request.method !== 'POST') throw wrongMethod(request, 'POST');
    checkToken(service, request, url);
    return takeImport(service, request, response, url);
  }
  if (reader === undefined) throw new HttpError(404, `there is nothing at ${url.pathname}`);
  if (!isRead(request)) throw wrongMethod(request, 'GET, HEAD');
  checkToken(service, request, url);
  return reader(service, request, response, url);
}

/** The front page for those who are no browser. */
const answerTable: Endpoint = async ({ store }, _, response, url) =>
  answerText(response, reportRoutes(await queryRoutes(store, filterOf(url))));

/** Any page may send a form to any address, and only its `Origin` says so. SDKs in pages may send envelopes, as to Sentry. */
function checkOrigin({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  if (origin === undefined || URL.parse(origin)?.host === host) return;
  throw new HttpError(403, `a page of ${origin.slice(0, 100)} may not ask here`);
}

function checkToken({ token }: Service, request: IncomingMessage, url: URL): void {
  if (mayRead(request, url, token)) return;
  const detail = 'this collector needs its token: Authorization: Bearer TOKEN, or ?token=TOKEN';
  throw new HttpError(401, detail, { 'www-authenticate': 'Bearer' });
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://collector.invalid');
  } catch {
    throw new HttpError(400, 'the request target is not a URL');
  }
}

const wrongMethod = ({ method }: IncomingMessage, allow: string): HttpError =>
  new HttpError(405, `${method} is not possible here; allowed: ${allow}`, { allow });
