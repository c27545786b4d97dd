import { describe, expect, test } from 'vitest';
import type { RoutesAnswer } from '../../src/collector/api-types.ts';
import { chunkOf, newId, type SampleLine, T0 } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const PROFILER = newId();
const profiled = (thread?: string) => ({
  'sentry.profiler_id': PROFILER,
  ...(thread !== undefined && { 'thread.id': thread }),
});
const chunk = (...lines: SampleLine[]) => chunkItem(chunkOf(lines, { profiler_id: PROFILER }));

async function routesOf(...items: [object, unknown][]): Promise<RoutesAnswer> {
  const collector = await openCollector();
  expect(await collector.post(envelopeOf(...items))).toMatchObject({ status: 200, body: { id: 'e'.repeat(32) } });
  return (await collector.get('/api/v1/routes')).body;
}

const cpuOf = (answer: RoutesAnswer) => Object.fromEntries(answer.routes.map(({ route, cpuMs }) => [route, cpuMs]));

describe('CPU time goes to the requests in flight', () => {
  test('a request alone is charged for its samples, until the thread falls idle', async () => {
    const answer = await routesOf(
      chunk([0, ['burn']], [0.25, ['burn']], [0.5, []], [9, []]),
      spanItem(requestSpan('/api/busy', 0, 1, profiled())),
    );
    expect(answer).toEqual({
      attribution: 'time-window',
      contextShare: 0,
      unsampledMs: 0,
      fallbackChunks: 0,
      requests: 1,
      profiledRequests: 1,
      pendingRequests: 0,
      cpuMs: 500,
      buckets: { fromMs: T0 * 1000, widthMs: 10_000, count: 1 },
      series: [500],
      routes: [
        {
          route: '/api/busy',
          requests: 1,
          profiledRequests: 1,
          cpuMsPerRequest: { mean: 500, p50: 500, p95: 500 },
          cpuMs: 500,
          share: 1,
          topFunction: { name: 'burn', kind: 'app', file: '/app/code.ts', line: 1, column: 1, selfMs: 500 },
          series: [500],
        },
      ],
      otherRoots: { cpuMs: 0, share: 0, topFunction: null, notReceivedMs: 0 },
      unattributed: { cpuMs: 0, share: 0, topFunction: null },
    });
  });

  test('two at the same time share evenly, one after the other do not', async () => {
    const answer = await routesOf(
      chunk([0, ['a']], [1, ['a']], [2, ['a']], [3, []]),
      spanItem(requestSpan('/first', 0, 1.5, profiled()), requestSpan('/second', 0.5, 2.5, profiled())),
    );
    expect(cpuOf(answer)).toEqual({ '/first': 1500, '/second': 1500 });
  });

  test('a long request that started far earlier is still found behind many short ones', async () => {
    const short = Array.from({ length: 50 }, (_, index) =>
      requestSpan('/short', 1 + index / 100, 1.005 + index / 100, profiled()),
    );
    const answer = await routesOf(
      chunk([5, ['a']], [6, ['a']], [7, []]),
      spanItem(requestSpan('/long', 0, 10, profiled()), ...short),
    );
    expect(cpuOf(answer)).toEqual({ '/long': 2000, '/short': 0 });
  });

  test('time with no request in flight is a line of its own, never a route', async () => {
    const answer = await routesOf(
      chunk([0, ['boot']], [3, ['burn']], [4, ['burn']], [4.5, []]),
      spanItem(requestSpan('/api/busy', 3, 4.2, profiled())),
    );
    expect(cpuOf(answer)).toEqual({ '/api/busy': 1500 });
    expect(answer).toMatchObject({
      cpuMs: 4500,
      unattributed: { cpuMs: 3000, share: 0.6667, topFunction: { name: 'boot' } },
    });
  });

  test('a request of another process is not charged', async () => {
    const answer = await routesOf(
      chunk([0, ['a']], [1, ['a']], [2, []]),
      spanItem(requestSpan('/theirs', 0, 2, { 'sentry.profiler_id': newId() }), requestSpan('/ours', 0, 2, profiled())),
    );
    expect(cpuOf(answer)).toEqual({ '/ours': 2000, '/theirs': 0 });
  });

  test('requests on lanes are charged for their own lane only', async () => {
    const answer = await routesOf(
      chunk([0, ['a'], '1'], [0, ['b'], '2'], [1, ['a'], '1'], [2, ['b'], '2'], [2, [], '1'], [3, [], '2']),
      spanItem(requestSpan('/one', 0, 3, profiled('1')), requestSpan('/two', 0, 3, profiled('2'))),
    );
    expect(cpuOf(answer)).toEqual({ '/two': 3000, '/one': 2000 });
  });

  test('idle is no CPU, as empty stack or as (idle); collecting garbage is, and is labelled', async () => {
    const answer = await routesOf(
      chunk([0, ['(idle)', '(root)']], [1, ['a']], [2, ['(garbage collector)', '(root)']], [5, ['(idle)']], [6, []]),
      spanItem(requestSpan('/r', 0, 6, profiled())),
    );
    expect(answer.routes[0]).toMatchObject({
      cpuMs: 4000,
      topFunction: { name: '(garbage collector)', kind: 'gc', selfMs: 3000 },
    });
  });

  test('p50 and p95 are what requests really cost, the mean is over all of them', async () => {
    const spans = Array.from({ length: 20 }, (_, index) => requestSpan('/r', index, index + 0.9, profiled()));
    const lines = spans.flatMap((_, index): SampleLine[] => [
      [index, ['a']],
      [index + (index === 19 ? 0.8 : 0.1), []],
    ]);
    const answer = await routesOf(chunk(...lines), spanItem(...spans));
    expect(answer.routes[0]?.cpuMsPerRequest).toEqual({ mean: 135, p50: 100, p95: 100 });
  });

  test('requests without profiler are counted and left out of the CPU figures', async () => {
    const answer = await routesOf(
      chunk([0, ['a']], [1, ['a']], [2, []]),
      spanItem(requestSpan('/r', 0, 2, profiled()), requestSpan('/r', 0, 2)),
    );
    expect(answer.routes[0]).toMatchObject({ requests: 2, profiledRequests: 1, cpuMsPerRequest: { mean: 2000 } });
  });

  test('a request whose chunk may still come is pending, not free of cost', async () => {
    const now = Date.now() / 1000 - T0;
    const answer = await routesOf(spanItem(requestSpan('/r', now - 2, now - 1, profiled())));
    expect(answer).toMatchObject({
      pendingRequests: 1,
      profiledRequests: 0,
      routes: [{ requests: 1, cpuMsPerRequest: null }],
    });
  });
});

describe('a request is named by its route', () => {
  const names = async (...spans: unknown[]) =>
    (await routesOf(spanItem(...spans))).routes.map(({ route, requests }) => [route, requests]);
  const root = (name: string, attributes = {}) => spanOf({ name, from: 0, to: 1, op: 'http.server', attributes });

  test('http.route before next.route before the name', async () => {
    expect(await names(root('GET /blog/1', { 'http.route': '/blog/[slug]', 'next.route': '/other' }))).toEqual([
      ['/blog/[slug]', 1],
    ]);
    expect(await names(root('GET /blog/1', { 'next.route': '/blog/[slug]' }))).toEqual([['/blog/[slug]', 1]]);
    expect(await names(root('GET /api/busy'))).toEqual([['/api/busy', 1]]);
  });

  test('a child names it where the root does not', async () => {
    const bare = root('GET', { 'url.path': '/blog/1' });
    const child = spanOf({
      name: 'render route (app)',
      from: 0.1,
      to: 0.9,
      attributes: { 'next.route': '/blog/[slug]' },
      parent: bare,
    });
    expect(await names(child, bare)).toEqual([['/blog/[slug]', 1]]);
  });

  test('a URL joins the pattern that others named, and the most exact one of several', async () => {
    expect(
      await names(
        root('GET', { 'http.route': '/blog/[slug]' }),
        root('GET', { 'http.route': '/blog/new' }),
        root('GET', { 'http.route': '/docs/[...path]' }),
        root('GET /blog/hello'),
        root('GET', { 'url.path': '/blog/world' }),
        root('POST /blog/new'),
        root('GET /docs/a/b?x=1'),
      ),
    ).toEqual([
      ['/blog/[slug]', 3],
      ['/blog/new', 2],
      ['/docs/[...path]', 2],
    ]);
  });

  test('without pattern, the path without query; with nothing at all, (unknown)', async () => {
    expect(await names(root('GET', { 'url.path': '/a' }), root('GET /a?secret=1'), root('POST'))).toEqual([
      ['/a', 2],
      ['(unknown)', 1],
    ]);
  });

  test("Next's own root span is a request without Sentry's operation; boot spans and children are none", async () => {
    const next = spanOf({
      name: 'GET /a',
      from: 0,
      to: 1,
      attributes: { 'next.span_type': 'BaseServer.handleRequest' },
    });
    const boot = spanOf({ name: 'load route module', from: 0, to: 1, attributes: { 'next.route': '/a' } });
    const client = spanOf({ name: 'GET /b', from: 0, to: 1, op: 'http.client' });
    const child = spanOf({ name: 'GET /c', from: 0, to: 1, op: 'http.server', parent: next });
    expect(await names(next, boot, client, child)).toEqual([['/a', 1]]);
  });
});

describe('the functions of a route', () => {
  async function asked() {
    const collector = await openCollector();
    await collector.post(
      envelopeOf(
        chunk([0, ['burn', 'handler']], [1, ['handler']], [1.5, ['other']], [2, ['burn', 'other']], [3, []]),
        spanItem(requestSpan('/busy', 0, 1.4, profiled()), requestSpan('/o?k', 1.45, 9, profiled())),
      ),
    );
    return collector;
  }

  test('come with self, total, share of the route and position', async () => {
    const collector = await asked();
    expect((await collector.get('/api/v1/functions?route=/busy')).body).toEqual({
      attribution: 'time-window',
      contextShare: 0,
      route: '/busy',
      cpuMs: 1500,
      functions: [
        {
          name: 'burn',
          kind: 'app',
          file: '/app/code.ts',
          line: 1,
          column: 1,
          selfMs: 1000,
          totalMs: 1000,
          share: 0.6667,
        },
        {
          name: 'handler',
          kind: 'app',
          file: '/app/code.ts',
          line: 2,
          column: 1,
          selfMs: 500,
          totalMs: 1500,
          share: 0.3333,
        },
      ],
    });
    expect((await collector.get(`/api/v1/functions?route=${encodeURIComponent('/o?k')}`)).body).toMatchObject({
      cpuMs: 1500,
    });
  });

  test('without route they are those of everything that ran', async () => {
    const { body } = await (await asked()).get('/api/v1/functions');
    expect(body).toMatchObject({ route: null, cpuMs: 3000, functions: [{ name: 'burn', selfMs: 2000 }, {}, {}] });
  });

  test('an unknown route is 404 and says where the known ones are', async () => {
    const answer = await (await asked()).get('/api/v1/functions?route=/nope');
    expect(answer).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/'\/nope'.*\/api\/v1\/routes/) },
    });
  });

  test('a time range clips chunks and requests', async () => {
    const { body } = await (await asked()).get(`/api/v1/routes?from=${(T0 + 0.5) * 1000}&to=${(T0 + 1.25) * 1000}`);
    expect(body).toMatchObject({ cpuMs: 750, routes: [{ route: '/busy', cpuMs: 750 }] });
  });

  test.each(['from=x', 'from=', 'to=-1', 'to=1e99'])('a range that is none (%s) is refused', async (query) => {
    const answer = await (await openCollector()).get(`/api/v1/routes?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/must be milliseconds/) } });
  });
});
