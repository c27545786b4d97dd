import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** The slowest answer that counts, milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
const RETRY_MS = 50;

/** A path and the HTTP status that it answers with; null if it answers not at all. */
export interface Asked {
  readonly path: string;
  readonly status: number | null;
}

/** Node's own HTTP client rather than `fetch`, which needs WebAssembly and with it a just-in-time compiler. */
export function request(port: number, path: string, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Asked> {
  return new Promise((resolve) => {
    const settle = (status: number | null): void => {
      clearTimeout(timer);
      resolve({ path, status });
    };
    const options = { host: '127.0.0.1', port, path, headers: sampledTrace(), agent: false };
    const sent = get(options, (response) => {
      response.resume();
      response.once('close', () => settle(response.complete ? (response.statusCode ?? null) : null));
    });
    sent.once('error', () => settle(null));
    const timer = setTimeout(() => sent.destroy(), timeoutMs);
  });
}

/** As if a caller had sampled the trace already, so that a low `tracesSampleRate` leaves no request out. */
function sampledTrace(): Record<string, string> {
  return { 'sentry-trace': `${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-1` };
}

/** Asks until there is an answer; false if the server ends or the time does before. */
export async function untilAnswered(
  server: { port: number; end: string | null },
  path: string,
  timeoutMs: number,
): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const leftMs = deadlineMs - performance.now();
    if (server.end !== null || leftMs <= 0) return false;
    if ((await request(server.port, path, leftMs)).status !== null) return true;
    await wait(Math.min(RETRY_MS, leftMs));
  }
}

/** The first path that answers with success, or else the first with the best answer. */
export async function bestPath(port: number, paths: readonly string[]): Promise<Asked> {
  const asked: Asked[] = [];
  for (const path of paths) {
    const one = await request(port, path);
    if (rank(one) === 0) return one;
    asked.push(one);
  }
  return asked.reduce((best, one) => (rank(one) < rank(best) ? one : best));
}

/** Success, redirection, refusal, failure, silence. */
const rank = ({ status }: Asked): number => (status === null ? 4 : Math.max(0, Math.floor(status / 100) - 2));

/** Several clients ask for a path, each as soon as it was answered. Says how many answers there were. */
export async function requestFor(port: number, path: string, durationMs: number, clients: number): Promise<number> {
  const endMs = performance.now() + durationMs;
  let answers = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < endMs) {
      if ((await request(port, path)).status === null) return;
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return answers;
}
