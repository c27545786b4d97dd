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
  NP_BODY_CUT_OFF: 400,
  NP_BODY_TOO_LARGE: 413,
  NP_ENCODING: 415,
  NP_EXPORT: 422,
  NP_STORE: 503,
  NP_BUSY: 429,
  NP_STORE_BUSY: 429,
};

/** SDKs send nothing for that long, and profiles of that time are lost: long enough to help, short enough to be missed little. */
const RETRY_AFTER_S = '5';

export function answerJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  sendBody(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`, headers);
}

export function answerText(response: ServerResponse, body: string): void {
  sendBody(response, 200, 'text/plain; charset=utf-8', body, {});
}

/** The HTTP status that anything that was thrown is answered with. */
export function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  return error instanceof ProfilingError ? (STATUS_BY_CODE[error.code] ?? 500) : 500;
}

/** Answers anything that was thrown, as Sentry does: `detail`, and `causes` beneath it. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return;
  const known = error instanceof HttpError || error instanceof ProfilingError;
  const answer: ErrorAnswer = {
    detail: known ? error.message : 'internal error of the collector',
    causes: known && error.cause instanceof Error ? [error.cause.message] : [],
  };
  const status = statusOf(error);
  const headers = error instanceof HttpError ? error.headers : status === 429 ? { 'retry-after': RETRY_AFTER_S } : {};
  answerJson(response, status, answer, headers);
}

/** Answers with any body; the headers can be overridden. */
export function sendBody(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  headers: object,
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}
