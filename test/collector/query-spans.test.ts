import { describe, expect, test } from 'vitest';
import type { SpansAnswer } from '../../src/collector/api-types.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ChunkSpan, type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from './envelope-of.ts';
import { type OpenCollector, openCollector } from './open-collector.ts';

const PROFILER = newId();
const request = (route: string) => requestSpan(route, 0, 30, { 'sentry.profiler_id': PROFILER });
const context = (...lines: ContextLine[]) => chunkItem(contextChunk(lines, { profiler_id: PROFILER }));

async function collectorWith(...items: [object, unknown][]): Promise<OpenCollector> {
  const collector = await openCollector();
  expect(await collector.post(envelopeOf(...items))).toMatchObject({ status: 200, body: { id: 'e'.repeat(32) } });
  return collector;
}

const spansOf = async (collector: OpenCollector, query = ''): Promise<SpansAnswer> =>
  (await collector.get(`/api/v1/spans${query}`)).body;

const table = ({ spans }: SpansAnswer) =>
  spans.map(({ name, spans, selfMs, totalMs, share }) => [name, spans, selfMs, totalMs, share]);

/** Two requests of one route, each with a page of its own, and one of another. */
function pages() {
  const [first, second, api] = [request('/blog/[slug]'), request('/blog/[slug]'), request('/api/busy')];
  const page = (parent: typeof first) => spanOf({ name: 'Page /blog/[slug]', from: 0, to: 1, parent });
  const [firstPage, secondPage] = [page(first), page(second)];
  const inFirst = inChunk(firstPage, { parent: inChunk(first) });
  const inSecond = inChunk(secondPage, { parent: inChunk(second) });
  const chunk = context(
    [0, ['render'], inFirst, 10],
    [1, ['render'], inSecond, 30],
    [2, ['route'], inChunk(first), 5],
    [3, ['burn'], inChunk(api), 45],
    [4, ['parse'], null, 10],
    [5, [], null, 0],
  );
  return [chunk, spanItem(first, second, api, firstPage, secondPage)] as const;
}

describe('CPU time by span', () => {
  test('has self and total by name, how many spans, and what was outside of any', async () => {
    const answer = await spansOf(await collectorWith(...pages()));
    expect(answer).toEqual({
      attribution: 'context',
      contextShare: 1,
      cpuMs: 100,
      route: null,
      contextChunks: 1,
      spans: [
        { name: 'GET /api/busy', spans: 1, selfMs: 45, totalMs: 45, share: 0.45 },
        { name: 'Page /blog/[slug]', spans: 2, selfMs: 40, totalMs: 40, share: 0.4 },
        { name: 'GET /blog/[slug]', spans: 2, selfMs: 5, totalMs: 45, share: 0.05 },
      ],
      unknownMs: 0,
      unattributed: {
        cpuMs: 10,
        share: 0.1,
        topFunction: { name: 'parse', kind: 'app', file: '/app/code.ts', line: 4, column: 1, selfMs: 10 },
      },
    });
  });

  test('of a route is that of the spans below its requests; the unattributed stays that of all', async () => {
    const answer = await spansOf(await collectorWith(...pages()), `?route=${encodeURIComponent('/blog/[slug]')}`);
    expect(answer).toMatchObject({ route: '/blog/[slug]', cpuMs: 45, unattributed: { cpuMs: 10, share: 0.1 } });
    expect(table(answer)).toEqual([
      ['Page /blog/[slug]', 2, 40, 40, 0.8889],
      ['GET /blog/[slug]', 2, 5, 45, 0.1111],
    ]);
  });

  test('names a span as it was sent, else as its chunk does, else says that it was not received', async () => {
    const root = request('/a');
    const below = (id: string, more: Partial<ChunkSpan> = {}): ChunkSpan => ({
      trace_id: root.trace_id,
      span_id: id.repeat(16),
      parent: inChunk(root, { name: 'another name' }),
      ...more,
    });
    const collector = await collectorWith(
      context([0, ['f'], below('1', { name: 'fetch' }), 4], [1, ['f'], below('2'), 2]),
      spanItem(root),
    );
    expect(table(await spansOf(collector))).toEqual([
      ['fetch', 1, 4, 4, 0.6667],
      ['(not received)', 1, 2, 2, 0.3333],
      ['GET /a', 1, 0, 6, 0],
    ]);
  });

  test('takes the name from whichever chunk knows it, and counts a span of several chunks once', async () => {
    const ids = { trace_id: newId(), span_id: newId().slice(0, 16) };
    const answer = await spansOf(
      await collectorWith(
        context([0, ['f'], ids, 4], [1, ['f'], ids, 2]),
        context([10, ['f'], { ...ids, name: 'nightly job' }, 1], [11, ['f'], { ...ids, name: 'nightly job' }, 1]),
      ),
    );
    expect(table(answer)).toEqual([['nightly job', 1, 8, 8, 1]]);
  });

  test('counts a span below one of the same name once in the total', async () => {
    const root = { trace_id: newId(), span_id: 'a'.repeat(16), name: 'step' };
    const inner: ChunkSpan = { trace_id: root.trace_id, span_id: 'b'.repeat(16), name: 'step', parent: root };
    const answer = await spansOf(await collectorWith(context([0, ['f'], inner, 4], [1, ['f'], root, 2])));
    expect(table(answer)).toEqual([['step', 2, 6, 6, 1]]);
  });

  test('survives chunks that contradict each other about who is whose parent', async () => {
    const a: ChunkSpan = { trace_id: newId(), span_id: 'a'.repeat(16), name: 'a' };
    const b: ChunkSpan = { ...a, span_id: 'b'.repeat(16), name: 'b' };
    const answer = await spansOf(
      await collectorWith(
        context([0, ['f'], { ...a, parent: b }, 1], [1, ['f'], { ...a, parent: b }, 1]),
        context([10, ['f'], { ...b, parent: a }, 1], [11, ['f'], { ...b, parent: a }, 1]),
      ),
    );
    expect(table(answer)).toEqual([
      ['b', 1, 2, 4, 0.5],
      ['a', 1, 2, 2, 0.5],
    ]);
  });

  test('says how much is of chunks that do not know their spans', async () => {
    const lines = [
      [20, ['f']],
      [20.05, ['f']],
      [20.1, []],
    ] as Parameters<typeof chunkOf>[0];
    const collector = await collectorWith(...pages(), chunkItem(chunkOf(lines, { profiler_id: PROFILER })));
    const answer = await spansOf(collector);
    expect(answer).toMatchObject({ attribution: 'mixed', contextShare: 0.5, cpuMs: 200, unknownMs: 100 });
    expect(answer.unattributed).toMatchObject({ cpuMs: 10, share: 0.05 });
  });

  test('has the samples of the range only', async () => {
    const query = `?from=${(T0 + 1) * 1000}&to=${(T0 + 2) * 1000}`;
    expect(table(await spansOf(await collectorWith(...pages()), query))).toEqual([
      ['Page /blog/[slug]', 1, 30, 30, 1],
      ['GET /blog/[slug]', 1, 0, 30, 0],
    ]);
  });

  test('of an unknown route is 404 and says where the known ones are', async () => {
    const answer = await (await openCollector()).get('/api/v1/spans?route=/nope');
    expect(answer).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/'\/nope'.*\/api\/v1\/routes/) },
    });
  });
});
