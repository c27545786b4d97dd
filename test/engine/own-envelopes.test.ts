import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../e2e/running-app.ts';
import { NODE_SDKS } from '../attribution/burning-app.ts';
import { SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

let app: SentryApp;
afterEach(() => app.stop());

async function start(sdk: string, port: number, init: Record<string, unknown> = {}): Promise<void> {
  const dsn = `http://public@127.0.0.1:${port}/1`;
  app = await SentryApp.start({ sdk, dsn, init: { ...TRACE, ...init }, profiling: { idleTimeoutMs: 50 } });
  await app.call('ingest', port);
}

/** The SDK reports at each flush what it did not sample: that is no loop. */
const envelopes = async (): Promise<string[]> =>
  (await app.call('brought')).filter((body: string) => body !== '' && !body.includes('{"type":"client_report"}'));

test.each(
  Object.entries(NODE_SDKS).flatMap(([name, sdk]) => [
    [`its own ingest, ${name}`, sdk, undefined],
    [`its own tunnel, ${name}`, sdk, '/monitoring'],
  ]),
)('a process that is %s does not feed on itself', async (_name, sdk = '', tunnelPath) => {
  const port = await freePort();
  await start(sdk, port, tunnelPath === undefined ? {} : { tunnel: `http://127.0.0.1:${port}${tunnelPath}` });
  await app.call('ask', `http://127.0.0.1:${port}/page`);
  await app.call('child');
  // Once for what the request brought about, and again for what that did.
  for (let i = 0; i < 3; i++) {
    await app.call('flush');
    await app.call('wait', 100);
  }
  const after = (await envelopes()).length;
  expect(after).toBeGreaterThan(1);
  const { counters } = await app.status();
  for (let i = 0; i < 3; i++) {
    await app.call('flush');
    await app.call('wait', 100);
  }
  expect((await envelopes()).slice(after)).toEqual([]);
  expect((await app.status()).counters.sessionsStarted).toBe(counters.sessionsStarted);
});
