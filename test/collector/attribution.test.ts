import { describe, expect, test } from 'vitest';
import type { FunctionsAnswer, RoutesAnswer } from '../../src/collector/api-types.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from './envelope-of.ts';
import { type OpenCollector, openCollector } from './open-collector.ts';

const PROFILER = newId();
const request = (route: string, from: number, to: number) =>
  requestSpan(route, from, to, { 'sentry.profiler_id': PROFILER, 'thread.id': '0' });
const context = (...lines: ContextLine[]) => chunkItem(contextChunk(lines, { profiler_id: PROFILER }));

async function collectorWith(...items: [object, unknown][]): Promise<OpenCollector> {
  const collector = await openCollector();
  expect(await collector.post(envelopeOf(...items))).toMatchObject({ status: 200, body: { id: 'e'.repeat(32) } });
  return collector;
}

const routesOf = async (collector: OpenCollector, query = ''): Promise<RoutesAnswer> =>
  (await collector.get(`/api/v1/routes${query}`)).body;

const cpuOf = (answer: RoutesAnswer) => Object.fromEntries(answer.routes.map(({ route, cpuMs }) => [route, cpuMs]));

describe('CPU time whose samples know their span', () => {
  test('is the CPU of the request that worked; one that waited at the same time is charged nothing', async () => {
    const [busy, waiting] = [request('/busy', 0, 3), request('/waiting', 0, 3)];
    const lines: ContextLine[] = [
      [0, ['burn'], inChunk(busy), 8],
      [1, ['burn'], inChunk(busy), 9.5],
      [2, [], null, 0],
    ];
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(busy, waiting)));
    expect(answer).toMatchObject({ attribution: 'context', contextShare: 1, cpuMs: 17.5, profiledRequests: 2 });
    expect(answer.routes).toMatchObject([
      { route: '/busy', cpuMs: 17.5, share: 1, cpuMsPerRequest: { mean: 17.5, p50: 17.5, p95: 17.5 } },
      { route: '/waiting', cpuMs: 0, cpuMsPerRequest: { mean: 0, p50: 0, p95: 0 }, topFunction: null },
    ]);
  });

  test('used while the sampler slept is said beside the rest', async () => {
    const busy = request('/busy', 0, 3);
    const chunk = contextChunk([
      [0, ['burn'], inChunk(busy), 3],
      [1, ['burn'], inChunk(busy), 5],
      [2, [], null, 0],
    ]);
    if (chunk.next_profiling) chunk.next_profiling.unsampled_cpu_us = 2500;
    const answer = await routesOf(await collectorWith(chunkItem(chunk), spanItem(busy)));
    expect(answer).toMatchObject({ cpuMs: 8, unsampledMs: 2.5 });
  });

  test("of spans anywhere below a request is the request's, in whatever order a chunk lists them", async () => {
    const root = request('/a', 0, 9);
    const inRoot = inChunk(root);
    const middle = { trace_id: root.trace_id, span_id: '1'.repeat(16), parent: inRoot };
    const leaf = { trace_id: root.trace_id, span_id: '2'.repeat(16), parent: middle };
    const lines: ContextLine[] = [
      [0, ['f'], leaf, 1],
      [1, ['g'], middle, 2],
      [2, ['h'], inRoot, 4],
      [3, [], null, 0],
    ];
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(root)));
    expect(cpuOf(answer)).toEqual({ '/a': 7 });
  });

  test('is the same whether the spans came before the chunk or long after it', async () => {
    const root = request('/a', 0, 9);
    const collector = await collectorWith(context([0, ['f'], inChunk(root), 5], [1, ['f'], inChunk(root), 6]));
    expect(await routesOf(collector)).toMatchObject({ routes: [], otherRoots: { cpuMs: 11, notReceivedMs: 11 } });
    await collector.post(envelopeOf(spanItem(root)));
    const answer = await routesOf(collector);
    expect(cpuOf(answer)).toEqual({ '/a': 11 });
    expect(answer.otherRoots).toEqual({ cpuMs: 0, share: 0, topFunction: null, notReceivedMs: 0 });
  });

  test('outside of any living span is a line of its own, even while requests are in flight', async () => {
    const root = request('/a', 0, 9);
    const lines: ContextLine[] = [
      [0, ['f'], inChunk(root), 3],
      [1, ['parseHeaders'], null, 1],
      [2, [], null, 0],
    ];
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(root)));
    expect(cpuOf(answer)).toEqual({ '/a': 3 });
    expect(answer.unattributed).toMatchObject({ cpuMs: 1, share: 0.25, topFunction: { name: 'parseHeaders' } });
  });

  test('keeps the requests of one route apart: p50 and p95 are what each really cost', async () => {
    const spans = Array.from({ length: 20 }, () => request('/r', 0, 20));
    const lines = spans.map((span, index): ContextLine => [index, ['f'], inChunk(span), index + 1]);
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(...spans)));
    expect(answer.routes[0]?.cpuMsPerRequest).toEqual({ mean: 10.5, p50: 10, p95: 19 });
  });

  test('is counted for requests that name no profiler, since the chunk names them', async () => {
    const root = requestSpan('/a', 0, 9);
    const answer = await routesOf(
      await collectorWith(context([0, ['f'], inChunk(root), 2], [1, ['f'], inChunk(root), 2]), spanItem(root)),
    );
    expect(answer.routes).toMatchObject([{ profiledRequests: 1, cpuMsPerRequest: { p50: 4 } }]);
  });

  test('of another project with the same ids is not mixed in', async () => {
    const root = request('/a', 0, 9);
    const collector = await collectorWith(spanItem(root));
    const body = envelopeOf(context([0, ['f'], inChunk(root), 2], [1, ['f'], inChunk(root), 2]));
    await collector.post(body, {}, '/api/2/envelope/?sentry_key=k');
    expect(cpuOf(await routesOf(collector))).toEqual({ '/a': 0 });
  });

  test('goes to the functions of its route', async () => {
    const [a, b] = [request('/a', 0, 9), request('/b', 0, 9)];
    const lines: ContextLine[] = [
      [0, ['burn', 'handler'], inChunk(a), 3],
      [1, ['other'], inChunk(b), 5],
      [2, ['handler'], inChunk(a), 1],
    ];
    const collector = await collectorWith(context(...lines), spanItem(a, b));
    const { body } = await collector.get('/api/v1/functions?route=/a');
    expect(body as FunctionsAnswer).toMatchObject({
      attribution: 'context',
      cpuMs: 4,
      functions: [
        { name: 'burn', selfMs: 3, totalMs: 3 },
        { name: 'handler', selfMs: 1, totalMs: 4 },
      ],
    });
    await collector.post(envelopeOf(spanItem(request('/waiting', 0, 9))));
    const waiting = await collector.get('/api/v1/functions?route=/waiting');
    expect(waiting.body).toMatchObject({ attribution: 'context', contextShare: 1, cpuMs: 0 });
  });
});

describe('a root span that is no stored request', () => {
  const missing = () => ({ trace_id: newId(), span_id: newId().slice(0, 16) });

  test('is a route of its own or joins it if its chunk names the route', async () => {
    const known = request('/known', 0, 9);
    const lines: ContextLine[] = [
      [0, ['f'], inChunk(missing(), { route: '/new' }), 4],
      [1, ['f'], inChunk(missing(), { route: '/known' }), 2],
      [2, ['f'], inChunk(known), 1],
    ];
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(known)));
    expect(answer.routes).toMatchObject([
      { route: '/new', requests: 0, cpuMsPerRequest: null, cpuMs: 4 },
      { route: '/known', requests: 1, cpuMsPerRequest: { mean: 1 }, cpuMs: 3 },
    ]);
  });

  test('with a name only is not folded into a route, and is not called unattributed', async () => {
    const lines: ContextLine[] = [
      [0, ['work'], inChunk(missing(), { name: 'GET /a' }), 4],
      [1, ['work'], inChunk(missing()), 2],
    ];
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(request('/a', 0, 9))));
    expect(cpuOf(answer)).toEqual({ '/a': 0 });
    expect(answer).toMatchObject({
      otherRoots: { cpuMs: 6, share: 1, notReceivedMs: 6, topFunction: { name: 'work' } },
      unattributed: { cpuMs: 0 },
    });
  });

  test('but a job or a boot span is no request, whatever route it names', async () => {
    const boot = spanOf({ name: 'load route module', from: 0, to: 9, attributes: { 'next.route': '/a' } });
    const lines: ContextLine[] = [
      [0, ['load'], inChunk(boot, { route: '/a' }), 4],
      [1, ['load'], inChunk(boot, { route: '/a' }), 2],
    ];
    const answer = await routesOf(await collectorWith(context(...lines), spanItem(boot)));
    expect(answer).toMatchObject({ routes: [], otherRoots: { cpuMs: 6, notReceivedMs: 0 } });
  });

  test('has a row in the table and a note beneath it', async () => {
    const collector = await collectorWith(
      context([0, ['work'], inChunk(missing()), 40], [1, ['work'], inChunk(missing()), 20]),
    );
    const page = (await collector.get('/')).body as string;
    expect(page).toMatch(/^\(other root spans\) +60 +100\.0% +work$/m);
    expect(page).toMatch(/: not known to be requests, 60 ms of it not received; see top --by span\.$/m);
    expect(page).toMatch(/^\(no request\) +0\.0 +0\.0% +-$/m);
    expect(page.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});

test('a route of which no request was received has its row, and a note that says so', async () => {
  const lost = inChunk(request('/404', 0, 9), { route: '/404' });
  const lines: ContextLine[] = [
    [0, ['work'], lost, 40],
    [1, ['work'], lost, 20],
  ];
  const page = (await (await collectorWith(context(...lines))).get('/')).body as string;
  expect(page).toMatch(/^\/404 +0 .* 60 +100\.0% +work$/m);
  expect(page).toMatch(/^0 requests: none was received; /m);
  expect(page.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

describe('chunks of both kinds', () => {
  const byTime = (more: Partial<ProfileChunk> = {}) =>
    chunkItem({
      ...chunkOf([
        [20, ['f']],
        [20.003, ['f']],
        [20.006, []],
      ]),
      profiler_id: PROFILER,
      ...more,
    });

  test('each go their own way, and the answer says how much went which', async () => {
    const [early, a, b] = [request('/early', 0, 9), request('/a', 19, 21), request('/b', 19, 21)];
    const exact = context([0, ['f'], inChunk(early), 8], [1, ['f'], inChunk(early), 10]);
    const collector = await collectorWith(exact, byTime(), spanItem(early, a, b));
    const answer = await routesOf(collector);
    expect(answer).toMatchObject({ attribution: 'mixed', contextShare: 0.75, cpuMs: 24 });
    expect(cpuOf(answer)).toEqual({ '/early': 18, '/a': 3, '/b': 3 });
    expect((await collector.get('/')).body).toContain('by 75.0% context, the rest time-window.');
    const functions = (route: string) => collector.get(`/api/v1/functions?route=${route}`);
    expect((await functions('/a')).body).toMatchObject({ attribution: 'time-window', contextShare: 0 });
    expect((await functions('/early')).body).toMatchObject({ attribution: 'context', contextShare: 1 });
  });

  test('CPU that was measured weighs more than the time between samples, without spans too', async () => {
    const next_profiling = { version: 1, sample_cpu_us: [1000, 500, 0] } as never;
    const answer = await routesOf(await collectorWith(byTime({ next_profiling }), spanItem(request('/a', 19, 21))));
    expect(answer).toMatchObject({ attribution: 'time-window', cpuMs: 1.5, routes: [{ cpuMs: 1.5 }] });
  });

  test('attribution that is broken makes a chunk one without', async () => {
    const [busy, waiting] = [request('/busy', 0, 3), request('/waiting', 0, 3)];
    const chunk = contextChunk(
      [
        [0, ['burn'], inChunk(busy), 8],
        [1, ['burn'], inChunk(busy), 9],
        [2, [], null, 0],
      ],
      { profiler_id: PROFILER },
    );
    chunk.next_profiling?.sample_spans?.pop();
    const collector = await openCollector({ log: () => {} });
    await collector.post(envelopeOf(chunkItem(chunk), spanItem(busy, waiting)));
    const answer = await routesOf(collector);
    expect(answer).toMatchObject({ attribution: 'time-window', cpuMs: 2000 });
    expect(cpuOf(answer)).toEqual({ '/busy': 1000, '/waiting': 1000 });
  });
});

describe('a time range', () => {
  const between = (from: number, to: number) => `?from=${(T0 + from) * 1000}&to=${(T0 + to) * 1000}`;

  test('has the samples whose time lies in it, whole; neighbouring ranges add up', async () => {
    const root = request('/a', 0, 9);
    const lines = [1, 2, 4, 8].map((cpuMs, index): ContextLine => [index, ['f'], inChunk(root), cpuMs]);
    const collector = await collectorWith(context(...lines), spanItem(root));
    const cpuMs = async (from: number, to: number) => (await routesOf(collector, between(from, to))).cpuMs;
    expect(await cpuMs(0, 2)).toBe(3);
    expect(await cpuMs(2, 9)).toBe(12);
    expect(await cpuMs(0.5, 2.5)).toBe(6);
    expect(await cpuMs(5, 9)).toBe(0);
  });

  test('knows a request that ended before it and still worked within it, and no other', async () => {
    const [root, gone] = [request('/a', 0, 1), request('/b', 0, 1)];
    const lines: ContextLine[] = [
      [0, ['f'], inChunk(gone), 100],
      [0.5, ['f'], inChunk(root), 10],
      [5, ['after'], inChunk(root), 3],
    ];
    const collector = await collectorWith(context(...lines), spanItem(root, gone));
    const answer = await routesOf(collector, between(4, 9));
    expect(answer).toMatchObject({ requests: 1, cpuMs: 3, otherRoots: { cpuMs: 0 } });
    expect(answer.routes).toMatchObject([{ route: '/a', requests: 1, cpuMsPerRequest: { p50: 3 } }]);
  });
});
