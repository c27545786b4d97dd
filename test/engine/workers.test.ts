import { expect, test } from 'vitest';
import { brokenRules } from '../../e2e/relay-rules.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { busyMs } from '../busy-ms.ts';
import { nodeBinary, SUPPORTED_NODE_VERSIONS } from '../node-versions.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { SDKS, SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

const threadsOf = ({ profile }: ProfileChunk): string[] => Object.keys(profile.thread_metadata);

test.each(Object.entries(SDKS))(
  'a worker with a Sentry client profiles itself, under its own thread, %s',
  async (_name, sdk) => {
    const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, sdk }));
    await app.call('startWorker', 'images');
    await app.call('inWorker', 'images', 'request', 300);
    await app.call('child');
    await app.call('inWorker', 'images', 'flush');
    await app.call('flush');
    for (const { header, payload } of sink.items.filter((item) => item.header.type === 'profile_chunk')) {
      expect(brokenRules(header, JSON.parse(payload))).toEqual([]);
    }
    const ofMain = sink.chunks.filter((chunk) => threadsOf(chunk).includes('0'));
    const ofWorker = sink.chunks.filter((chunk) => !ofMain.includes(chunk));
    expect(busyMs(ofMain, 'workOfWorker')).toBe(0);
    expect(busyMs(ofMain, 'hotFunction')).toBeGreaterThan(0);
    expect(ofMain.map(({ profiler_id }) => profiler_id)).not.toContain(ofWorker[0]?.profiler_id);
    const [thread = ''] = ofWorker.flatMap(threadsOf);
    expect(ofWorker[0]?.profile.thread_metadata[thread]?.name).toMatch(/^(images|worker \d+)$/);
    expect(busyMs(ofWorker, 'workOfWorker')).toBeGreaterThan(200);
    expect(busyMs(ofWorker, 'workOfWorker')).toBeLessThan(400);
    // The span of the worker's request leads to its thread.
    const spans = sink.payloads(sdk === SDKS['Sentry 11.1.0'] ? 'span' : 'transaction');
    const span = spans.find((payload) => payload.includes('GET /worker'));
    expect(span).toMatch(new RegExp(`"thread.id":(\\{"value":)?"${thread}"`));
    expect(span).toContain(ofWorker[0]?.profiler_id);
  },
);

test('a worker says why its samples do not know their span, and the main thread goes on knowing', async () => {
  const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE }));
  await app.call('startWorker', 'images');
  expect((await app.call('inWorker', 'images', 'status')).attribution).toMatchObject({
    enabled: false,
    reason: 'in a worker thread samples do not know their span',
  });
  await Promise.all([app.call('child')]);
  expect((await app.status()).attribution.enabled).toBe(true);
});

const WITH_WORKER_PROFILES = SUPPORTED_NODE_VERSIONS.filter((version) => !version.startsWith('20.'));

test.each(WITH_WORKER_PROFILES)(
  'a worker without a Sentry client is profiled when the main thread asks, under its own thread, on Node %s',
  async (version) => {
    const nodeOptions = { nodeBinary: nodeBinary(version), profiling: { chunkDurationMs: 1_000 } };
    const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, ...nodeOptions }));
    await app.call('startPlainWorker', 'images');
    await app.call('inWorker', 'images', 'burn', 200);
    await app.call('profileWorker', 'images');
    for (let i = 0; i < 4; i++) {
      await app.call('inWorker', 'images', 'burn', 400);
      await app.call('wait', 100);
    }
    await app.call('stopWorkerProfile', 'images');
    await app.call('inWorker', 'images', 'burn', 200);
    await app.call('flush');
    const { chunks } = sink;
    expect(chunks.length).toBeGreaterThan(1);
    expect(new Set(chunks.map(({ profiler_id }) => profiler_id)).size).toBe(1);
    const [thread = ''] = chunks.flatMap(threadsOf);
    for (const { header, payload } of sink.items.filter((item) => item.header.type === 'profile_chunk')) {
      const chunk: ProfileChunk = JSON.parse(payload);
      expect(brokenRules(header, chunk)).toEqual([]);
      expect(chunk.profile.thread_metadata).toEqual({
        [thread]: { name: expect.stringMatching(/^(images|worker \d+)$/) },
      });
      expect(chunk.next_profiling?.binding).toBe('worker');
    }
    expect(thread).not.toBe('0');
    // Neither what was before nor what came after, and nothing twice.
    expect(busyMs(chunks, 'workOfWorker')).toBeGreaterThan(1_300);
    expect(busyMs(chunks, 'workOfWorker')).toBeLessThan(1_800);
    const times = chunks.map(({ profile }) => profile.samples.map(({ timestamp }) => timestamp));
    for (const [index, of] of times.entries()) {
      expect(Math.min(...of)).toBeGreaterThanOrEqual(Math.max(0, ...(times[index - 1] ?? [])));
      expect(Math.max(...of)).toBeLessThan(Date.now() / 1000);
      expect(Math.min(...of)).toBeGreaterThan(Date.now() / 1000 - 30);
    }
    expect(app.ourLines).toEqual([]);
  },
);

test.each(SUPPORTED_NODE_VERSIONS)(
  'a worker that ends while the main thread has it profiled harms nobody, on Node %s',
  async (version) => {
    const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, nodeBinary: nodeBinary(version) }));
    await app.call('hold', 'root');
    await app.call('startPlainWorker', 'ending');
    await app.call('profileWorker', 'ending');
    await app.call('terminate', 'ending');
    await app.call('stopWorkerProfile', 'ending');
    await app.call('profileWorker', 'ending');
    await app.call('stopWorkerProfile', 'ending');
    await app.call('churnProfiledWorkers', version.startsWith('24.') ? 6 : 2, 3);
    expect((await app.status()).state).toBe('profiling');
    await app.call('churnProfiledForever', 2);
    const how = await app.endBy({ call: 'exit', args: [7] });
    expect(how, app.output).toBe('code 7');
    const isSupported = WITH_WORKER_PROFILES.includes(version);
    expect(app.ourLines).toEqual(
      isSupported ? [] : [expect.stringMatching(/profileWorker\(\) needs a Worker of Node/)],
    );
  },
);

test('a worker is not profiled from outside where transactions are, and it is said', async () => {
  const init = { tracesSampleRate: 1, profilesSampleRate: 1 };
  const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init, sdk: SDKS['Sentry 10.75.3'] }));
  await app.call('startPlainWorker', 'images');
  await app.call('profileWorker', 'images');
  await app.call('stopWorkerProfile', 'images');
  expect(app.ourLines).toEqual([expect.stringContaining('profileWorker() does nothing: transactions are profiled')]);
});

test.each([
  ...SUPPORTED_NODE_VERSIONS.map((version) => [version, 'nobody'] as const),
  ['24.21.0', 'two-profilers'] as const,
])(
  'workers that are terminated while they are profiled harm nobody, on Node %s beside %s',
  async (version, company) => {
    const nodeOptions = { nodeBinary: nodeBinary(version), env: { COMPANY_IS: company } };
    const app = untilTestEnds(await SentryApp.start({ dsn: sink.dsn, init: TRACE, ...nodeOptions }));
    await app.call('hold', 'root');
    await app.call('churnWorkers', version.startsWith('24.') ? 3 : 1, 3);
    expect((await app.status()).state).toBe('profiling');
    await app.call('churnForever', 2);
    const how = await app.endBy({ call: 'exit', args: [7] });
    expect(how, app.output).toBe('code 7');
  },
);
