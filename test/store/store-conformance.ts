import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProfileChunk } from '../../src/profile/types.ts';
import type { FoundSpan, ProfileStore, SpanId, StoredChunk } from '../../src/store/profile-store.ts';
import type { Selection, StoreRange } from '../../src/store/selection.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { describeRanges } from './range-conformance.ts';
import { describeRollups } from './rollup-conformance.ts';
import { requestOf } from './span-of.ts';
import { describeWriters } from './writer-conformance.ts';

const EVERYTHING: StoreRange = { fromMicros: 0, toMicros: 9e15 };
const range = (from: number, to: number): StoreRange => ({ fromMicros: (T0 + from) * 1e6, toMicros: (T0 + to) * 1e6 });

/** A chunk from second `from` to second `to` after `T0`. */
function stored(from: number, to: number, more: Partial<ProfileChunk> = {}, projectId = '1'): StoredChunk {
  const chunk = chunkOf(
    [
      [from, ['burn']],
      [to, ['burn']],
    ],
    more,
  );
  return { projectId, startMicros: (T0 + from) * 1e6, endMicros: (T0 + to) * 1e6, chunk };
}

async function chunksOf(store: ProfileStore, within: Selection = EVERYTHING): Promise<StoredChunk[]> {
  const found: StoredChunk[] = [];
  for await (const chunk of store.chunks(within)) found.push(chunk);
  return found;
}

async function spansOf(store: ProfileStore, ids: readonly SpanId[]): Promise<FoundSpan[]> {
  const found: FoundSpan[] = [];
  for await (const span of store.spans(ids)) found.push(span);
  return found;
}

/**
 * What every store promises.
 *
 * @param open opens the same, at first empty, store each time within one test
 */
export function describeStore(name: string, open: () => Promise<ProfileStore>): void {
  describe(`${name} keeps the promises of a store`, () => {
    let store: ProfileStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    test('an empty store answers emptily', async () => {
      expect(await chunksOf(store)).toEqual([]);
      expect(await store.requests(EVERYTHING)).toEqual([]);
      expect(await store.status()).toMatchObject({
        chunks: 0,
        spans: 0,
        requests: 0,
        startMicros: null,
        endMicros: null,
      });
    });

    test('a chunk comes back as it went in, keys that only its producer knows included', async () => {
      const chunk = stored(0, 30, { release: 'a@1', ...{ next_profiling: { version: 1 }, '☃': ['x'] } } as never);
      await store.write({ chunks: [chunk], spans: [] });
      expect(await chunksOf(store)).toEqual([chunk]);
    });

    test('a chunk that was there already is not stored again; in another project it is another', async () => {
      const chunk = stored(0, 30);
      expect(await store.write({ chunks: [chunk, chunk], spans: [] })).toMatchObject({ chunks: 1, duplicateChunks: 1 });
      expect(await store.write({ chunks: [chunk], spans: [] })).toMatchObject({ chunks: 0, duplicateChunks: 1 });
      const later = { ...chunk, startMicros: chunk.startMicros + 1, endMicros: chunk.endMicros + 1 };
      expect(await store.write({ chunks: [later], spans: [] })).toMatchObject({ chunks: 0, duplicateChunks: 1 });
      expect(await store.write({ chunks: [{ ...chunk, projectId: '2' }], spans: [] })).toMatchObject({ chunks: 1 });
      expect(await chunksOf(store)).toHaveLength(2);
    });

    test('chunks come in time order, whatever order they arrived in', async () => {
      const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
      const chunks = [
        stored(60, 90, { profiler_id: b }),
        stored(0, 30, { profiler_id: b }),
        stored(30, 60, { profiler_id: a }),
      ];
      await store.write({ chunks, spans: [] });
      expect(
        (await chunksOf(store)).map(({ chunk, startMicros }) => [chunk.profiler_id, startMicros / 1e6 - T0]),
      ).toEqual([
        [b, 0],
        [a, 30],
        [b, 60],
      ]);
    });

    test('sessions are found with their times, the youngest first; imported chunks only by their session', async () => {
      const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
      const chunks: StoredChunk[] = [
        stored(0, 30, { profiler_id: a, release: 'x' }),
        stored(30, 60, { profiler_id: a, release: 'x' }),
        { ...stored(10, 900, { profiler_id: b }), kind: 'import', name: 'file.cpuprofile' },
      ];
      await store.write({ chunks, spans: [] });
      expect(await store.sessions(EVERYTHING)).toMatchObject([
        { profilerId: b, kind: 'import', name: 'file.cpuprofile', chunks: 1, release: null },
        { profilerId: a, kind: 'continuous', name: null, chunks: 2, release: 'x', sdk: 'test 1.0.0', platform: 'node' },
      ]);
      expect(await store.sessions({ ...range(0, 1), release: 'x' })).toMatchObject([
        { profilerId: a, chunks: 1, startMicros: T0 * 1e6, endMicros: (T0 + 30) * 1e6 },
      ]);
      expect(await chunksOf(store)).toHaveLength(2);
      expect(await chunksOf(store, { ...range(800, 801), profilerId: b })).toHaveLength(1);
      expect(await store.extent()).toEqual({ startMicros: T0 * 1e6, endMicros: (T0 + 60) * 1e6 });
    });

    test('what chunks say beside their samples is the same as in the chunks', async () => {
      const measurements = { cpu_usage: { unit: 'percent', values: [{ timestamp: T0, value: 7 }] } };
      const dropped = [{ reason: 'queue_full', chunks: 2, samples: 90, start: T0 - 60, end: T0 }];
      const said = { version: 1, sampling_interval_us: 1, end: 'stop', samples: 2, stall_ms: 3 } as const;
      const next_profiling = { ...said, dropped };
      await store.write({ chunks: [stored(0, 30, { measurements, next_profiling }), stored(30, 60)], spans: [] });
      const facts = [];
      for await (const one of store.chunkFacts(EVERYTHING)) facts.push(one);
      expect(facts).toMatchObject([
        { startMicros: T0 * 1e6, measurements, extension: { end: 'stop', stall_ms: 3, dropped } },
        { measurements: {}, extension: null },
      ]);
    });

    test('names are listed once, and a trace is found by its id', async () => {
      const spans = [requestOf('/b', 0, 1), requestOf('/a', 2, 3), requestOf('/b', 4, 5), requestOf(null, 6, 7)];
      await store.write({ chunks: [stored(0, 1, { release: 'x', environment: 'e' }), stored(1, 2)], spans });
      expect(await store.names()).toEqual({ releases: [null, 'x'], environments: [null, 'e'], routes: ['/a', '/b'] });
      const [first] = spans;
      expect(await store.trace(first?.traceId ?? '')).toEqual([first]);
      expect(await store.trace('0'.repeat(32))).toEqual([]);
    });

    test('a request longer than any chunk is found from its middle', async () => {
      const long = requestOf('/long', 0, 7_200);
      await store.write({ chunks: [], spans: [long, requestOf('/short', 0, 1)] });
      expect((await store.requests(range(3_600, 3_601))).map(({ route }) => route)).toEqual(['/long']);
    });

    test('a range finds what overlaps it and nothing else', async () => {
      await store.write({
        chunks: [stored(0, 10), stored(10, 20), stored(30, 40)],
        spans: [requestOf('/early', 0, 10), requestOf('/long', 0, 100), requestOf('/late', 30, 31)],
      });
      expect(await chunksOf(store, range(12, 25))).toHaveLength(1);
      expect(await chunksOf(store, range(20, 30))).toHaveLength(2);
      expect((await store.requests(range(12, 25))).map(({ route }) => route)).toEqual(['/long']);
    });

    test('only root spans of requests are requests; every span is kept', async () => {
      await store.write({
        chunks: [],
        spans: [
          requestOf('/a', 0, 1),
          requestOf('/boot', 0, 1, { isRequest: false }),
          requestOf('/b', 2, 3, { isSegment: false, isRequest: false }),
        ],
      });
      expect(await store.requests(EVERYTHING)).toHaveLength(1);
      expect(await store.status()).toMatchObject({ spans: 3, requests: 1 });
    });

    test('a request without route takes the first that a child named, even one that arrived later', async () => {
      const root = requestOf(null, 0, 9, { name: 'GET' });
      const child = (route: string, at: number) =>
        requestOf(route, at, at + 1, {
          traceId: root.traceId,
          segmentId: root.spanId,
          isSegment: false,
          isRequest: false,
        });
      await store.write({ chunks: [], spans: [root] });
      expect(await store.requests(EVERYTHING)).toMatchObject([{ route: null }]);
      await store.write({ chunks: [], spans: [child('/_error', 5), child('/blog/[slug]', 1)] });
      expect(await store.requests(EVERYTHING)).toMatchObject([{ route: '/blog/[slug]' }]);
    });

    test('a request says what it is attributed by', async () => {
      const profilerId = newId();
      const span = requestOf('/a', 0, 1, { profilerId, threadId: '7', attributes: { 'url.path': '/a/1' } });
      await store.write({ chunks: [], spans: [span] });
      expect(await store.requests(EVERYTHING)).toEqual([
        {
          projectId: '1',
          traceId: span.traceId,
          spanId: span.spanId,
          name: 'GET /a',
          route: '/a',
          urlPath: '/a/1',
          startMicros: T0 * 1e6,
          endMicros: (T0 + 1) * 1e6,
          profilerId,
          threadId: '7',
          release: null,
          environment: null,
        },
      ]);
    });

    test('spans are found by all three of their ids, and say whether they are requests', async () => {
      const request = requestOf(null, 0, 1);
      const child = requestOf('/a', 0, 1, {
        traceId: request.traceId,
        segmentId: request.spanId,
        isSegment: false,
        isRequest: false,
        name: 'render',
      });
      await store.write({ chunks: [], spans: [request, child] });
      const elsewhere = { ...child, projectId: '2' };
      const otherTrace = { ...child, traceId: newId() };
      expect(await spansOf(store, [child, elsewhere, otherTrace, request])).toMatchObject([
        { spanId: child.spanId, name: 'render', route: '/a', isRequest: false },
        { spanId: request.spanId, route: '/a', isRequest: true, startMicros: T0 * 1e6 },
      ]);
      expect(await spansOf(store, [])).toEqual([]);
    });

    test('many spans at once are found too', async () => {
      const spans = Array.from({ length: 1_201 }, (_, index) => requestOf(`/${index}`, 0, 1));
      await store.write({ chunks: [], spans });
      const found = await spansOf(store, spans);
      expect(found.map(({ route }) => route)).toEqual(spans.map(({ route }) => route));
    });

    test('a span that was there already is not stored again', async () => {
      const span = requestOf('/a', 0, 1);
      await store.write({ chunks: [], spans: [span, span] });
      expect(await store.write({ chunks: [], spans: [span] })).toMatchObject({ spans: 0 });
      expect(await store.status()).toMatchObject({ spans: 1 });
    });

    test('a batch with something that cannot be stored leaves nothing behind', async () => {
      const broken = { ...requestOf('/a', 0, 1), name: undefined as never };
      await expect(
        store.write({ chunks: [stored(0, 1)], spans: [requestOf('/a', 0, 1), broken] }),
      ).rejects.toMatchObject({ code: 'NP_STORE' });
      expect(await store.status()).toMatchObject({ chunks: 0, spans: 0 });
      await store.write({ chunks: [stored(0, 1)], spans: [] });
      expect(await store.status()).toMatchObject({ chunks: 1 });
    });

    test('what was written is there for others at once, and after closing', async () => {
      const other = await open();
      await store.write({ chunks: [stored(0, 30)], spans: [] });
      expect(await chunksOf(other)).toHaveLength(1);
      await other.write({ chunks: [stored(30, 60)], spans: [] });
      await other.close();
      expect(await store.status()).toMatchObject({ chunks: 2, startMicros: T0 * 1e6, endMicros: (T0 + 60) * 1e6 });
    });

    test('closing twice is no trouble, using it afterwards is a clear error', async () => {
      const other = await open();
      await other.close();
      await other.close();
      await expect(other.status()).rejects.toMatchObject({ code: 'NP_STORE' });
    });
  });

  describeWriters(name, open);
  describeRanges(name, open);
  describeRollups(name, open);
}
