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
