import { describe, expect, test } from 'vitest';
import { openCollector } from '../collector/open-collector.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { brokenTransactionRules } from '../relay-transaction-rules.ts';
import { type AppOptions, SDKS, SentryApp } from '../sentry-app.ts';

let app: SentryApp;

async function start(options: AppOptions = {}): Promise<void> {
  app = untilTestEnds(
    await SentryApp.start({ dsn: sink.dsn, init: { tracesSampleRate: 1, profilesSampleRate: 1 }, ...options }),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: read as it arrived.
const profiles = (): any[] => sink.payloads('profile').map((payload) => JSON.parse(payload));

/** Names of all functions that a profile shows. */
const functionsOf = (profile: { profile: { frames: { function: string }[] } }): string[] =>
  profile.profile.frames.map((frame) => frame.function);

describe.each([
  ['Sentry 10.75.3', SDKS['Sentry 10.75.3'], {}],
  ["Sentry 11.1.0 with traceLifecycle 'static'", SDKS['Sentry 11.1.0'], { traceLifecycle: 'static' }],
])('with %s', (_name, sdk, more) => {
  test('a transaction brings its own profile, as Relay wants it', async () => {
    await start({ sdk, init: { tracesSampleRate: 1, profilesSampleRate: 1, ...more } });
    await app.call('child');
    await app.call('wait', 1200);
    await app.call('child');
    await app.call('flush');
    expect(profiles()).toHaveLength(2);
    for (const profile of profiles()) {
      expect(brokenTransactionRules(profile, sink.items)).toEqual([]);
      expect(functionsOf(profile)).toContain('hotFunction');
      expect(profile.transaction.name).toBe('GET /parent');
    }
    expect(sink.chunks).toEqual([]);
    expect(await app.status()).toMatchObject({ lifecycle: 'transaction', counters: { chunksSent: 2 } });
  });
});

const SDK = SDKS['Sentry 10.75.3'];

test('requests in flight together each bring what they did themselves', async () => {
  await start({ sdk: SDK });
  await app.call('overlapping', 4, 200);
  await app.call('flush');
  expect(profiles()).toHaveLength(4);
  expect(new Set(profiles().map(({ transaction }) => transaction.active_thread_id)).size).toBe(4);
  for (const profile of profiles()) {
    expect(brokenTransactionRules(profile, sink.items)).toEqual([]);
    const isEven = Number(profile.transaction.name.at(-1)) % 2 === 0;
    expect(functionsOf(profile)).toContain(isEven ? 'evenWork' : 'oddWork');
    expect(functionsOf(profile)).not.toContain(isEven ? 'oddWork' : 'evenWork');
  }
});

test('profilesSampler chooses by name', async () => {
  await start({ sdk: SDK, init: { tracesSampleRate: 1, samplerOfPrefix: 'GET /request-1' } });
  await app.call('overlapping', 2, 100);
  await app.call('flush');
  expect(profiles().map(({ transaction }) => transaction.name)).toEqual(['GET /request-1']);
});

test('our collector shows them by route', async () => {
  const collector = await openCollector();
  app = untilTestEnds(
    await SentryApp.start({ sdk: SDK, dsn: collector.dsn, init: { tracesSampleRate: 1, profilesSampleRate: 1 } }),
  );
  await app.call('child');
  await app.call('flush');
  const { routes, requests, profiledRequests } = (await collector.get('/api/v1/routes')).body;
  expect({ requests, profiledRequests }).toEqual({ requests: 1, profiledRequests: 1 });
  expect(routes[0].topFunction.name).toBe('hotFunction');
  expect(routes[0].cpuMs).toBeGreaterThan(15);
});

test('a rate of 0 starts nothing', async () => {
  await start({ sdk: SDK, init: { tracesSampleRate: 1, profilesSampleRate: 0 } });
  await app.call('child');
  expect((await app.status()).counters.sessionsStarted).toBe(0);
  expect(app.ourLines).toEqual([]);
});

test('a burst of short requests does not stop and start the profiler for each', async () => {
  await start({ sdk: SDK });
  await app.call('requests', 200, 2, 0);
  await app.call('flush');
  const { counters } = await app.status();
  expect(counters.chunksStarted).toBeLessThan(40);
  for (const profile of profiles()) expect(brokenTransactionRules(profile, sink.items)).toEqual([]);
  expect(sink.payloads('transaction')).toHaveLength(200);
});

test('the newer options win, with one line', async () => {
  await start({ sdk: SDK, init: { tracesSampleRate: 1, profilesSampleRate: 1, profileSessionSampleRate: 1 } });
  await app.call('child');
  expect(app.ourLines).toEqual([expect.stringContaining("option 'profilesSampleRate' is 1; allowed: nothing beside")]);
  expect((await app.status()).lifecycle).toBe('manual');
});

test('where spans are streamed there are no transactions, and one line says so', async () => {
  await start({ sdk: SDKS['Sentry 11.1.0'] });
  await app.call('child');
  expect(app.ourLines).toEqual([expect.stringContaining("only with traceLifecycle 'static'")]);
});
