import { describe, expect, test } from 'vitest';
import type { SeriesAnswer, SessionsAnswer, TimelineAnswer } from '../../src/collector/api-profile-types.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const PROFILER = newId();
const request = (route: string, from: number, to: number) =>
  requestSpan(route, from, to, { 'sentry.profiler_id': PROFILER, 'thread.id': '0' });
const context = (...lines: ContextLine[]) => chunkItem(contextChunk(lines, { profiler_id: PROFILER }));

async function collectorWith(...items: [object, unknown][]) {
  const collector = await openCollector();
  expect((await collector.post(envelopeOf(...items))).status).toBe(200);
  return async <T>(path: string): Promise<T> => {
    const { status, body } = await collector.get(path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
}

/** A thread's samples with their stacks spelled out, leaf last; `-` is idle. */
function read({ frames, stacks, threads, spans, fromMs }: TimelineAnswer, thread = threads[0]?.thread) {
  const pathOf = (node: number): string => {
    if (node === -1) return '-';
    const parent = stacks.parent[node] ?? -1;
    return `${parent === -1 ? '' : `${pathOf(parent)};`}${frames.name[stacks.frame[node] ?? -1]}`;
  };
  const { samples } = threads.find((candidate) => candidate.thread === thread) ?? expect.fail(`no thread ${thread}`);
  return samples.timeMicros.map((micros, index) => [
    Math.round(fromMs * 1e3 - T0 * 1e6 + micros) / 1e6,
    pathOf(samples.stack[index] ?? -1),
    samples.wallMicros[index],
    samples.cpuMicros[index],
    spans[samples.span[index] ?? -1]?.name ?? null,
  ]);
}

describe('samples in the order of time', () => {
  const busy = request('/busy', 0, 3);
  const page = spanOf({ name: 'Page /busy', from: 0.5, to: 3, parent: busy });
  const lines: ContextLine[] = [
    [0, ['route', 'main'], inChunk(busy), 1],
    [1, ['page', 'main'], { ...inChunk(page), parent: inChunk(busy) }, 2],
    [2, ['timer'], null, 4],
    [3, [], null, 0],
  ];
  const later = contextChunk(
    [
      [10, ['route', 'main'], inChunk(busy), 8],
      [11, [], null, 0],
      [12, ['x'], null, 1],
    ],
    { profiler_id: PROFILER },
  );

  test('of several chunks, with their spans and both weights', async () => {
    const get = await collectorWith(chunkItem(later), context(...lines), spanItem(busy, page));
    const answer = await get<TimelineAnswer>('/api/v1/timeline');
    expect(read(answer)).toEqual([
      [0, 'main;route', 1e6, 1_000, 'GET /busy'],
      [1, 'main;page', 1e6, 2_000, 'Page /busy'],
      [2, 'timer', 1e6, 4_000, null],
      [3, '-', 0, 0, null],
      [10, 'main;route', 1e6, 8_000, 'GET /busy'],
      [11, '-', 1e6, 0, null],
      [12, 'x', 0, 1_000, null],
    ]);
    expect(answer).toMatchObject({ fromMs: T0 * 1e3, toMs: (T0 + 12) * 1e3, truncatedSamples: 0 });
    expect(answer.threads).toMatchObject([{ session: PROFILER, thread: '0', name: 'main', cpuMs: 16 }]);
    expect(answer.spans).toMatchObject([
      { name: 'GET /busy', parent: -1, route: '/busy', startMs: T0 * 1e3, endMs: (T0 + 3) * 1e3, cpuMs: 9 },
      { name: 'Page /busy', parent: 0, startMs: (T0 + 0.5) * 1e3, cpuMs: 2 },
    ]);
  });

  test.each([
    [`trace=${busy.trace_id}`, ['main;route', 'main;page', 'main;route']],
    [`span=${page.span_id}`, ['main;page']],
    ['route=/busy', ['main;route', 'main;page', 'main;route']],
    [`from=${(T0 + 1.5) * 1e3}&to=${(T0 + 3.5) * 1e3}`, ['main;page', 'timer', '-']],
  ])('narrowed down by %s', async (query, expected) => {
    const get = await collectorWith(chunkItem(later), context(...lines), spanItem(busy, page));
    expect(read(await get(`/api/v1/timeline?${query}`)).map(([, path]) => path)).toEqual(expected);
  });

  test('a route that nobody asked for has none', async () => {
    const get = await collectorWith(context(...lines), spanItem(busy, page));
    expect((await get<TimelineAnswer>('/api/v1/timeline?route=/none')).threads).toEqual([]);
  });

  test('threads lie beside each other, most CPU first', async () => {
    const chunk = chunkOf([
      [0, ['a'], '0'],
      [0.5, ['b'], '7'],
      [1, ['a'], '0'],
      [4, ['b'], '7'],
    ]);
    chunk.profile.thread_metadata['7'] = { name: 'worker' };
    const get = await collectorWith(chunkItem(chunk));
    const answer = await get<TimelineAnswer>('/api/v1/timeline');
    expect(answer.threads.map(({ name, cpuMs }) => [name, cpuMs])).toEqual([
      ['worker', 3_500],
      ['main', 1_000],
    ]);
    expect(read(answer, '7').map(([at]) => at)).toEqual([0.5, 4]);
  });
});

describe('what chunks measure', () => {
  const measured = (from: number, values: number[]) =>
    chunkOf(
      [
        [from, ['a']],
        [from + 30, ['a']],
      ],
      {
        profiler_id: PROFILER,
        measurements: {
          cpu_usage: {
            unit: 'percent',
            values: values.map((value, index) => ({ timestamp: T0 + from + index, value })),
          },
        },
      },
    );

  test('comes as one series per session, with the chunks and the gaps between them', async () => {
    const get = await collectorWith(chunkItem(measured(60, [5, 6])), chunkItem(measured(0, [1, 2, 3])));
    const answer = await get<SeriesAnswer>('/api/v1/series');
    expect(answer.series).toEqual([
      {
        name: 'cpu_usage',
        unit: 'percent',
        session: PROFILER,
        timesMs: [0, 1, 2, 60, 61].map((at) => (T0 + at) * 1e3),
        values: [1, 2, 3, 5, 6],
      },
    ]);
    expect(answer.markers.map(({ kind, timeMs, untilMs }) => [kind, timeMs / 1e3 - T0, untilMs / 1e3 - T0])).toEqual([
      ['chunk', 0, 30],
      ['gap', 30, 60],
      ['chunk', 60, 90],
    ]);
  });

  test('is marked where chunks were dropped, as the next one tells, in whatever range is asked for', async () => {
    const drop = (reason: string, from: number, to: number, samples = 900) => ({
      ...{ reason, chunks: 1, samples, start: T0 + from, end: T0 + to },
    });
    const dropped: unknown[] = [drop('queue_full', 30, 60), drop('ring_full', 55, 60, 1), drop('of tomorrow', 40, 41)];
    dropped.push(null, 'queue_full', drop('backwards', 60, 30), { ...drop('huge', 1, 2), samples: 1e300 });
    const next_profiling = { version: 1, end: 'stop', dropped } as never;
    const get = await collectorWith(
      chunkItem(measured(0, [1])),
      chunkItem({ ...measured(60, [2]), next_profiling }),
      chunkItem({ ...measured(200, [3]), next_profiling: { version: 1, end: 'stop', dropped: 'all' } as never }),
    );
    const drops = async (range: string) =>
      (await get<SeriesAnswer>(`/api/v1/series${range}`)).markers
        .filter(({ kind }) => kind === 'drop')
        .map(({ timeMs, untilMs, detail }) => [timeMs / 1e3 - T0, untilMs / 1e3 - T0, detail]);
    const all = [
      [30, 60, '1 chunk with 900 samples lost: too many were waiting for an answer'],
      [55, 60, '1 chunk with 1 sample lost: the event loop was blocked for too long'],
      [40, 41, '1 chunk with 900 samples lost: of tomorrow'],
    ];
    expect(await drops('')).toEqual(all);
    expect(await drops(`?session=${PROFILER}`)).toEqual(all);
    const range = (from: number, to: number) => `?from=${(T0 + from) * 1e3}&to=${(T0 + to) * 1e3}`;
    expect(await drops(range(0, 35))).toEqual([all[0]]);
    expect(await drops(range(70, 90))).toEqual([]);
    const { markers, toMs } = await get<SeriesAnswer>(`/api/v1/series${range(0, 35)}`);
    expect(markers.filter(({ kind }) => kind === 'chunk')).toHaveLength(1);
    expect(toMs / 1e3 - T0).toBe(30);
  });

  test('thinned out keeps the peaks', async () => {
    const values = Array.from({ length: 100 }, (_, index) => (index === 41 ? 99 : index % 3));
    const get = await collectorWith(chunkItem(measured(0, values)));
    const { series } = await get<SeriesAnswer>('/api/v1/series?points=10');
    expect(series[0]?.values).toHaveLength(10);
    expect(Math.max(...(series[0]?.values ?? []))).toBe(99);
  });

  test('of a range only', async () => {
    const get = await collectorWith(chunkItem(measured(0, [1, 2, 3])));
    const { series } = await get<SeriesAnswer>(`/api/v1/series?from=${(T0 + 1) * 1e3}&to=${(T0 + 1.5) * 1e3}`);
    expect(series[0]?.values).toEqual([2]);
  });
});

describe('sessions', () => {
  test('are listed, the youngest first; the threads of one on demand', async () => {
    const other = newId();
    const get = await collectorWith(
      context([0, ['a'], null, 1], [1, ['a'], null, 2]),
      chunkItem(
        chunkOf(
          [
            [50, ['b']],
            [51, ['b']],
          ],
          { profiler_id: other, release: 'app@2', platform: 'node' },
        ),
      ),
      chunkItem(
        chunkOf(
          [
            [70, ['b']],
            [71, ['b']],
          ],
          { profiler_id: other, release: 'app@2', platform: 'node' },
        ),
      ),
    );
    const { sessions } = await get<SessionsAnswer>('/api/v1/sessions');
    expect(sessions).toMatchObject([
      {
        session: other,
        chunks: 2,
        release: 'app@2',
        sdk: 'test 1.0.0',
        kind: 'continuous',
        startMs: (T0 + 50) * 1e3,
        endMs: (T0 + 71) * 1e3,
        threads: null,
      },
      { session: PROFILER, chunks: 1, release: null },
    ]);
    expect((await get<SessionsAnswer>(`/api/v1/sessions?session=${PROFILER}`)).sessions).toMatchObject([
      { session: PROFILER, threads: [{ thread: '0', name: 'main', samples: 2, cpuMs: 3 }] },
    ]);
    expect(await get('/api/v1/sessions?limit=1')).toMatchObject({ sessions: [{ session: other }], more: 1 });
  });

  test('and what else there is to choose from', async () => {
    const get = await collectorWith(
      chunkItem(
        chunkOf(
          [
            [0, ['b']],
            [1, ['b']],
          ],
          { release: 'app@2', environment: 'production' },
        ),
      ),
      chunkItem(
        chunkOf([
          [0, ['b']],
          [1, ['b']],
        ]),
      ),
      spanItem(request('/b', 0, 1), request('/a', 0, 1), request('/b', 2, 3)),
    );
    expect(await get('/api/v1/filters')).toEqual({
      releases: ['', 'app@2'],
      environments: ['', 'production'],
      routes: ['/a', '/b'],
      fromMs: T0 * 1e3,
      toMs: (T0 + 3) * 1e3,
      sentryUrl: null,
    });
  });
});
