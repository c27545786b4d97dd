import type { ServerResponse } from 'node:http';
import { ProfilingError } from '../errors.ts';
import type { ErrorAnswer } from './api-types.ts';

/** An answer other than 200, thrown from wherever it is found out. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

const STATUS_BY_CODE: Record<string, number> = {
  NP_ENVELOPE: 400,
  NP_BODY: 400,
  NP_BODY_TOO_LARGE: 413,
  NP_ENCODING: 415,
  NP_STORE: 503,
};

export function answerJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`, headers);
}

export function answerText(response: ServerResponse, body: string): void {
  send(response, 200, 'text/plain; charset=utf-8', body, {});
}

/** Answers anything that was thrown, as Sentry does: `detail`, and `causes` beneath it. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return;
  if (error instanceof HttpError) {
    answerJson(response, error.status, { detail: error.message, causes: [] } satisfies ErrorAnswer, error.headers);
    return;
  }
  const known = error instanceof ProfilingError;
  const detail = known ? error.message : 'internal error of the collector';
  const status = known ? (STATUS_BY_CODE[error.code] ?? 500) : 500;
  const causes = known && error.cause instanceof Error ? [error.cause.message] : [];
  answerJson(response, status, { detail, causes } satisfies ErrorAnswer);
}

function send(response: ServerResponse, status: number, type: string, body: string, headers: object): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}
