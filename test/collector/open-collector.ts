import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StatusAnswer } from '../../src/collector/api-types.ts';
import { type Collector, type CollectorOptions, startCollector } from '../../src/collector/server.ts';
import type { ProfileStore } from '../../src/store/profile-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';

/** A real collector on a free port with a real store in a temporary folder; both go when the test ends. */
export interface OpenCollector extends Collector {
  store: ProfileStore;
  /** Posts an envelope; the body is text or bytes. */
  post(body: string | Uint8Array, headers?: Record<string, string>, path?: string): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  status(): Promise<StatusAnswer>;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any;
  headers: Headers;
}

export async function openCollector(options: Partial<CollectorOptions> = {}): Promise<OpenCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-collector-'));
  const store = options.store ?? (await openSqliteStore(join(folder, 'profiles.db')));
  const collector = await startCollector({ version: '9.9.9', ...options, store });
  onTestFinished(async () => {
    await collector.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${collector.port}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  };
  return {
    ...collector,
    store,
    post: (body, headers = {}, path = '/api/1/envelope/?sentry_key=public') =>
      ask(path, { method: 'POST', body: body as BodyInit, headers }),
    get: (path, headers = {}) => ask(path, { headers }),
    status: async () => (await ask('/api/v1/status', {})).body,
  };
}
