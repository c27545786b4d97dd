import { describe, expect, test } from 'vitest';
import type { RequestsAnswer, TraceAnswer } from '../../src/collector/api-trace-types.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const PROFILER = newId();
const request = (route: string, from: number, to: number) =>
  requestSpan(route, from, to, { 'sentry.profiler_id': PROFILER, 'thread.id': '1001', 'thread.name': 'main · lane 1' });
const context = (...lines: ContextLine[]) => chunkItem(contextChunk(lines, { profiler_id: PROFILER }));

async function collectorWith(options: { sentryUrl?: string }, ...items: [object, unknown][]) {
  const collector = await openCollector(options);
  expect((await collector.post(envelopeOf(...items))).status).toBe(200);
  return collector;
}

describe('a trace', () => {
  const root = request('/busy', 0, 3);
  const page = spanOf({ name: 'Page /busy', from: 1, to: 3, parent: root, op: 'ui.render' });
  const query = spanOf({ name: 'query', from: 0.5, to: 0.9, parent: root });
  const unsent = { trace_id: root.trace_id, span_id: 'f'.repeat(16), name: 'unsent' };
  const lines: ContextLine[] = [
    [0, ['a'], inChunk(root), 1],
    [1, ['b'], { ...inChunk(page), parent: inChunk(root) }, 2],
    [2, ['c'], { ...unsent, parent: { ...inChunk(page), parent: inChunk(root) } }, 4],
    [2.5, ['d'], null, 8],
  ];
  const items = [context(...lines), spanItem(page, query, root)];
  const trace = async (collector: Awaited<ReturnType<typeof collectorWith>>): Promise<TraceAnswer> =>
    (await collector.get(`/api/v1/trace?trace=${root.trace_id}`)).body;

  test('is its spans, parents first, each with its own CPU time and that below it', async () => {
    const answer = await trace(await collectorWith({}, ...items));
    expect(
      answer.spans.map(({ name, parent, cpuSelfMs, cpuTotalMs }) => [name, parent, cpuSelfMs, cpuTotalMs]),
    ).toEqual([
      ['GET /busy', -1, 1, 7],
      ['query', 0, 0, 0],
      // What was not sent is in the total of the span that it is below.
      ['Page /busy', 0, 2, 6],
    ]);
    expect(answer).toMatchObject({
      traceId: root.trace_id,
      startMs: T0 * 1e3,
      endMs: (T0 + 3) * 1e3,
      sessions: [PROFILER],
      sentryUrl: null,
    });
    expect(answer.spans[0]).toMatchObject({
      isRequest: true,
      profiled: true,
      session: PROFILER,
      thread: '1001',
      threadName: 'main · lane 1',
    });
    expect(answer.spans[2]).toMatchObject({ op: 'ui.render', session: PROFILER, startMs: (T0 + 1) * 1e3 });
  });

  test('says where it is in Sentry', async () => {
    const { sentryUrl } = await trace(await collectorWith({ sentryUrl: 'https://acme.sentry.io/' }, ...items));
    expect(sentryUrl).toBe(`https://acme.sentry.io/performance/trace/${root.trace_id}/`);
  });

  test('that no profiler watched has no CPU times', async () => {
    const unseen = requestSpan('/unseen', 0, 1);
    const { get } = await collectorWith({}, spanItem(unseen));
    const { spans } = (await get(`/api/v1/trace?trace=${unseen.trace_id}`)).body as TraceAnswer;
    expect(spans).toMatchObject([{ profiled: false, cpuSelfMs: null, cpuTotalMs: null }]);
  });

  test('whose samples do not know their spans has the total of its request only', async () => {
    const watched = requestSpan('/window', 0, 1, { 'sentry.profiler_id': PROFILER, 'thread.id': '0' });
    const chunk = chunkOf(
      [
        [0, ['a']],
        [0.25, []],
        [0.5, []],
      ],
      { profiler_id: PROFILER },
    );
    chunk.profile.samples.splice(1, 0, { ...(chunk.profile.samples[0] ?? expect.fail()), timestamp: T0 + 0.1 });
    const { get } = await collectorWith({}, chunkItem(chunk), spanItem(watched));
    const { spans } = (await get(`/api/v1/trace?trace=${watched.trace_id}`)).body as TraceAnswer;
    expect(spans).toMatchObject([{ profiled: true, cpuSelfMs: null, cpuTotalMs: 250 }]);
  });

  test('whose spans claim to be each other’s parents comes to an end', async () => {
    const [a, b] = [
      spanOf({ name: 'a', from: 0, to: 1, parent: root }),
      spanOf({ name: 'b', from: 0.1, to: 1, parent: root }),
    ];
    a.parent_span_id = b.span_id;
    b.parent_span_id = a.span_id;
    const { get } = await collectorWith({}, spanItem(a, b));
    const { spans } = (await get(`/api/v1/trace?trace=${root.trace_id}`)).body as TraceAnswer;
    expect(spans.map(({ name, parent }) => [name, parent])).toEqual([
      ['a', -1],
      ['b', 0],
    ]);
  });

  test.each([
    ['', 400, /trace is missing/],
    ['?trace=nonsense', 400, /trace must be 32/],
    [`?trace=${'0'.repeat(32)}`, 404, /no span of trace 0+ is stored/],
  ])('%s is %i', async (query, status, detail) => {
    const { get } = await openCollector();
    expect(await get(`/api/v1/trace${query}`)).toMatchObject({
      status,
      body: { detail: expect.stringMatching(detail) },
    });
  });
});

describe('requests', () => {
  const [cheap, dear, long] = [request('/a', 0, 1), request('/a', 2, 3), request('/b', 4, 9)];
  const unwatched = requestSpan('/a', 5, 5.5);
  const items = [
    context([0, ['f'], inChunk(cheap), 1], [2, ['f'], inChunk(dear), 9], [4, ['f'], inChunk(long), 3]),
    spanItem(cheap, dear, long, unwatched),
  ];

  test.each([
    ['', ['/a 9', '/b 3', '/a 1', '/a null'], 0],
    ['?route=/a', ['/a 9', '/a 1', '/a null'], 0],
    ['?sort=duration&limit=2', ['/b 3', '/a 9'], 2],
    ['?sort=start&limit=1', ['/a null'], 3],
  ])('%s are listed, the highest first', async (query, expected, more) => {
    const { get } = await collectorWith({}, ...items);
    const answer = (await get(`/api/v1/requests${query}`)).body as RequestsAnswer;
    expect(answer.requests.map(({ route, cpuMs }) => `${route} ${cpuMs}`)).toEqual(expected);
    expect(answer.more).toBe(more);
  });

  test('say where they are to be looked at', async () => {
    const { get } = await collectorWith({}, ...items);
    expect((await get('/api/v1/requests?limit=1')).body.requests).toEqual([
      {
        traceId: dear.trace_id,
        spanId: dear.span_id,
        session: PROFILER,
        thread: '1001',
        name: 'GET /a',
        route: '/a',
        startMs: (T0 + 2) * 1e3,
        durationMs: 1_000,
        cpuMs: 9,
        release: null,
        environment: null,
      },
    ]);
  });

  test('an order that there is none of is refused', async () => {
    const { get } = await openCollector();
    expect(await get('/api/v1/requests?sort=size')).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^sort must be cpu, duration, start/) },
    });
  });
});
