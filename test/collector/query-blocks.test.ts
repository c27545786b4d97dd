import { describe, expect, test } from 'vitest';
import type { BlocksAnswer } from '../../src/collector/api-trace-types.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ChunkSpan, type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const PROFILER = newId();
/** Of the chunks of tests, seconds. */
const INTERVAL = 0.010_101;
const request = (route: string, from: number, to: number) =>
  requestSpan(route, from, to, { 'sentry.profiler_id': PROFILER, 'thread.id': '0' });

/** A sample per interval from `from` on, each fully busy. */
const busy = (from: number, samples: number, span: ChunkSpan | null, functions = ['burn', 'main']): ContextLine[] =>
  Array.from({ length: samples }, (_, index) => [from + index * INTERVAL, functions, span, INTERVAL * 1e3]);

const context = (...lines: ContextLine[]): ProfileChunk => contextChunk(lines, { profiler_id: PROFILER });

async function blocksOf(items: [object, unknown][], query = ''): Promise<BlocksAnswer> {
  const collector = await openCollector();
  expect((await collector.post(envelopeOf(...items))).status).toBe(200);
  const { status, body } = await collector.get(`/api/v1/blocks${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe('a run of one request on the loop', () => {
  test('has its length, function, stack and those who waited, wherever between two samples it began', async () => {
    // 300 ms from 0.503 to 0.803; the samples do not know that.
    const blocker = request('/block', 0.503, 0.803);
    const waiting = [request('/wait', 0.4, 0.9), request('/wait', 0.45, 1)];
    const over = request('/light', 0.4, 0.45);
    const queued = request('/light', 0.8035, 0.805);
    const later = request('/light', 0.95, 0.96);
    const lines = [
      ...busy(0.4, 3, null, ['idle work']),
      [0.4995, [], null, 0] as ContextLine,
      ...busy(0.5096, 27, inChunk(blocker)),
      ...busy(0.5096 + 27 * INTERVAL, 2, inChunk(blocker), ['tail', 'main']),
      [0.5096 + 29.5 * INTERVAL, [], null, 0] as ContextLine,
    ];
    const { blocks, contextChunks } = await blocksOf([
      chunkItem(context(...lines)),
      spanItem(blocker, ...waiting, over, queued, later),
    ]);
    expect(contextChunks).toBe(1);
    expect(blocks).toHaveLength(1);
    const [block] = blocks;
    expect(Math.abs((block?.durationMs ?? 0) - 300)).toBeLessThan(10);
    expect(block?.startMs).toBeGreaterThanOrEqual((T0 + 0.503) * 1e3);
    expect(block).toMatchObject({
      route: '/block',
      name: 'GET /block',
      session: PROFILER,
      traceId: blocker.trace_id,
      spanId: blocker.span_id,
      function: { name: 'burn', file: '/app/code.ts', kind: 'app' },
      stack: [{ name: 'burn' }, { name: 'main' }],
      samples: 29,
      inFlight: 2,
      queued: 1,
      inFlightRequests: [{ route: '/wait' }, { route: '/wait' }, { route: '/light' }],
    });
    expect(block?.cpuMs).toBeCloseTo(29 * INTERVAL * 1e3, 0);
  });

  test('goes on from one lane to its session’s next chunk', async () => {
    const blocker = request('/block', 0, 1);
    const first = context(...busy(0.001, 10, inChunk(blocker)));
    const second = context(...busy(0.001 + 10 * INTERVAL, 10, inChunk(blocker)));
    const { blocks } = await blocksOf([chunkItem(second), chunkItem(first), spanItem(blocker)]);
    expect(blocks.map(({ samples }) => samples)).toEqual([20]);
  });

  test.each<[string, ContextLine[]]>([
    ['idleness', [[0.1 + 9.5 * INTERVAL, [], null, 0]]],
    ['another request', busy(0.1 + 9.5 * INTERVAL, 1, { trace_id: newId(), span_id: 'a'.repeat(16), route: '/other' })],
    ['work outside of any span', busy(0.1 + 9.5 * INTERVAL, 1, null)],
  ])('ends with %s', async (_, between) => {
    const blocker = request('/block', 0, 1);
    const lines = [...busy(0.1, 10, inChunk(blocker)), ...between, ...busy(0.1 + 10 * INTERVAL, 5, inChunk(blocker))];
    const { blocks } = await blocksOf([chunkItem(context(...lines)), spanItem(blocker)]);
    expect(blocks.map(({ samples }) => samples)).toEqual([10, 5]);
  });

  test('ends where the sampler slept', async () => {
    const blocker = request('/block', 0, 1);
    const lines = [...busy(0.1, 4, inChunk(blocker)), ...busy(0.5, 3, inChunk(blocker))];
    const { blocks } = await blocksOf([chunkItem(context(...lines)), spanItem(blocker)]);
    expect(blocks.map(({ samples }) => samples)).toEqual([4, 3]);
  });

  test('ends where another request began or ended, too briefly for a sample', async () => {
    const blocker = request('/yields', 0, 1);
    const light = request('/light', 0.1 + 4.3 * INTERVAL, 0.1 + 4.4 * INTERVAL);
    const lines = busy(0.1, 10, inChunk(blocker));
    const { blocks } = await blocksOf([chunkItem(context(...lines)), spanItem(blocker, light)]);
    expect(blocks.map(({ samples }) => samples)).toEqual([5, 5]);
  });

  test('is the loop’s, not a lane’s: lanes that take turns are no block of either', async () => {
    const [a, b] = [request('/a', 0, 1), request('/b', 0, 1)];
    const turns = Array.from({ length: 20 }, (_, index) => busy(0.1 + index * INTERVAL, 1, inChunk(index % 2 ? a : b)));
    const chunk = context(...turns.flat());
    // Each sample also closes the other lane's silence, at the same moment.
    const lanes = chunk.profile.samples.map((sample, index) => ({ ...sample, thread_id: index % 2 ? '1001' : '1002' }));
    const { sample_spans = [], sample_cpu_us = [] } = chunk.next_profiling ?? {};
    const closing = chunk.profile.stacks.push([]) - 1;
    chunk.profile.samples = lanes.flatMap((sample, index) => [
      ...(index === 0 ? [] : [{ ...sample, stack_id: closing, thread_id: lanes[index - 1]?.thread_id ?? '' }]),
      sample,
    ]);
    const twice = (values: number[], other: number) =>
      values.flatMap((value, index) => (index === 0 ? [value] : [other, value]));
    Object.assign(chunk.next_profiling ?? {}, {
      sample_spans: twice(sample_spans, -1),
      sample_cpu_us: twice(sample_cpu_us, 0),
    });
    chunk.profile.thread_metadata = { '1001': { name: 'main · lane 1' }, '1002': { name: 'main · lane 2' } };
    expect((await blocksOf([chunkItem(chunk), spanItem(a, b)])).blocks).toEqual([]);
  });
});

describe('blocks', () => {
  const [short, long] = [request('/short', 0, 1), request('/long', 1, 3)];
  const items = [
    chunkItem(
      context(...busy(0.1, 5, inChunk(short)), [0.2, [], null, 0], ...busy(1.1, 50, inChunk(long)), [1.9, [], null, 0]),
    ),
    spanItem(short, long),
  ];

  test.each([
    ['', ['/long', '/short']],
    ['?limit=1', ['/long']],
    ['?route=/short', ['/short']],
    [`?trace=${short.trace_id}`, ['/short']],
  ])('%s come longest first', async (query, expected) => {
    expect((await blocksOf(items, query)).blocks.map(({ route }) => route)).toEqual(expected);
  });

  test('cannot be told where samples do not know their span', async () => {
    const chunk = chunkOf([
      [0, ['a']],
      [1, ['a']],
    ]);
    expect(await blocksOf([chunkItem(chunk)])).toEqual({ contextChunks: 0, blocks: [] });
  });
});
